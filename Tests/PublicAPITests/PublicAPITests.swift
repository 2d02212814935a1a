import Foundation
import NPYCrop
import Testing

/// The library as a client writes it: every line here is a promise of the public interface.
@Suite struct PublicAPITests {
  /// A 4 × 6 float32 array whose element (i, j) is 10 i + j.
  private func sample() throws -> (path: String, remove: () -> Void) {
    let header = try NPYHeader(elementType: .float32, shape: [4, 6])
    var data = Data(header.serialized)
    for row in 0..<4 {
      for column in 0..<6 {
        let bits = Float(10 * row + column).bitPattern
        for shift in [0, 8, 16, 24] as [UInt32] {
          data.append(UInt8(truncatingIfNeeded: bits >> shift))
        }
      }
    }
    return try file(data)
  }

  private func file(_ data: Data) throws -> (path: String, remove: () -> Void) {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("npycrop-\(UUID().uuidString).npy")
    try data.write(to: url)
    return (url.path, { try? FileManager.default.removeItem(at: url) })
  }

  @Test func `a file is named by a text, by bytes, or by a client's own type`() throws {
    struct Location: NPYPath {
      let folder: String
      let name: [UInt8]
      var pathBytes: [UInt8] { Array("\(folder)/".utf8) + name }
    }
    let (path, remove) = try sample()
    defer { remove() }
    let url = URL(fileURLWithPath: path)
    let location = Location(
      folder: url.deletingLastPathComponent().path, name: Array(url.lastPathComponent.utf8))
    #expect(try NPYArray(path: location).path == path)
    #expect(try NPYArray(path: Array(path.utf8)).path == path)
    #expect(try cropRegion([1, 2], of: location, as: Float.self).elements == [12])
    #expect(try cropRegion([1, 2], of: path, as: Float.self).elements == [12])
  }

  /// Two records of a number, a point, a text and a date.
  private func records() throws -> (path: String, remove: () -> Void) {
    let descr =
      "[('id', '<i4'), ('at', [('x', '<f4'), ('y', '<f4')]), ('name', '<U2'), ('when', '<M8[s]')]"
    let text = "{'descr': \(descr), 'fortran_order': False, 'shape': (2,), }\n"
    var data = Data([0x93] + "NUMPY".utf8 + [1, 0, UInt8(text.utf8.count), 0] + text.utf8)
    func append(_ value: some FixedWidthInteger) {
      for byte in 0..<value.bitWidth / 8 {
        data.append(UInt8(truncatingIfNeeded: value >> (8 * byte)))
      }
    }
    for (id, x, y, name, when) in [(7, 1.5, -2, "é", 60), (-1, 0.25, 8, "ab", -1)] {
      append(Int32(id))
      append(Float(x).bitPattern)
      append(Float(y).bitPattern)
      let scalars = name.unicodeScalars.map(\.value) + [0, 0]
      append(scalars[0])
      append(scalars[1])
      append(Int64(when))
    }
    return try file(data)
  }

  @Test func `one call opens, crops and closes`() throws {
    let (path, remove) = try sample()
    defer { remove() }
    let patch = try cropRegion([1..<3, 2..<5], of: path, as: Float.self)
    #expect(patch.shape == [2, 3])
    #expect(patch.elements == [12, 13, 14, 22, 23, 24])
    #expect(patch[1, 2] == 24)
    #expect(try cropRegion([1, 2], of: path).bytes.count == 4)
  }

