import Testing

@testable import NPYCrop

/// What an array is taken for is said once, on the array, and holds for all of its crops.
@Suite struct ViewTests {
  /// Nine rows of eleven numbers, 100 × row + column, in the byte order that this machine does not have.
  private func numbers(_ folder: TemporaryFolder) throws -> NPYArray {
    var data: [UInt8] = []
    for row in 0..<9 {
      for column in 0..<11 {
        let number = UInt16(100 * row + column)
        data += [UInt8(number >> 8), UInt8(number & 0xFF)]
      }
    }
    return try NPYArray(
      path: folder.file(
        "a.npy", npyBytes(header: headerText(descr: "'>u2'", shape: "(9, 11)"), data: data)))
  }

  /// The number at a place, of which those outside are the nearest inside.
  private func number(_ row: Int, _ column: Int) -> UInt16 {
    UInt16(100 * min(max(row, 0), 8) + min(max(column, 0), 10))
  }

  /// The numbers of a window at an origin.
  private func window(_ origin: [Int], _ size: [Int]) -> [UInt16] {
    (origin[0]..<origin[0] + size[0]).flatMap { row in
      (origin[1]..<origin[1] + size[1]).map { number(row, $0) }
    }
  }

  // MARK: - All ways to take and to deliver

  static let origins = [[3, 4], [-1, 8], [6, 0]]
  static let size = [4, 5]

