import Testing

@testable import NPYCrop

/// Points, lists that are paired up, masks and long lists of indices: places that differ in nothing but where they are.
@Suite struct PlaceListTests {
  /// An array of `int32` whose elements are their own numbers in C order, in C or Fortran order in the file.
  private func numbered(
    _ folder: TemporaryFolder, _ shape: [Int], _ order: MemoryOrder = .c, isSwapped: Bool = false,
    access: Access = .automatic, name: String = "a.npy", budget: MemoryBudget? = nil
  ) throws -> NPYArray {
    let count = shape.reduce(1, *)
    var elements = [Int32](repeating: 0, count: count)
    for number in 0..<count {
      var (rest, index) = (number, [Int](repeating: 0, count: shape.count))
      for axis in shape.indices.reversed() {
        index[axis] = rest % shape[axis]
        rest /= shape[axis]
      }
      elements[order == .c ? number : offset(of: index, in: shape, order: .fortran)] = Int32(number)
    }
    let text = headerText(
      descr: isSwapped ? "'>i4'" : "'<i4'", order: order == .c ? "False" : "True",
      shape: tupleText(shape))
    let bytes = elements.flatMap { element in
      (0..<4).map {
        UInt8(truncatingIfNeeded: element >> Int32(8 * (isSwapped ? 3 - $0 : $0)))
      }
    }
    return try NPYArray(
      path: folder.file(name, npyBytes(header: text, data: bytes)), access: access,
      memoryBudget: budget)
  }

  private func points(_ count: Int, _ shape: [Int], seed: UInt64 = 5) -> [Int] {
    var random = SeededRandom(state: seed)
    return (0..<count).flatMap { _ in shape.map { Int.random(in: -$0..<$0, using: &random) } }
  }

  /// The numbers of the elements at points.
  private func numbers(_ points: [Int], _ shape: [Int]) -> [Int32] {
    stride(from: 0, to: points.count, by: shape.count).map { start in
      shape.indices.reduce(0) { number, axis in
        let index = points[start + axis]
        return number * Int32(shape[axis]) + Int32(index < 0 ? index + shape[axis] : index)
      }
    }
  }