  @Test func `an open array gives every kind of crop`() throws {
    let (path, remove) = try sample()
    defer { remove() }
    let array = try NPYArray(path: path)
    #expect(array.header.dataOffset == 128)
    #expect(array.shape == [4, 6])
    #expect(array.strides == [24, 4])
    #expect(array.elementType == .float32)

    let box = try array.cropRegion(Region(origin: [1, 2], size: [2, 3]), as: Float.self)
    let range: Crop<Float> = try array.cropRegion([1...2, 2..<5])
    #expect(box == range)

    let mixed = try array.cropRegion([3, .ellipsis, .newAxis], as: Float.self)
    #expect(mixed.shape == [6, 1])
    let backwards = try array.cropRegion([.slice(by: -2), ..<1], as: Float.self)
    #expect(backwards.elements == [30, 10])
    let listed = try array.cropRegion([.indices([3, 0, 0]), 5], as: Float.self)
    #expect(listed.elements == [35, 5, 5])
    let partial = try array.cropRegion([2..., ...1], as: Float.self)
    #expect(partial.elements == [20, 21, 30, 31])
    let whole = try array.cropRegion(.all, as: Float.self, order: .fortran)
    #expect(whole.elements.prefix(5) == [0, 10, 20, 30, 1])
    let text = try array.cropRegion(Region(numpy: "-1, ::-1"), as: Float.self)
    #expect(text.elements == [35, 34, 33, 32, 31, 30])
  }

