import NPYCrop

/// A way to crop, with all that it needs at hand.
protocol CountedCrop {
  /// Makes the crop that has a number from 0 to 15.
  mutating func run(_ number: Int) throws
}

/// Into memory that is used again.
struct IntoBuffer<Source: CroppableArray>: CountedCrop {
  let array: Source
  let regions: [Region]
  var output: [Source.Item]

  init(_ array: Source, _ regions: [Region], filledWith item: Source.Item) throws {
    self.array = array
    self.regions = regions
    let plan = try array.plan(regions[0])
    let count = Source.Item.self == UInt8.self ? plan.byteCount : plan.elementCount
    output = [Source.Item](repeating: item, count: count)
  }

  mutating func run(_ number: Int) throws {
    try array.cropRegion(regions[number], into: &output)
  }
}

/// The same, of an array whose type is said in the call.
struct TypeSaid: CountedCrop {
  let array: NPYArray
  let regions: [Region]
  var output: [Float]

  mutating func run(_ number: Int) throws {
    try array.cropRegion(regions[number], as: Float.self, into: &output)
  }
}

/// The same, with a region that is made for the crop.
struct RegionMade: CountedCrop {
  let array: TypedNPYArray<Float>
  let origins: [[Int]]
  let size: [Int]
  var output: [Float]

  mutating func run(_ number: Int) throws {
    try array.cropRegion(Region(origin: origins[number], size: size), into: &output)
  }
}

/// By plans that were kept.
struct Planned: CountedCrop {
  let array: TypedNPYArray<Float>
  let plans: [CropPlan]
  var output: [Float]

  mutating func run(_ number: Int) throws {
    try array.cropRegion(plans[number], into: &output)
  }
}

/// With memory of its own: elements, or bytes.
struct Allocated<Source: CroppableArray>: CountedCrop {
  let array: Source
  let regions: [Region]
  var last: Source.Window?

  init(_ array: Source, _ regions: [Region]) {
    (self.array, self.regions) = (array, regions)
  }

  mutating func run(_ number: Int) throws {
    last = try array.cropRegion(regions[number])
  }
}

/// All regions in one batch.
struct Batch: CountedCrop {
  let array: TypedNPYArray<Float>
  let regions: [Region]
  var output: [Float]

  mutating func run(_ number: Int) throws {
    try array.cropRegions(regions, into: &output)
  }
}

/// Open, crop and close in one call.
struct OneCall: CountedCrop {
  let path: String
  let regions: [Region]
  var last: Crop<Float>?

  mutating func run(_ number: Int) throws {
    last = try cropRegion(regions[number], of: path, as: Float.self)
  }
}

/// Open, crop and close, by positioned reads.
struct OpenedForReads: CountedCrop {
  let path: String
  let regions: [Region]
  var output: [Float]

  mutating func run(_ number: Int) throws {
    try NPYArray(path: path, access: .positionedReads)
      .cropRegion(regions[number], as: Float.self, into: &output)
  }
}

/// Open and close: the header is read, and nothing else.
struct Opened: CountedCrop {
  let path: String
  var last = 0

  mutating func run(_ number: Int) throws {
    last = try NPYArray(path: path).header.dataOffset
  }
}
