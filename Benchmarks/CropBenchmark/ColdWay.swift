import NPYCrop

/// How a crop gets at the bytes of a cold file.
enum ColdWay: String, CaseIterable {
  /// The library, told nothing.
  case defaults = "default"
  /// No library: a mapping, of which the kernel is told nothing, and `memcpy`. What is read besides
  /// is the kernel's own choice.
  case plainMapping = "plain-mapping"
  /// The library with a mapping of which the kernel reads only the pages that are touched.
  case randomMapping = "mapped-random"
  /// The library with `pread`.
  case positionedReads = "positioned-reads"

  var label: String {
    switch self {
    case .defaults: "crop"
    case .plainMapping: "mmap and memcpy, without NPYCrop"
    case .randomMapping: "crop, .mapped, advice .random"
    case .positionedReads: "crop, .positionedReads"
    }
  }

  /// Opens the file, crops, and closes it.
  @inline(__always)
  func crop(
    _ request: ColdRequest, of path: String, into output: inout [Float]
  ) throws(BenchmarkError) {
    switch self {
    case .defaults:
      try Self.crop(request, into: &output) { () throws(NPYError) in try NPYArray(path: path) }
    case .plainMapping:
      let mapping = try File(path, for: .reading).mapped()
      // The header of these files has its length in bytes 8 and 9.
      let dataOffset = try 10 + mapping.number(at: 8)
      try mapping.copy(request.byteRanges, from: dataOffset, into: &output)
    case .randomMapping:
      try Self.crop(request, into: &output) { () throws(NPYError) in
        try NPYArray(path: path, access: .mapped, advice: .random)
      }
    case .positionedReads:
      try Self.crop(request, into: &output) { () throws(NPYError) in
        try NPYArray(path: path, access: .positionedReads)
      }
    }
  }

  @inline(__always)
  private static func crop(
    _ request: ColdRequest, into output: inout [Float], of open: () throws(NPYError) -> NPYArray
  ) throws(BenchmarkError) {
    do {
      let array = try open().elements(as: Float.self)
      if request.regions.count == 1 {
        try array.cropRegion(request.regions[0], into: &output)
      } else {
        try array.cropRegions(request.regions, into: &output)
      }
    } catch {
      throw .array(error)
    }
  }
}