  @Test func `crops go into the caller's memory`() throws {
    let (path, remove) = try sample()
    defer { remove() }
    let array = try NPYArray(path: path)
    let region: Region = [1..<3, 2..<5]

    var elements = [Float](repeating: 0, count: 6)
    try array.cropRegion(region, into: &elements)
    #expect(elements == [12, 13, 14, 22, 23, 24])

    var span = elements.mutableSpan
    try array.cropRegion([0..<2, 0..<3], into: &span)
    #expect(elements == [0, 1, 2, 10, 11, 12])

    let appended = try [Float](capacity: 8) { output throws(NPYError) in
      output.append(-1)
      try array.cropRegion(region, into: &output)
    }
    #expect(appended == [-1, 12, 13, 14, 22, 23, 24])

    let plan = try array.plan(region)
    #expect(plan.shape == [2, 3])
    #expect(plan.byteCount == 24)
    #expect(
      try array.elements(as: Float.self).cropRegion(plan).elements == [12, 13, 14, 22, 23, 24])
  }

  @Test func `an array without a header is described by the caller`() throws {
    let (path, remove) = try sample()
    defer { remove() }
    let array = try NPYArray(
      path: path, elementType: ElementType("<f4"), shape: [6, 4], order: .fortran, offset: 128)
    #expect(array.header.version == nil)
    #expect(try array.cropRegion([0..<6, 1], as: Float.self).elements == [10, 11, 12, 13, 14, 15])
  }

  @Test func `errors name the file, what was found and what was expected`() throws {
    let (path, remove) = try sample()
    defer { remove() }
    let array = try NPYArray(path: path)
    let region = #expect(throws: NPYError.self) {
      try array.cropRegion([0..<5, 0..<1], as: Float.self)
    }
    #expect(region?.path == path)
    #expect(
      region?.fault
        == .region(.sliceOutOfRange(axis: 0, from: 0, to: 5, step: 1, size: 4)))
    let type = #expect(throws: NPYError.self) { try array.cropRegion(.all, as: Double.self) }
    #expect(type?.fault == .crop(.elementType(found: .float32, requested: .float64)))
    #expect(type?.description.contains("float32") == true)
    let missing = #expect(throws: NPYError.self) { try NPYArray(path: path + ".missing") }
    guard case .file(.system(call: .open, errno: 2)) = missing?.fault else {
      Issue.record("\(String(describing: missing))")
      return
    }
  }

  @Test func `a file is closed on request, and read in the way that was chosen`() throws {
    let (path, remove) = try sample()
    defer { remove() }
    for access in [Access.automatic, .mapped, .positionedReads] {
      for verification in [Verification.none, .size, .strict] {
        let array = try NPYArray(path: path, access: access, verification: verification)
        #expect(try array.cropRegion([2, 1], as: Float.self).elements == [21])
        array.close()
        let error = #expect(throws: NPYError.self) { try array.cropRegion([0], as: Float.self) }
        #expect(error?.fault == .file(.closed))
      }
    }
  }

  @Test func `a region of any rank is made of a list of selections, and a plan tells its cost`()
    throws
  {
    let (path, remove) = try sample()
    defer { remove() }
    let array = try NPYArray(path: path)
    let region = Region(array.shape.map { AxisSelection.slice(to: $0 / 2) })
    let plan = try array.plan(region)
    #expect(plan.shape == [2, 3])
    #expect(plan.runCount == 2 && plan.pageCount() == 1)
    var slabs: [Float] = []
    for slab in plan.slabs(ofAtMost: 12) {
      slabs += try array.elements(as: Float.self).cropRegion(slab).elements
    }
    #expect(slabs == [0, 1, 2, 10, 11, 12])
    #expect(try array.cropRegion(plan).elementType == .float32)
  }

  @Test func `arrays, regions, plans and crops cross tasks`() async throws {
    let (path, remove) = try sample()
    defer { remove() }
    let array = try NPYArray(path: path)
    let sums = try await withThrowingTaskGroup(of: Float.self) { group in
      for row in 0..<4 {
        group.addTask { try array.cropRegion([row], as: Float.self).elements.reduce(0, +) }
      }
      return try await group.reduce(into: Float(0)) { $0 += $1 }
    }
    #expect(sums == 420)
  }

  @Test func `windows leave the array with padding, and tell which part is its own`() throws {
    let (path, remove) = try sample()
    defer { remove() }
    let corner: Region = [-1..<2, -2..<2]
    let mirrored = try cropRegion(corner, of: path, as: Float.self, padding: .reflect)
    #expect(mirrored.elements == [12, 11, 10, 11, 2, 1, 0, 1, 12, 11, 10, 11])
    #expect(mirrored.validRegion == [1..<3, 2..<4])
    #expect(try mirrored.validMask().count { $0 } == 4)
    let array = try NPYArray(path: path)
    let filled = try array.cropRegion(corner, as: Float.self, padding: [.edge, .constant(0.5)])
    #expect(filled.elements == [0.5, 0.5, 0, 1, 0.5, 0.5, 0, 1, 0.5, 0.5, 10, 11])
    #expect(try array.plan(corner, padding: .wrap).validRegion == mirrored.validRegion)
  }

  @Test func `boxes are combined, and laid over an array as a grid`() throws {
    let box = Region(center: [2, 2], size: [4, 4])
    #expect(box == [0..<4, 0..<4])
    #expect(try box.translated(by: [2, 0]).intersection(box) == [2..<4, 0..<4])
    #expect(try box.inset(by: 1).union([0..<1, 0..<1]) == [0..<3, 0..<3])
    #expect(try box.expanded(by: [1, 0]).clipped(to: [4, 3]) == [0..<4, 0..<3])
    #expect(try box.aligned(to: [3, 4]).size == [6, 4])
    #expect(try box.contains([3, 3]) && box.contains([1..<2, 1..<2]))
    let tiles = try Region.grid(over: [4, 6], size: [3, 4], edge: .partial)
    #expect(tiles.count == 4 && tiles.counts == [2, 2])
    #expect(tiles[3] == [3..<4, 4..<6])
  }

  @Test func `fields of records are arrays, and text and dates what they are`() throws {
    let (path, remove) = try records()
    defer { remove() }
    let array = try NPYArray(path: path)
    #expect(array.header.fields.map(\.name) == ["id", "at", "name", "when"])
    #expect(array.header.fields.map(\.offset) == [0, 4, 12, 20])
    let y = try array.field("at").field("y")
    #expect(y.shape == [2] && y.strides == [28])
    #expect(try y.cropRegion(.all, as: Float.self).elements == [-2, 8])
    #expect(try array.field("at.x").cropRegion([1], as: Float.self).elements == [0.25])
    #expect(try array.field("name").cropRegion(.all).strings() == ["é", "ab"])
    let times = try array.field("when").cropRegion(.all).times()
    #expect(times.map(\.ticks) == [60, -1] && !times[0].isNaT)
    #expect(try times[0].duration() == .seconds(60))
    let error = #expect(throws: NPYError.self) { try array.field("z") }
    #expect(error.map { "\($0)".contains("z") } == true)
  }

  @Test func `numbers are converted on the way, by the rule that is asked for`() async throws {
    let (path, remove) = try sample()
    defer { remove() }
    let array = try NPYArray(path: path)
    let doubles = try array.converted(to: Double.self, scale: 2, shift: 1).cropRegion([3, 1..<3])
    #expect(doubles.elements == [63, 65])
    #expect(throws: NPYError.self) {
      try array.converted(to: UInt8.self, casting: .sameKind).cropRegion(.all)
    }
    #expect(Casting.unsafe.allows(.float32, to: .uint8))
    let bytes = try NPYArray(path: path).converted(to: UInt8.self, casting: .unsafe)
      .cropRegion([3])
    #expect(bytes.elements == [30, 31, 32, 33, 34, 35])
    let halves = try array.converted(to: .float16, casting: .sameKind)
    let plan = try halves.plan([0])
    #expect(plan.byteCount == 12)
    #expect(try halves.cropRegion(plan).elementType == .float16)
    let windows = Region.windows(at: [[0, 0], [2, 2]], size: [1, 2])
    let batch = try await array.converted(to: Complex128.self).cropRegions(windows, parallelism: 2)
    #expect(batch.elements.map(\.real) == [0, 1, 22, 23])
    let bits = try array.viewed(as: .uint32).cropRegion([0, 1], as: UInt32.self)
    #expect(bits.elements == [Float(1).bitPattern])
  }

  /// In a function that is not `async` the calling task does the work.
  private func batchInThisTask(_ array: NPYArray) throws -> CropBatch<Float> {
    try array.elements(as: Float.self).padded(.edge).cropRegions(
      origins: [[2, 4], [-1, 0]], size: [2, 2])
  }

  @Test func `many windows come in one block, however many tasks copy them`() async throws {
    let (path, remove) = try sample()
    defer { remove() }
    let array = try NPYArray(path: path)
    let batch = try batchInThisTask(array)
    #expect(batch.shape == [2, 2, 2])
    #expect(batch.elements == [24, 25, 34, 35, 0, 1, 0, 1])
    #expect(batch[1] == [0, 1, 0, 1])
    #expect(batch.validRegion(ofWindow: 1) == [1..<2, 0..<2])
    let tiles = try Region.grid(over: array.shape, size: [3, 4], edge: .shifted)
    let parallel = try await array.elements(as: Float.self).cropRegions(tiles, parallelism: 2)
    #expect(parallel.count == 4)
    var elements = [Float](repeating: 0, count: 48)
    try array.elements(as: Float.self).cropRegions(tiles, into: &elements)
    #expect(elements == parallel.elements)
    var doubles = [Double](repeating: 0, count: 48)
    try array.converted(to: Double.self, scale: 2).cropRegions(tiles, into: &doubles)
    #expect(doubles == parallel.elements.map { 2 * Double($0) })
    var span = doubles.mutableSpan
    try await array.converted(to: Double.self).cropRegions(tiles, parallelism: 1, into: &span)
    #expect(doubles == parallel.elements.map(Double.init))
    for (crop, tile) in try zip(array.converted(to: Double.self).crops(of: tiles), tiles) {
      #expect(try crop.get() == array.converted(to: Double.self).cropRegion(tile))
    }
    let pieces = try Region.grid(over: array.shape, size: [3, 4], edge: .partial)
    for (crop, piece) in try zip(array.elements(as: Float.self).crops(of: pieces), pieces) {
      #expect(try crop.get().shape == piece.size)
    }
  }
}