  @Test(arguments: [Access.mapped, .positionedReads], [MemoryOrder.c, .fortran])
  func `points come in the order asked, repeats and negative coordinates among them`(
    access: Access, order: MemoryOrder
  ) throws {
    let folder = try TemporaryFolder()
    let shape = [7, 5, 9]
    for isSwapped in [false, true] {
      let array = try numbered(folder, shape, order, isSwapped: isSwapped, access: access)
      let points = points(1000, shape)
      let expected = numbers(points, shape)
      let crop = try array.cropRegion(.points(points, axes: 3), as: Int32.self)
      #expect(crop.shape == [1000] && crop.elements == expected)
      let columns = (0..<3).map { axis in stride(from: axis, to: 3000, by: 3).map { points[$0] } }
      #expect(
        try array.cropRegion(.points(columns[0], columns[1], columns[2]), as: Int32.self) == crop)
      // As bytes, converted, and in the caller's memory.
      #expect(try array.cropRegion(.points(points, axes: 3)).bytes.count == 4000)
      let converted = try array.converted(to: Double.self)
      #expect(
        try converted.cropRegion(.points(points, axes: 3)).elements == expected.map(Double.init))
      var output = [Int32](repeating: -1, count: 1000)
      try array.elements(as: Int32.self).cropRegion(.points(points, axes: 3), into: &output)
      #expect(output == expected)
      // A view that goes backwards has its own coordinates.
      let reversed = try array[.slice(by: -1), .all, .slice(by: -1)]
      let mirrored = points.enumerated().map { $0 % 3 == 1 ? $1 : -1 - $1 }
      #expect(try reversed.cropRegion(.points(mirrored, axes: 3), as: Int32.self) == crop)
    }
  }

  @Test func `axes without coordinates are taken whole, and a slice of them by their text`() throws
  {
    let folder = try TemporaryFolder()
    let array = try numbered(folder, [4, 5, 6])
    let crop = try array.cropRegion(.points([3, 0, 1], [-1, 2, 0]), as: Int32.self)
    #expect(crop.shape == [3, 6])
    #expect(crop.elements == Array(114..<120) + Array(12..<18) + Array(30..<36))
    let part = try array.cropRegion(
      Region(numpy: "::-2", after: .points([3, 0, 1], [-1, 2, 0])), as: Int32.self)
    #expect(part.shape == [3, 3] && part.elements == [119, 117, 115, 17, 15, 13, 35, 33, 31])
    let apart = try array.cropRegion(Region(numpy: ":, 0", after: .points([3, 0])), as: Int32.self)
    #expect(apart.shape == [2, 5] && apart.elements[1] == 96)
  }

  @Test func `literals pair up where NumPy does, and have the axes where NumPy has them`() throws {
    let folder = try TemporaryFolder()
    let array = try numbered(folder, [2, 3, 4])
    let cases: [(Region, String)] = [
      ([.paired([0, 1, 1]), .paired([2, 0, 0])], "[0,1,1], [2,0,0]"),
      ([.paired([1, 0]), .all, .paired([3, 0])], "[1,0], :, [3,0]"),
      ([.all, .paired([2, 0]), .paired([3, 0])], ":, [2,0], [3,0]"),
      ([.ellipsis, .paired([2, 0]), 1], "..., [2,0], 1"),
      ([0, .all, .paired([3, 1])], "0, :, [3,1]"),
      ([.paired([0, 1], shape: [2, 1]), .paired([2, 0])], "[[0],[1]], [2,0]"),
      ([.newAxis, .paired([0, 1]), .newAxis, .paired([1, 1])], "None, [0,1], None, [1,1]"),
      ([.mask([true, false]), .paired([2])], "[True,False], [2]"),
      ([.all, .mask([true, false, true]), .slice(by: -1)], ":, [True,False,True], ::-1"),
      (
        [.mask([true, false, true, false, false, true], shape: [2, 3])],
        "[[[True,False,True],[False,False,True]]]"
      ),
    ]
    for (region, text) in cases {
      for order in [MemoryOrder.c, .fortran] {
        let crop = try array.cropRegion(region, order: order)
        #expect(try crop == array.cropRegion(Region(numpy: text), order: order), "\(text)")
        // What the text says is what the literal says.
        #expect(try array.cropRegion(Region(numpy: region.description), order: order) == crop)
      }
    }
    // The product of lists keeps being one.
    let product = try array.cropRegion([.indices([1, 0]), .indices([2, 0])])
    #expect(product.shape == [2, 2, 4])
    #expect(try array.cropRegion(Region(numpy: "np.ix_([1, 0], [2, 0])")) == product)
    #expect(Region([.indices([1, 0]), .indices([2, 0])]).description == "np.ix_([1, 0], [2, 0])")
    // A list of a product stays in its place between lists that are paired up.
    let mixed = try array.cropRegion([.paired([1, 0]), .indices([2, 0]), .paired([3, 1])])
    #expect(mixed.shape == [2, 2])
  }

  @Test func `padding continues past the ends of lists, and tells what is the array's own`() throws
  {
    let folder = try TemporaryFolder()
    let array = try numbered(folder, [3, 4])
    let region: Region = .points([-1, 0, 2, 3, 1], [0, 3, 4, -2, 1])
    let typed = try array.elements(as: Int32.self)
    let constant = try typed.cropRegion(region, padding: .constant(-7))
    #expect(constant.elements == [-7, 3, -7, -7, 5])
    #expect(try constant.validMask() == [false, true, false, false, true])
    #expect(constant.validRegion == [.indices([1, 4])])
    let plan = try typed.plan(region, padding: .edge)
    #expect(try typed.cropRegion(plan).elements == [0, 3, 11, 8, 5])
    #expect(plan.validRegion == constant.validRegion)
    #expect(try typed.cropRegion(region, padding: .wrap).elements == [8, 3, 8, 2, 5])
    #expect(try typed.cropRegion(region, padding: .reflect).elements == [4, 3, 10, 6, 5])
    // Each axis has its own value, and the last that is outside counts.
    let values = try typed.cropRegion(region, padding: [.constant(-1), .constant(-2)])
    #expect(values.elements == [-1, 3, -2, -2, 5])
    // Of nested lists, in either order.
    for order in [MemoryOrder.c, .fortran] {
      let nested: Region = [.paired([0, 5], shape: [2, 1]), .paired([-1, 1, 3])]
      let crop = try typed.cropRegion(nested, padding: .constant(-1), order: order)
      #expect(crop[0, 0] == -1 && crop[0, 1] == 1 && crop[0, 2] == 3 && crop[1, 1] == -1)
      let mask = try crop.validMask()
      #expect(mask.count(where: { $0 }) == 2)
      #expect(mask == crop.elements.map { $0 >= 0 })
      let own = try #require(crop.validRegion)
      #expect(own == [.mask([false, true, true, false, false, false], shape: [2, 3])])
    }
    let all = try typed.cropRegion(.points([9, 9], [0, 0]), padding: .zeros)
    #expect(all.elements == [0, 0] && all.validRegion == nil)
  }

  @Test func `slabs, edges and tasks of lists are those of the whole`() async throws {
    let folder = try TemporaryFolder()
    let shape = [40, 30, 5]
    let array = try numbered(folder, shape, .fortran)
    let typed = try array.elements(as: Int32.self)
    let points = points(900, [40, 30])
    let columns = (0..<2).map { axis in stride(from: axis, to: 1800, by: 2).map { points[$0] } }
    let regions: [Region] = [
      .points(points, axes: 2),
      [
        .paired(columns[0].map { abs($0) % 40 }, shape: [30, 30]), .all,
        .paired([4, 2, 1].cycled(30)),
      ],
      [.indices(columns[0].map { abs($0) % 40 }), 3..<20],
      [.all, .mask((0..<150).map { $0 % 3 == 0 }, shape: [30, 5])],
    ]
    for region in regions {
      for (order, padding) in [(MemoryOrder.c, Padding.none), (.fortran, .constant(-1))] {
        let moved = padding == .none ? region : region.shifted
        let plan = try typed.plan(moved, padding: padding, order: order)
        let whole = try typed.cropRegion(plan)
        for limit in [1, 400, 3000] {
          if limit == 1, whole.elements.count > 5000 { continue }
          let parts = try plan.slabs(ofAtMost: limit).flatMap { try typed.cropRegion($0).elements }
          #expect(parts == whole.elements, "\(region) \(limit)")
        }
        let inTasks = try await typed.cropRegion(plan, parallelism: .tasks(4))
        #expect(inTasks == whole)
        let edges = try typed.cropRegion(plan.edgeItems(2))
        #expect(edges.shape == whole.shape.map { min($0, 4) })
        #expect(edges.elements.first == whole.elements.first)
        #expect(edges.elements.last == whole.elements.last)
        #expect(plan == plan.inFileOrder() || plan.inFileOrder().elementCount == plan.elementCount)
      }
    }
  }

  @Test func `windows at flat corners are one list, and the same as windows one by one`()
    async throws
  {
    let folder = try TemporaryFolder()
    for order in [MemoryOrder.c, .fortran] {
      let array = try numbered(folder, [20, 30, 4], order)
      var random = SeededRandom(state: 3)
      let corners = (0..<200).flatMap { _ in
        [Int.random(in: 0...15, using: &random), Int.random(in: 0...23, using: &random)]
      }
      let size = [5, 7]
      let regions = stride(from: 0, to: 400, by: 2).map {
        Region(origin: [corners[$0], corners[$0 + 1]], size: size)
      }
      for result in [MemoryOrder.c, .fortran] {
        let typed = try array.elements(as: Int32.self).ordered(result)
        let expected = try typed.cropRegions(regions)
        let batch = try typed.cropRegions(origins: corners, size: size)
        #expect(batch == expected)
        #expect(batch.shape == [200, 5, 7, 4])
        let plan = try typed.plan(.windows(at: corners, size: size))
        #expect(plan.parts?.list != nil && plan.windowCount == 200)
        #expect(try await typed.cropRegions(plan, parallelism: .tasks(3)) == expected)
        let slabs = try plan.slabs(ofAtMost: 5000).flatMap { try typed.cropRegions($0).elements }
        #expect(slabs == expected.elements)
        #expect(batch.validRegion(ofWindow: 7) == Region(origin: [0, 0, 0], size: [5, 7, 4]))
      }
      // One that is outside makes them windows of their own kinds, with the same results.
      let outside = corners + [-2, 28]
      let padded = try array.padded(.edge).cropRegions(origins: outside, size: size)
      #expect(padded.count == 201)
      let unpadded = try array.cropRegions(origins: corners, size: size)
      #expect(padded.bytes.prefix(unpadded.bytes.count) == unpadded.bytes[...])
      let error = #expect(throws: NPYError.self) {
        try array.cropRegions(origins: outside, size: size)
      }
      guard case .region(.inWindow(200, .sliceOutOfRange(axis: 0, _, _, _, _))) = error?.fault
      else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  @Test func `a cold list is asked for in the order of the file, near places in one request`()
    throws
  {
    let bytes = patternBytes(1 << 20)
    let header = try NPYHeader(
      version: nil, headerOffset: 0, dataOffset: 0, elementType: .uint8, shape: [1 << 20], order: .c
    )
    let indices = (0..<64).map { ($0 * 37 % 64) << 14 } + (0..<64).map { ($0 * 11 % 64) << 14 + 5 }
    for isLent in [true, false] {
      let source = MemorySource(bytes, isLent: isLent, isAtHand: false)
      let array = NPYArray(source: source, header: header)
      let crop = try array.cropRegion([.indices(indices)])
      #expect(crop.bytes == indices.map { bytes[$0] })
      let asked = source.taken()
      // 16 KiB apart and less: all of them are one stretch.
      #expect(asked.fetched == [0..<63 << 14 + 6])
      let far = (0..<32).map { ($0 * 13 % 32) << 15 } + [5, 5, 6]
      #expect(try array.cropRegion([.indices(far)]).bytes == far.map { bytes[$0] })
      let ranges = source.taken().fetched
      #expect(ranges.count == 32 && ranges == ranges.sorted { $0.lowerBound < $1.lowerBound })
      #expect(ranges.first == 0..<7)
    }
  }

  @Test func `a list is copied within a memory budget`() throws {
    let folder = try TemporaryFolder()
    let array = try numbered(
      folder, [300, 50, 10], access: .automatic, budget: .bytes(1 << 18))
    let points = points(500, [300, 50, 10])
    let crop = try array.cropRegion(.points(points, axes: 3), as: Int32.self)
    #expect(crop.elements == numbers(points, [300, 50, 10]))
  }

  @Test func `the cost of a list counts each page once`() throws {
    let folder = try TemporaryFolder()
    let array = try numbered(folder, [100, 1024])
    let rows = [7, 3, 7, 90, 3, 50] + [Int](repeating: 90, count: 40)
    let cost = try array.cost(of: array.plan([.indices(rows)]))
    #expect(cost.byteCount == rows.count * 4096 && cost.runCount == rows.count)
    #expect(cost.fileRanges.count == 4)
    let plan = try array.plan(.points(rows, [Int](repeating: 5, count: rows.count)))
    #expect(plan.fileRanges().count == 4 && plan.runCount == rows.count)
  }

  // MARK: - What is wrong

  @Test func `what is wrong with lists is an error that names the axis and the index`() throws {
    let folder = try TemporaryFolder()
    let array = try numbered(folder, [3, 4, 5])
    let cases: [(Region, RegionError)] = [
      (.points([0, 1, 2, 0], axes: 3), .pointCount(coordinates: 4, axes: 3)),
      (.points([0], axes: 0), .pointCount(coordinates: 1, axes: 0)),
      (.points([0], axes: -1), .pointCount(coordinates: 1, axes: -1)),
      (
        .points([Int](repeating: 0, count: 70), axes: 70), .tooManyAxes(selected: 70, available: 64)
      ),
      (.points([0, 0, 0, 0], axes: 4), .tooManyAxes(selected: 4, available: 3)),
      (.points([0, 1], [0]), .listShapes([[2], [1]])),
      (.points(), .pointCount(coordinates: 0, axes: 0)),
      (.points([0, 3], [0, 0]), .indexOutOfRange(axis: 0, index: 3, size: 3)),
      (.points([0, 0], [0, -5]), .indexOutOfRange(axis: 1, index: -5, size: 4)),
      (.points([0, .min], [0, 0]), .indexOutOfRange(axis: 0, index: .min, size: 3)),
      (.points([0, .max], [0, 0]), .indexOutOfRange(axis: 0, index: .max, size: 3)),
      ([.paired([-1])], .indexOutOfRange(axis: 0, index: -1, size: 3)),
      ([.paired([0, 1]), .paired([0, 1, 2])], .listShapes([[2], [3]])),
      ([.paired([0], shape: [2])], .listCount(axis: 0, shape: [2], found: 1)),
      (
        [.newAxis, 0, .ellipsis, .paired([0], shape: [2])],
        .listCount(axis: 2, shape: [2], found: 1)
      ),
      ([.paired([0], shape: [-1, -1])], .listCount(axis: 0, shape: [-1, -1], found: 1)),
      (
        [.paired([0], shape: [.max, .max])],
        .listCount(axis: 0, shape: [.max, .max], found: 1)
      ),
      ([.mask([true])], .maskShape(axis: 0, mask: [1], found: [3])),
      ([.mask([true], shape: [3])], .maskCount(shape: [3], found: 1)),
      ([.mask([], shape: [])], .maskCount(shape: [], found: 0)),
      ([.mask([true, true, true, true], shape: [3])], .maskCount(shape: [3], found: 4)),
      ([.mask([], shape: [-3])], .maskCount(shape: [-3], found: 0)),
      (
        [.mask([], shape: [3, 4, 5, 6])], .tooManyAxes(selected: 4, available: 3)
      ),
    ]
    for (region, expected) in cases {
      let error = #expect(throws: NPYError.self, "\(region)") { try array.plan(region) }
      #expect(error?.fault == .region(expected), "\(region)")
      #expect(!expected.description.isEmpty)
    }
    #expect(throws: RegionError.pairedClipping) {
      try Region.points([0], [0]).clipped(to: [3, 4, 5])
    }
    let batch = #expect(throws: NPYError.self) {
      try array.cropRegions([Region.points([0]), .points([1])])
    }
    #expect(batch?.fault == .region(.inWindow(0, .pairedInBatch)))
    let view = #expect(throws: NPYError.self) { try array[.paired([0])] }
    #expect(view?.fault == .region(.listInSlice(axis: 0)))
  }

  @Test func `the text of a list or a mask is short, whatever its shape is`() {
    let cases: [(Region, String)] = [
      ([.paired([Int](repeating: 7, count: 2000))], "[[7, 7, 7, …]]"),
      ([.paired([], shape: [3, 0])], "[[[], [], []]]"),
      ([.paired([], shape: [.max, 0])], "[[…]]"),
      ([.paired([1], shape: [2])], "[[1, …]]"),
      ([.mask([], shape: [.max, 0])], "mask of shape (\(Int.max), 0)"),
      ([.mask([true], shape: [3])], "mask of shape (3,)"),
    ]
    for (region, text) in cases { #expect(region.description == text) }
  }

  @Test func `lists of any numbers give what each of their indices gives, or its error`() throws {
    let folder = try TemporaryFolder()
    let shape = [3, 1, 4]
    let array = try numbered(folder, shape, .fortran)
    var random = SeededRandom(state: 11)
    let paddings: [Padding] = [.none, .constant(-1), .edge, .reflect, .symmetric, .wrap]
    for _ in 0..<400 {
      let count = random.one(of: [1, 2, 5, 40])
      let lists = shape.map { length in (0..<count).map { _ in random.number(near: length) } }
      let padding = random.one(of: paddings)
      let crop = try? array.cropRegion(
        .points(lists[0], lists[1], lists[2]), as: Int32.self, padding: padding)
      let single = (0..<count).map { place in
        try? array.cropRegion(
          Region(lists.map { AxisSelection(.index($0[place])) }, convention: .numpy),
          as: Int32.self, padding: padding
        ).elements[0]
      }
      #expect((crop == nil) == single.contains { $0 == nil }, "\(lists) \(padding)")
      if let crop { #expect(crop.elements == single.compactMap(\.self), "\(lists) \(padding)") }
    }
  }

  @Test func `lists whose pairs are more than memory are refused before any is made`() throws {
    let folder = try TemporaryFolder()
    let array = try numbered(folder, [3, 4])
    let zeros = [Int](repeating: 0, count: 1 << 22)
    let region: Region = [.paired(zeros, shape: [1 << 22, 1]), .paired(zeros)]
    let error = #expect(throws: NPYError.self) { try array.plan(region) }
    #expect(error?.fault == .crop(.outOfMemory(byteCount: 1 << 47)))
    let axes: [any RegionAxis] = [
      .paired(zeros, shape: [1 << 22, 1, 1]), .paired(zeros, shape: [1 << 22, 1]),
    ]
    let deep = Region(axes.map(\.axisSelection) + [.paired(zeros)])
    let cube = try numbered(folder, [1, 1, 1], name: "b.npy")
    let other = #expect(throws: NPYError.self) { try cube.plan(deep) }
    #expect(other?.fault == .crop(.outOfMemory(byteCount: .max)))
  }

  @Test func `ten million points are planned, or the one that is outside is named`() throws {
    let folder = try TemporaryFolder()
    let array = try numbered(folder, [3, 4])
    var rows = [Int](repeating: 2, count: 10_000_000)
    let plan = try array.plan(.points(rows, rows))
    #expect(plan.elementCount == 10_000_000)
    rows[9_999_999] = .min
    let error = #expect(throws: NPYError.self) { try array.plan(.points(rows, rows)) }
    #expect(error?.fault == .region(.indexOutOfRange(axis: 0, index: .min, size: 3)))
  }
}

extension [Int] {
  /// The elements again and again, so many of them.
  fileprivate func cycled(_ length: Int) -> [Int] { (0..<length).map { self[$0 % count] } }
}

extension Region {
  /// The same with some indices of lists outside of the array.
  fileprivate var shifted: Region {
    Region(
      selections.map { selection in
        switch selection.form {
        case .paired(let list):
          .paired((0..<(list.count ?? 0)).map { list[$0] - 1 }, shape: list.shape)
        case .indices(let indices): .indices(indices.map { $0 - 2 })
        case .slice(nil, nil, _): .slice(from: 0, to: 5)
        default: selection
        }
      })
  }
}
