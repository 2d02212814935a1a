import Foundation
import NPYCrop
import Testing

/// The examples of the README, as a client compiles them.
@Suite struct ReadmeTests {
  private func show<T>(_ crop: Crop<T>) {}

  /// A file of a type and a shape whose numbers are all 1.
  private func ones(_ type: ElementType, _ shape: [Int], _ one: [UInt8]) throws -> URL {
    let header = try NPYHeader(elementType: type, shape: shape)
    let data = [[UInt8]](repeating: one, count: shape.reduce(1, *)).flatMap { $0 }
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("npycrop-\(UUID().uuidString).npy")
    try Data(header.serialized + data).write(to: url)
    return url
  }

  @Test func `the examples of the README work`() async throws {
    let (floatFile, byteFile) = (
      try ones(.float32, [3, 70, 70], [0, 0, 0x80, 0x3F]), try ones(.uint8, [70, 70], [1])
    )
    defer { for file in [floatFile, byteFile] { try? FileManager.default.removeItem(at: file) } }
    let patch = try cropRegion([1, 2..<66, 3..<67], of: floatFile.path, as: Float.self)
    #expect(patch.shape == [64, 64])

    let scan = try NPYArray(path: floatFile.path)
    let image = try NPYArray(path: byteFile.path)
    let region = Region(origin: [1, 2, 3], size: [1, 64, 64])
    var output = [Float](repeating: 0, count: 64 * 64)
    try scan.cropRegion(region, into: &output)
    #expect(output.allSatisfy { $0 == 1 })
    let plan = try scan.plan(region)
    var byteCount = 0
    for slab in plan.slabs(ofAtMost: 1 << 10) {
      let part = try scan.cropRegion(slab)
      byteCount += part.bytes.count
    }
    #expect(byteCount == plan.byteCount)
    try scan.cropRegion([1, 2, 0..<8], into: &output[0..<8])

    let floats = try scan.elements(as: Float.self)
    let every = try scan[1, .slice(by: 2), .slice(by: -1)]
    #expect(every.shape == [35, 70])
    let pixels = try image.converted(to: Float.self, scale: 1 / 255).padded(.edge).ordered(.fortran)
    let corner = try pixels.cropRegion([-8..<56, 0..<64])
    #expect(corner.order == .fortran && corner[0, 0] == Float(1) * Float(1.0 / 255))

    let whole = try scan.converted(to: Int16.self, casting: .unsafe).cropRegion(region)
    #expect(whole.elements.allSatisfy { $0 == 1 })
    let raw = try image.converted(to: ElementType(">f4")).cropRegion([0, 0])
    #expect(raw.bytes == [0x3F, 0x80, 0, 0])

    let tile = try scan.cropRegion([1, -8..<56, 60..<90], as: Float.self, padding: .reflect)
    #expect(tile.validRegion == [8..<64, 0..<10])
    #expect(try tile.validMask().count == tile.elements.count)
    _ = try scan.cropRegion(region, as: Float.self, padding: [.none, .edge, .constant(-1)])

    let corners = [[0, 0, 0], [1, 3, 4], [2, 6, 6], [0, 1, 1]]
    let batch = try floats.cropRegions(origins: corners, size: [1, 64, 64])
    #expect(batch.shape == [4, 1, 64, 64] && batch[3].count == 4096)
    let windows = Region.windows(at: corners, size: [1, 64, 64])
    var block = [Float](repeating: 0, count: 4 * 4096)
    try floats.cropRegions(windows, into: &block)
    let many = try floats.plan(windows)
    #expect(try floats.cropRegions(many) == batch)
    for crop in floats.crops(of: windows) { show(try crop.get()) }

    let tiles = try Region.grid(
      over: scan.shape, size: [1, 32, 32], step: [1, 24, 24], edge: .padded)
    let first = try await floats.padded(.edge).cropRegions(
      tiles.prefix(5), parallelism: .automatic)
    #expect(first.count == 5)

    let sum = try scan.withSpan(of: [1, 2..<66], as: Float.self) { span in
      var sum: Float = 0
      for index in span.indices { sum += span[index] }
      return sum
    }
    #expect(sum == 64 * 70)

    do {
      _ = try scan.cropRegion([300], as: Float.self)
      Issue.record("an index outside is an error")
    } catch {
      guard case .region(.indexOutOfRange(let axis, _, let size)) = error.fault else { throw error }
      #expect(axis == 0 && size == 3)
    }
  }

  @Test func `one line for each question: what the array is, what is taken, where it goes`()
    async throws
  {
    let (floatFile, byteFile) = (
      try ones(.float32, [8, 90, 90], [0, 0, 0x80, 0x3F]), try ones(.uint8, [90, 90], [51])
    )
    defer { for file in [floatFile, byteFile] { try? FileManager.default.removeItem(at: file) } }
    let scan = try NPYArray(path: floatFile.path)
    let image = try NPYArray(path: byteFile.path)
    #expect(scan.header.dataOffset % 64 == 0)
    let region = Region(origin: [0, -3, 40], size: [2, 10, 60])
    let (a, b) = (
      try scan.cropRegion([1, 10..<74, 20..<84], as: Float.self),
      try scan.cropRegion(region, as: Float.self, padding: .reflect)
    )
    #expect(a.shape == [64, 64] && b.shape == [2, 10, 60])
    let c = try scan.cropRegion([5, .ellipsis, .slice(by: -2), .newAxis])
    #expect(c.shape == [90, 45, 1] && c.elementType == .float32)
    let pixels = try image.converted(to: Float.self, scale: 1 / 255).padded(.edge)
    let window: Region = [-1..<5, 3..<9]
    let d = try pixels.cropRegion(window)
    #expect(d.elements.allSatisfy { $0 == Float(51) * Float(1.0 / 255) })
    var output = [Float](repeating: 0, count: 36)
    try pixels.cropRegion(window, into: &output)
    #expect(output == d.elements)
    let corners = [[0, 0], [-8, 80]]
    let e = try pixels.cropRegions(origins: corners, size: [64, 64])
    #expect(e.shape == [2, 64, 64])
    let grid = try Region.grid(over: image.shape, size: [40], edge: .padded)
    let f = try await pixels.cropRegions(grid, parallelism: .automatic)
    #expect(f.shape == [3, 40, 90])
  }
}