  /// Every way of taking windows, and every place that they can go to.
  private func check<Array: CroppableArray>(
    _ array: Array, one: [Array.Item], many: [Array.Item], items: (Array.Window) -> [Array.Item],
    batchItems: (Array.Batch) -> [Array.Item]
  ) async throws where Array.Item: Equatable & ExpressibleByIntegerLiteral {
    let windows = Region.windows(at: Self.origins, size: Self.size)
    let region = windows[1]
    let grid = Self.origins.map { Region(origin: $0, size: Self.size) }
    let (plan, planOfMany) = (try array.plan(region), try array.plan(grid))

    #expect(try items(array.cropRegion(region)) == one)
    #expect(try items(array.cropRegion(plan)) == one)
    #expect(try await items(array.cropRegion(region, parallelism: 2)) == one)
    #expect(try await items(array.cropRegion(plan, parallelism: .automatic)) == one)
    #expect(try batchItems(array.cropRegions(windows)) == many)
    #expect(try batchItems(array.cropRegions(grid)) == many)
    #expect(try batchItems(array.cropRegions(origins: Self.origins, size: Self.size)) == many)
    #expect(try batchItems(array.cropRegions(planOfMany)) == many)
    #expect(try await batchItems(array.cropRegions(windows, parallelism: 2)) == many)
    #expect(try await batchItems(array.cropRegions(planOfMany, parallelism: .tasks(3))) == many)
    let flat = Self.origins.flatMap { $0 }
    #expect(try batchItems(array.cropRegions(origins: flat, size: Self.size)) == many)
    #expect(
      try await batchItems(array.cropRegions(origins: flat, size: Self.size, parallelism: 2))
        == many)
    #expect(
      try batchItems(array.cropRegions(.windows(at: Self.origins, size: Self.size))) == many)
    let inTasks = try await array.cropRegions(
      origins: Self.origins, size: Self.size, parallelism: 2)
    #expect(batchItems(inTasks) == many)
    #expect(try array.crops(of: grid).flatMap { try items($0.get()) } == many)

    // Into an array, a part of one, a span, and appended.
    func filled(_ count: Int, _ fill: (inout [Array.Item]) async throws -> Void) async throws
      -> [Array.Item]
    {
      var output = [Array.Item](repeating: 7, count: count)
      try await fill(&output)
      return output
    }
    #expect(try await filled(one.count) { try array.cropRegion(region, into: &$0) } == one)
    #expect(try await filled(one.count) { try array.cropRegion(plan, into: &$0) } == one)
    #expect(try await filled(many.count) { try array.cropRegions(windows, into: &$0) } == many)
    #expect(try await filled(many.count) { try array.cropRegions(planOfMany, into: &$0) } == many)
    let part = try await filled(one.count + 2) {
      try array.cropRegion(region, into: &$0[1..<one.count + 1])
    }
    #expect(part == [7] + one + [7])
    let parallel = try await filled(one.count + 2) {
      try await array.cropRegion(region, parallelism: 2, into: &$0[2...])
    }
    #expect(parallel == [7, 7] + one)
    let parallelMany = try await filled(many.count) {
      var span = $0.mutableSpan
      try await array.cropRegions(windows, parallelism: 2, into: &span)
    }
    #expect(parallelMany == many)
    let parallelPlan = try await filled(many.count) {
      try await array.cropRegions(planOfMany, parallelism: 2, into: &$0)
    }
    #expect(parallelPlan == many)
    let appended = try [Array.Item](capacity: one.count + many.count + 3) {
      output throws(NPYError) in
      try array.cropRegion(region, into: &output)
      try array.cropRegions(grid, into: &output)
    }
    #expect(appended == one + many)
    var small = [Array.Item](repeating: 7, count: one.count - 1)
    #expect(throws: NPYError.self) { try array.cropRegion(region, into: &small) }
    #expect(throws: NPYError.self) {
      _ = try [Array.Item](capacity: 3) { output throws(NPYError) in
        try array.cropRegion(region, into: &output)
      }
    }
    // A plan of many windows is none of one.
    #expect(throws: NPYError.self) { try array.cropRegion(planOfMany) }
  }

  @Test func `raw, typed and converted arrays give the same windows, however they are taken`()
    async throws
  {
    let folder = try TemporaryFolder()
    let array = try numbers(folder).padded(.edge)
    let one = window(Self.origins[1], Self.size)
    let many = Self.origins.flatMap { window($0, Self.size) }
    func bytes(_ numbers: [UInt16]) -> [UInt8] {
      numbers.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    }
    try await check(
      array, one: bytes(one), many: bytes(many), items: { $0.bytes }, batchItems: { $0.bytes })
    try await check(
      array.elements(as: UInt16.self), one: one, many: many, items: { $0.elements },
      batchItems: { $0.elements })
    func halves(_ numbers: [UInt16]) -> [Double] { numbers.map { Double($0) / 2 + 1 } }
    try await check(
      array.converted(to: Double.self, scale: 0.5, shift: 1), one: halves(one),
      many: halves(many), items: { $0.elements }, batchItems: { $0.elements })
    let raw = try array.converted(to: ElementType(">i4"))
    func wide(_ numbers: [UInt16]) -> [UInt8] { numbers.flatMap { [0, 0] + bytes([$0]) } }
    #expect(raw.elementType == (try ElementType(">i4")))
    try await check(
      raw, one: wide(one), many: wide(many), items: { $0.bytes }, batchItems: { $0.bytes })
  }

  @Test func `a large window is the same in tasks, also of a long list of indices`() async throws {
    let folder = try TemporaryFolder()
    let array = try NPYArray(
      path: folder.file(
        "a.npy",
        npyBytes(header: headerText(descr: "'|u1'", shape: "(64, 64)"), data: patternBytes(4096))))
    let list = (0..<1 << 16).map { $0 * $0 % 61 }
    for region in [[0..<64, .indices(list)], [.indices(list), .slice(by: -1)]] as [Region] {
      let crop = try await array.cropRegion(region, parallelism: 4)
      #expect(crop == (try array.cropRegion(region)))
    }
  }

  // MARK: - What composes

  @Test func `the padding of a slice is outside of the slice, whichever is said first`() throws {
    let folder = try TemporaryFolder()
    let array = try numbers(folder).elements(as: UInt16.self)
    let inner = try array[2..<5, .slice(from: 9, to: 1, by: -3)]
    #expect(inner.shape == [3, 3])
    // Rows 2 to 4, columns 9, 6 and 3.
    let expected: [UInt16] = [
      209, 209, 206, 203, 203, 209, 209, 206, 203, 203, 309, 309, 306, 303, 303,
    ]
    let region: Region = [-1..<2, -1..<4]
    #expect(try inner.padded(.edge).cropRegion(region).elements == expected)
    let other = try array.padded(.edge)[2..<5, .slice(from: 9, to: 1, by: -3)]
    #expect(try other.cropRegion(region).elements == expected)
    #expect(try inner.cropRegion(region, padding: .edge).elements == expected)
    // At the call another padding replaces that of the view, and none is none.
    #expect(try other.cropRegion([-1, 0], padding: .constant(5)).elements == [5])
    #expect(throws: NPYError.self) { try other.cropRegion([-1, 0], padding: .none) }
    #expect(throws: NPYError.self) { try inner.cropRegion([-1, 0]) }
  }

  @Test func `a value to pad with is one of the result, wherever it is said`() throws {
    let folder = try TemporaryFolder()
    let array = try numbers(folder)
    let first = try array.padded(.constant(-1.5)).converted(to: Double.self, scale: 2, shift: 3)
    let last = try array.converted(to: Double.self, scale: 2, shift: 3).padded(.constant(-1.5))
    for view in [first, last] {
      #expect(try view.cropRegion([-1..<1, 0..<2]).elements == [-1.5, -1.5, 3, 5])
    }
    // No element of the array has it, which a crop that converts nothing says.
    let error = #expect(throws: NPYError.self) {
      try array.padded(.constant(-1.5)).cropRegion([-1, 0])
    }
    #expect(error?.fault == .crop(.fillValue(-1.5, elementType: array.elementType)))
  }

  @Test func `slices of slices are slices, and crops of them are those of the array`() throws {
    let folder = try TemporaryFolder()
    for descr in ["'>u2'", "'<f4'"] {
      let size = descr == "'>u2'" ? 2 : 4
      let data = patternBytes(9 * 11 * 5 * size)
      for access in [Access.mapped, .positionedReads] {
        let array = try NPYArray(
          path: folder.file(
            "\(size).npy",
            npyBytes(header: headerText(descr: descr, shape: "(9, 11, 5)"), data: data)),
          access: access)
        let view = try array[.slice(by: 2), .slice(by: -1), 1..<5][.slice(by: -1), 3..<10]
        #expect(view.shape == [5, 7, 4])
        #expect(view.strides == [-2 * 55 * size, -5 * size, size])
        let rows = [8, 6, 4, 2, 0]
        let columns = (1..<8).reversed().map { $0 }
        #expect(
          try view.cropRegion(.all).bytes
            == array.cropRegion([.indices(rows), .indices(columns), 1..<5]).bytes)
        #expect(
          try view.cropRegion([1..<4, .slice(by: -2), .indices([3, 0])]).bytes
            == array.cropRegion([
              .indices([6, 4, 2]), .indices([1, 3, 5, 7]), .indices([4, 1]),
            ]).bytes)
        #expect(
          try view.ordered(.fortran).cropRegion([2]).bytes
            == array.cropRegion([4, .indices(columns), 1..<5], order: .fortran).bytes)
        let batch = try view.cropRegions(origins: [[0, 0, 0], [3, 5, 1]], size: [2, 2, 3])
        #expect(
          try Array(batch[1])
            == array.cropRegion([.indices([2, 0]), .indices([2, 1]), 2..<5]).bytes)
        let one = try view[2, .newAxis, .ellipsis, 0]
        #expect(one.shape == [1, 7])
        #expect(
          try one.cropRegion(.all).bytes == array.cropRegion([4, .indices(columns), 1]).bytes)
        #expect(try view[1..<1].cropRegion(.all).shape == [0, 7, 4])
        #expect(one.rank == 2 && one.count == 7 && one.byteCount == 7 * size)
      }
    }
  }

  @Test func `a slice refuses what lies unevenly or outside`() throws {
    let folder = try TemporaryFolder()
    let array = try numbers(folder)
    func fault(_ body: () throws -> Void) -> NPYError.Fault? {
      do { try body() } catch let error as NPYError { return error.fault } catch {}
      return nil
    }
    #expect(fault { _ = try array[0, .indices([1])] } == .region(.listInSlice(axis: 1)))
    // Whichever elements it names: with others it would be no slice either.
    #expect(fault { _ = try array[0, .indices([99])] } == .region(.listInSlice(axis: 1)))
    for region in [[9], [0, 0, 0], [-1], [0..<10], [.slice(by: 0)]] as [Region] {
      #expect(fault { _ = try array[region] } == fault { _ = try array.plan(region) })
      #expect(fault { _ = try array[region] } != nil)
    }
    #expect(try array[Region(numpy: "-2:, ::-5")].shape == [2, 3])
    #expect(try array[.slice(from: 8, to: nil, by: .max)].strides == array.strides)
  }

  @Test
  func `a field of a slice is the slice of the field, and of converted numbers there is none`()
    throws
  {
    let folder = try TemporaryFolder()
    let descr = "[('a', '<u2'), ('x', '<f4', (2,))]"
    let records = try NPYArray(
      path: folder.file(
        "r.npy",
        npyBytes(header: headerText(descr: descr, shape: "(7, 3)"), data: patternBytes(210))))
    let first = try records[.slice(by: -2), 1...].field("x")
    let second = try records.field("x")[.slice(by: -2), 1...]
    #expect(first.shape == [4, 2, 2] && second.shape == first.shape)
    #expect(first.strides == second.strides)
    #expect(try first.cropRegion(.all) == second.cropRegion(.all))
    let numbers = try records.field("a").converted(to: .float32)
    #expect(throws: NPYError.self) { try numbers.field("a") }
    #expect(throws: NPYError.self) { try numbers.viewed(as: .int32) }
    #expect(throws: NPYError.self) { try numbers.converted(to: .float64) }
    #expect(throws: NPYError.self) { try numbers.elements(as: UInt16.self) }
    #expect(try numbers.elements(as: Float.self).cropRegion([0, 0]).elements.count == 1)
    let view = try records.field("a").viewed(as: .int16).padded(.edge).ordered(.fortran)
    #expect(try view.cropRegion([-1..<2, 0..<2]).order == .fortran)
  }

  @Test func `padding axis by axis follows the axes of slices and fields`() throws {
    let folder = try TemporaryFolder()
    let array = try numbers(folder).elements(as: UInt16.self)
    let padded = array.padded([.edge, .constant(7)])
    #expect(try padded[2..<4, 0].cropRegion([-1..<3]).elements == [200, 200, 300, 300])
    #expect(try padded[3, 4..<6].cropRegion([-1..<3]).elements == [7, 304, 305, 7])
    let wide = try padded[2..<4, .newAxis, 0..<1]
    #expect(try wide.cropRegion([-1, 0, -1..<2]).elements == [7, 200, 7])
    #expect(throws: NPYError.self) { try wide.cropRegion([0, -1]) }
    let descr = "[('a', '<u2'), ('x', '|u1', (2,))]"
    let records = try NPYArray(
      path: folder.file(
        "r.npy",
        npyBytes(header: headerText(descr: descr, shape: "(3,)"), data: patternBytes(12))))
    let field = try records.padded([.edge]).field("x")
    #expect(try field.cropRegion([-1]).bytes == field.cropRegion([0]).bytes)
    #expect(throws: NPYError.self) { try field.cropRegion([0, -1]) }
  }

  // MARK: - Plans of views

  @Test(arguments: [Access.mapped, .positionedReads])
  func `a plan of a slice is run on another file of the same elements, whatever lies after them`(
    access: Access
  ) throws {
    let folder = try TemporaryFolder()
    func array(_ name: String, rows: Int) throws -> NPYArray {
      try NPYArray(
        path: folder.file(name, patternBytes(rows * 40)), elementType: .float32, shape: [rows, 10],
        access: access)
    }
    let (large, small) = (try array("large", rows: 100_000), try array("small", rows: 5))
    let slice = try large[0..<5]
    let plan = try slice.plan(.all)
    let expected = try small.cropRegion(.all)
    // Also once it is known that the file was read before.
    for _ in 0..<2 { #expect(try small.cropRegion(plan) == expected) }
    #expect(try slice.cropRegion(small.plan(.all)) == expected)
    #expect(
      try small.cropRegions(slice.plan([Region.all, .all])).bytes == expected.bytes + expected.bytes
    )
  }

  @Test func `a plan is one of a conversion, and refused by an array of another one`() throws {
    let folder = try TemporaryFolder()
    let array = try numbers(folder)
    let (float, scaled) = (
      try array.converted(to: .float32), try array.converted(to: .float32, scale: 2)
    )
    let region: Region = [0..<2]
    func fault(_ plan: CropPlan, _ array: NPYArray) -> NPYError.Fault? {
      #expect(throws: NPYError.self) { try array.cropRegion(plan) }?.fault
    }
    #expect(
      try fault(array.plan(region), float)
        == .crop(.foreignConversion(planned: nil, found: .float32)))
    #expect(
      try fault(float.plan(region), array)
        == .crop(.foreignConversion(planned: .float32, found: nil)))
    #expect(
      try fault(scaled.plan(region), float)
        == .crop(.foreignConversion(planned: .float32, found: .float32)))
    let same = try array.converted(to: Float.self)
    #expect(try same.cropRegion(float.plan(region)).elements == same.cropRegion(region).elements)
  }

  @Test func `what a plan of many windows tells is not that of its first window`() throws {
    let folder = try TemporaryFolder()
    let array = try numbers(folder).padded(.edge)
    let plan = try array.plan([Region(origin: [-1, 0], size: [2, 2]), [3..<5, 3..<5]])
    #expect(plan.shape == [2, 2, 2])
    #expect(plan.validRegion == nil)
    #expect(plan.edgeItems(1) == plan)
    let one = #expect(throws: NPYError.self) { try array.cropRegion(plan) }
    #expect(one?.fault == .crop(.planOfWindows(count: 2)))
    var output = [UInt8](repeating: 0, count: plan.byteCount)
    let into = #expect(throws: NPYError.self) { try array.cropRegion(plan, into: &output) }
    #expect(into?.fault == .crop(.planOfWindows(count: 2)))
  }

  @Test func `a Bool that pads is 0 or 1, whatever byte it was given as`() throws {
    let folder = try TemporaryFolder()
    let array = try NPYArray(
      path: folder.file("b", [0, 3, 0]), elementType: .uint8, shape: [3])
    let truths = try array.converted(to: Bool.self, casting: .unsafe)
    let crop = try truths.padded(.constant(FillValue(bytes: [7]))).cropRegion([-1..<4])
    #expect(crop.elements.map { $0 ? 1 : 0 } == [1, 0, 1, 0, 1])
    #expect(unsafe crop.elements.withUnsafeBytes { unsafe Array($0) } == [1, 0, 1, 0, 1])
  }

  @Test func `windows of a flat list are those of its origins, or an error of the last`() throws {
    let folder = try TemporaryFolder()
    let array = try numbers(folder)
    #expect(Region.windows(at: [1, 2, 3, 4], size: [2, 2]).origins == [[1, 2], [3, 4]])
    let nested = Region.windows(at: [[1, 2], [3, 4]], size: [2, 2])
    #expect(nested == Region.windows(at: [1, 2, 3, 4], size: [2, 2]))
    #expect(Region.windows(at: [] as [Int], size: [2, 2]).isEmpty)
    for windows in [
      Region.windows(at: [1, 2, 3], size: [2, 2]),
      Region.windows(at: [[1, 2], [3]], size: [2, 2]),
      Region.windows(at: [1], size: []),
    ] {
      let error = #expect(throws: NPYError.self) { try array.cropRegions(windows) }
      guard case .region(.inWindow(windows.count - 1, .rankMismatch)) = error?.fault else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
    #expect(try array.cropRegions(Region.windows(at: [[], []], size: [])).shape == [2, 9, 11])
    let ranges = [2..<4, 5..<9]
    #expect(Region(ranges) == [2..<4, 5..<9])
  }

  @Test func `descriptions say what a thing is, and not what it is made of`() throws {
    let folder = try TemporaryFolder()
    let array = try numbers(folder)
    let typed = try array.elements(as: UInt16.self)
    #expect("\(array)" == "\(array.path): uint16, shape (9, 11)")
    #expect(try "\(typed[3])" == "\(array.path): uint16, shape (11,)")
    #expect(try "\(array.plan([0..<2, 3]))" == "plan of shape (2,), 4 bytes in C order")
    #expect(try "\(typed.cropRegion([0..<2, 3]))" == "Crop<UInt16> of shape (2,)")
    #expect(try "\(array.cropRegion([0, 3]))" == "RawCrop of uint16, shape ()")
    let windows = Region.windows(at: [[0], [1]], size: [1])
    #expect("\(windows)" == "2 windows of size (1,)")
    #expect(try "\(typed.cropRegions(windows))" == "CropBatch<UInt16> of shape (2, 1, 11)")
    #expect(try "\(array.cropRegions(windows))" == "RawCropBatch of uint16, shape (2, 1, 11)")
    #expect(
      try "\(Region.grid(over: array.shape, size: [4, 4]))"
        == "9 windows of size (4, 4) over shape (9, 11)")
    let cancelled = NPYError(path: array.path, fault: .crop(.cancelled))
    #expect(cancelled.isCancellation)
  }
}
