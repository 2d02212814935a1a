import Foundation
import NPYCrop
import Testing

/// The examples of the README, of the articles and of comments, as a client compiles and runs them.
///
/// `ExampleTests` sees to it that none is missing here.
@Suite struct DocumentationTests {
  private func show<T>(_ crop: Crop<T>) {}
  /// What the examples print is not for the report.
  private func print(_ things: Any...) {}

  /// A folder with a file for each array of the examples.
  private struct Files: ~Copyable {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("npycrop-\(UUID().uuidString)")

    init() throws {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// A file of elements that are all the same.
    func array(_ name: String, _ type: String, _ shape: [Int], of element: [UInt8]) throws -> String
    {
      let header = try NPYHeader(elementType: ElementType(type), shape: shape)
      let data = [[UInt8]](repeating: element, count: shape.reduce(1, *)).flatMap { $0 }
      let url = folder.appendingPathComponent(name)
      try Data(header.serialized + data).write(to: url)
      return url.path
    }

    /// A file of zeros that takes no room on the disk.
    func zeros(_ name: String, _ type: String, _ shape: [Int]) throws -> String {
      let header = try NPYHeader(elementType: ElementType(type), shape: shape)
      let url = folder.appendingPathComponent(name)
      try Data(header.serialized).write(to: url)
      let file = try FileHandle(forWritingTo: url)
      try file.truncate(atOffset: UInt64(header.dataEnd))
      try file.close()
      return url.path
    }

    /// The file of the README.
    func scan() throws -> String { try zeros("scan.npy", "<f4", [300, 512, 512]) }
    /// An image of bytes.
    func image(_ shape: [Int] = [600, 700]) throws -> String {
      try array("image.npy", "|u1", shape, of: [51])
    }
  }

  @Test func `opening, cropping and writing a crop`() throws {
    let files = try Files()
    let (scanPath, url) = (try files.scan(), files.folder.appendingPathComponent("crop.npy"))
    let patch = try cropRegion([150, 100..<164, 200..<264], of: scanPath, as: Float.self)
    #expect(patch.shape == [64, 64])
    let scan = try NPYArray(path: scanPath)
    print(scan.shape, scan.elementType.name)
    let window = try scan.cropRegion([150, 100..<164, 200..<264], as: Float.self)
    print(window.shape, window[0, 0], window.elements.count)
    #expect(window == patch)
    let region = Region(origin: [150, 100, 200], size: [1, 64, 64])
    let raw = try scan.cropRegion(region)
    let header = try NPYHeader(elementType: raw.elementType, shape: raw.shape, order: raw.order)
    try Data(header.serialized + raw.bytes).write(to: url)
    #expect(try NPYArray(path: url.path).cropRegion(.all) == raw)
    var output = [Float](repeating: 0, count: 64 * 64)
    try scan.cropRegion(region, into: &output)
    let floats = try scan.elements(as: Float.self)
    let first = try floats.cropRegion([0])
    #expect(first.shape == [512, 512])
    let plan = try floats.plan(region)
    var count = 0
    for slab in plan.slabs(ofAtMost: 64 << 20) {
      let part = try floats.cropRegion(slab)
      count += part.elements.count
    }
    #expect(count == plan.elementCount)
    try scan.cropRegion([1, 2, 0..<8], into: &output[0..<8])
    let sum = try scan.withSpan(of: [150, 100..<164], as: Float.self) { span in
      var sum: Float = 0
      for index in span.indices { sum += span[index] }
      return sum
    }
    #expect(sum == 0)
    do {
      let rows = try scan.elements(as: Float.self)
      let sum = try rows.withSpan(of: [150, 100..<164]) { span in
        var sum: Float = 0
        for index in span.indices { sum += span[index] }
        return sum
      }
      #expect(sum == 0)
    }
    do {
      let scan = try NPYArray(path: files.zeros("plane.npy", "<f4", [100, 100]))
      let window = try scan.cropRegion([10..<74, 20..<84], as: Float.self)
      print(window.elements.count)
      #expect(window.elements.count == 4096)
    }
  }

  @Test func `what a crop costs, and how much memory it may take`() async throws {
    let files = try Files()
    let path = try files.scan()
    let slides = try NPYArray(path: path, memoryBudget: .bytes(256 << 20))
    #expect(try slides.cropRegion([0]).bytes.count == 1 << 20)
    let scan = try NPYArray(path: path).elements(as: Float.self)
    let tile = try await scan.cropRegion([150, 100..<164, 200..<264], parallelism: 1)
    #expect(tile.shape == [64, 64])
    let plan = try scan.plan([.all, 100, 200])
    let cost = try scan.cost(of: plan)
    print(cost.pageCount, cost.cachedPageCount ?? -1, cost.diskByteCount ?? -1)
    #expect(cost.pageCount == 300)
  }

  @Test func `files that are not alone, and names that are not UTF-8`() throws {
    let files = try Files()
    let path = try files.array("two.npy", "<f4", [2], of: [0, 0, 0, 0])
    let both = try Data(contentsOf: URL(fileURLWithPath: path))
    try (both + both).write(to: URL(fileURLWithPath: path))
    let file = try files.zeros("dump.bin", "<i2", [600, 512])
    let scan = try NPYArray(path: path)
    let second = try NPYArray(path: path, offset: scan.header.dataEnd)
    let dump = try NPYArray(
      path: file, elementType: ElementType(">i2"), shape: [512, 512], order: .fortran, offset: 4096)
    #expect(second.shape == [2] && dump.shape == [512, 512])
    let strict = try NPYArray(
      path: path, access: .automatic, verification: .strict, advice: .random)
    #expect(strict.shape == [2])
    do {
      let array = try NPYArray(path: path, advice: .random)
      #expect(array.shape == [2])
    }
    let folder = Array(files.folder.path.utf8) + [0x2F]
    let latin = folder + [0x63, 0x61, 0xE9, 0x2E, 0x6E, 0x70, 0x79]
    #expect(throws: NPYError.self) {
      // There is no such file here: its name is all that is shown.
      let name: [UInt8] = [0x63, 0x61, 0xE9, 0x2E, 0x6E, 0x70, 0x79]
      let scan = try NPYArray(path: name)
      print(scan.path)
    }
    let error = #expect(throws: NPYError.self) { try NPYArray(path: latin) }
    #expect(error?.path.hasSuffix(#"/ca\xE9.npy"#) == true)
  }

  @Test func `regions, boxes and slices`() throws {
    let files = try Files()
    let scan = try NPYArray(path: files.scan())
    let rows = try scan.cropRegion([5, .ellipsis, .slice(by: -2), .newAxis])
    let last = try scan.cropRegion(Region(numpy: "-1, 10:9999, ::-1"))
    let rest = try scan.cropRegion([0, 500..., ..<20])
    let box = try scan.cropRegion(Region(origin: [0, 10, 20], size: [1, 64, 64]))
    #expect(rest.shape == [12, 20])
    #expect(rows.shape == [512, 256, 1] && last.shape == [502, 512] && box.shape == [1, 64, 64])
    let around = Region(center: [1, 40, 40], size: [1, 16, 16])
    let wider = try around.expanded(by: [0, 8, 8]).clipped(to: scan.shape)
    #expect(wider == [1..<2, 24..<56, 24..<56])
    do {
      let every = try scan[150, .slice(by: 2), .slice(by: -1)]
      print(every.shape, every.strides)
      #expect(every.shape == [256, 512])
    }
    do {
      let window: Region = [10..<74, 20..<84]
      let same = Region(origin: [10, 20], size: [64, 64])
      let odd: Region = [5, .ellipsis, .slice(by: -2), .newAxis]
      let text = try Region(numpy: "10:74, ::-1, ..., -1")
      #expect(window == same && odd != text)
    }
    do {
      let image = try NPYArray(path: files.image([60, 70, 3]))
      let red = try image[.ellipsis, 0]
      let every = try image[.slice(by: 2), .slice(by: -1)]
      #expect(red.shape == [60, 70] && every.shape == [30, 70, 3])
    }
  }

  @Test func `padding`() throws {
    let files = try Files()
    let scan = try NPYArray(path: files.scan())
    let tile = try scan.cropRegion([150, -8..<56, 480..<544], as: Float.self, padding: .reflect)
    if let own = tile.validRegion { print(own) }
    let mask = try tile.validMask()
    #expect(tile.validRegion == [8..<64, 0..<32] && mask.count == 4096)
    let region = Region(origin: [150, -3, 500], size: [1, 64, 64])
    let mixed = try scan.cropRegion(region, as: Float.self, padding: [.none, .edge, .constant(-1)])
    #expect(mixed[0, 0, 63] == -1)
    let image = try NPYArray(path: files.image())
    let pixels = try image.converted(to: Float.self, scale: 1 / 255).padded(.edge).ordered(.fortran)
    let corner = try pixels.cropRegion([-8..<56, 0..<64])
    #expect(corner.order == .fortran && corner[0, 0] == Float(51) * Float(1.0 / 255))
    do {
      let scan = try NPYArray(path: files.zeros("plane.npy", "<f4", [512, 512]))
      let region: Region = [-1..<3, 500..<520]
      let tile = try scan.cropRegion([-8..<56, 500..<564], as: Float.self, padding: .reflect)
      let frame = try scan.cropRegion(region, as: Float.self, padding: .constant(-1))
      #expect(tile.shape == [64, 64] && frame[0, 0] == -1)
    }
    do {
      let scan = try NPYArray(path: files.scan())
      let mixed = try scan.cropRegion(region, as: Float.self, padding: [.none, .edge, .wrap])
      #expect(mixed.shape == [1, 64, 64])
    }
  }

  @Test func `conversions, fields, text and time`() throws {
    let files = try Files()
    let image = try NPYArray(path: files.image())
    let scan = try NPYArray(path: files.scan())
    let region = Region(origin: [150, 100, 200], size: [1, 64, 64])
    let checkpoint = try NPYArray(path: files.array("w.npy", "|V2", [2], of: [0x80, 0x3F]))
    let pixels = try image.converted(to: Float.self, scale: 1 / 255)
    let whole = try scan.converted(to: Int16.self, casting: .unsafe).cropRegion(region)
    let weights = try checkpoint.viewed(as: .bfloat16).converted(to: Float.self)
    let raw = try image.converted(to: ElementType(">f4")).cropRegion([0..<64, 0..<64])
    #expect(pixels.shape == image.shape && whole.elements.count == 4096)
    #expect(try weights.cropRegion(.all).elements == [1, 1])
    #expect(raw.bytes.prefix(4) == [0x42, 0x4C, 0, 0])
    let window = try pixels.cropRegion([0..<64, 0..<64])
    #expect(window.elements.count == 4096)

    let header =
      "{'descr': [('id', '<u4'), ('position', [('x', '<f4'), ('y', '<f4')])], "
      + "'fortran_order': False, 'shape': (1000,), }"
    let prefix: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, UInt8(header.utf8.count), 0]
    let url = files.folder.appendingPathComponent("particles.npy")
    try Data(prefix + Array(header.utf8) + [UInt8](repeating: 0, count: 12_000)).write(to: url)
    let particles = try NPYArray(path: url.path)
    let x = try particles.field("position").field("x")
    print(x.shape, x.strides)
    for field in particles.fields {
      print(field.name, field.elementType, field.shape, field.offset)
    }
    let first = try x.cropRegion([0..<1000], as: Float.self)
    #expect(x.strides == [12] && first.elements.count == 1000)

    let labels = try NPYArray(path: files.array("l.npy", "<U1", [10], of: [0x61, 0, 0, 0]))
    let stamps = try NPYArray(
      path: files.array("t.npy", "<M8[s]", [3], of: [1, 0, 0, 0, 0, 0, 0, 0]))
    let names = try labels.cropRegion([0..<10]).strings()
    let times = try stamps.cropRegion(.all).times()
    #expect(names == [String](repeating: "a", count: 10) && times.count == 3)
  }

  @Test func `batches and grids`() async throws {
    let files = try Files()
    let scan = try NPYArray(path: files.scan())
    let floats = try scan.elements(as: Float.self)
    let corners = [[0, 0, 0], [1, 3, 4], [2, 6, 6], [0, 1, 1]]
    let boxes: [Region] = [[0, 0..<4], [1, 2, 3..<9]]
    let cores = [Region(origin: [0, 20, 20], size: [1, 8, 8])]
    let batch = try floats.cropRegions(origins: corners, size: [1, 64, 64])
    print(batch.shape, batch[3].count)
    let fourth = batch.crop(ofWindow: 3)
    #expect(fourth.shape == [1, 64, 64])
    var block = [Float](repeating: 1, count: 4 * 4096)
    let windows = Region.windows(at: corners, size: [1, 64, 64])
    try floats.cropRegions(windows, into: &block)
    let many = try floats.plan(windows)
    let again = try floats.cropRegions(many)
    #expect(again == batch && block == batch.elements)
    for crop in floats.crops(of: boxes) { show(try crop.get()) }
    let tiles = try Region.grid(
      over: scan.shape, size: [1, 256, 256], step: [1, 224, 224], edge: .padded)
    #expect(tiles.count == 2700)
    do {
      let tiles = tiles.prefix(5)
      let first = try await floats.padded(.edge).cropRegions(
        tiles.prefix(500), parallelism: .automatic)
      #expect(first.count == 5)
    }
    let overlapping = try cores.map { try $0.expanded(by: [0, 16, 16]) }
    #expect(overlapping == [[0..<1, 4..<44, 4..<44]])
    do {
      let array = scan
      let batch = try await array.cropRegions(windows, parallelism: .automatic)
      let same = try await array.cropRegions(windows, parallelism: 4)
      #expect(batch == same)
    }
    do {
      let scan = floats
      for crop in scan.crops(of: boxes) { show(try crop.get()) }
    }
    do {
      let slide = try NPYArray(path: files.image())
      let tiles = try Region.grid(
        over: slide.shape, size: [512, 512], step: [448, 448], edge: .padded)
      let batch = try slide.padded(.reflect).cropRegions(tiles.prefix(64))
      #expect(batch.count == 4)
    }
    do {
      let image = try NPYArray(path: files.image())
      let corners = [[0, 0], [9, 9]]
      let pixels = try image.converted(to: Float.self, scale: 1 / 255).padded(.edge)
      let patch = try pixels.cropRegion([-8..<56, 500..<564])
      let batch = try pixels.cropRegions(origins: corners, size: [64, 64])
      #expect(patch.shape == [64, 64] && batch.count == 2)
    }
  }

  @Test func `the README's overview`() async throws {
    let files = try Files()
    let scan = try NPYArray(path: files.scan())
    let image = try NPYArray(path: files.image())
    let floats = try scan.elements(as: Float.self)
    let (region, corners) = (Region(origin: [1, 2, 3], size: [1, 64, 64]), [[0, 0, 0]])
    let tiles = try Region.grid(over: scan.shape, size: [1, 256, 256]).prefix(3)
    var output = [Float](repeating: 1, count: 4096)
    let pixels = try image.converted(to: Float.self, scale: 1 / 255).padded(.edge)
    let corner = try pixels.cropRegion([-8..<56, 0..<64])
    try scan.cropRegion(region, into: &output)
    let batch = try floats.cropRegions(origins: corners, size: [1, 64, 64])
    let first = try await floats.cropRegions(tiles.prefix(500), parallelism: .automatic)
    let (zs, ys, xs) = ([0, 1], [2, -1], [3, 4])
    let values = try floats.cropRegion(.points(zs, ys, xs))
    #expect(values.elements.count == 2)
    #expect(corner.shape == [64, 64] && output == batch.elements && first.count == 3)
  }

  @Test func `errors`() throws {
    let files = try Files()
    let scan = try NPYArray(path: files.scan())
    do {
      _ = try scan.cropRegion([300], as: Float.self)
    } catch {
      print(error)
      if case .region(.indexOutOfRange(let axis, _, let size)) = error.fault { print(axis, size) }
      #expect(error.fault == .region(.indexOutOfRange(axis: 0, index: 300, size: 300)))
    }
  }

  @Test func `a cache of arrays opens a file again when it was replaced`() async throws {
    let files = try Files()
    let cache = ArrayCache(capacity: 2)
    let (first, second) = (
      try files.array("a.npy", "|u1", [2], of: [1]), try files.array("b.npy", "|u1", [3], of: [2])
    )
    #expect(try await cache.array(at: first).shape == [2])
    let old = try await cache.array(at: first)
    #expect(unsafe rename(second, first) == 0)
    #expect(try await cache.array(at: first).shape == [3])
    #expect(try old.cropRegion(.all).bytes == [1, 1])
    for name in ["c", "d"] {
      let path = try files.array(name, "|u1", [4], of: [3])
      #expect(try await cache.array(at: path).shape == [4])
    }
    #expect(await cache.count == 2)
  }

  @Test func `one line for each question: what the array is, what is taken, where it goes`()
    async throws
  {
    let files = try Files()
    let scan = try NPYArray(
      path: files.array("scan.npy", "<f4", [8, 90, 90], of: [0, 0, 0x80, 0x3F]))
    let image = try NPYArray(path: files.image([90, 90]))
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

/// Arrays that stay open, those that were asked for longest ago closed first.
private actor ArrayCache {
  private var arrays: [String: NPYArray] = [:]
  private var recent: [String] = []
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  var count: Int { arrays.count }

  func array(at path: String) throws -> NPYArray {
    if let array = arrays[path], try array.isCurrent() {
      recent.removeAll { $0 == path }
      recent.append(path)
      return array
    }
    let array = try NPYArray(path: path)
    arrays[path] = array
    recent.removeAll { $0 == path }
    recent.append(path)
    if recent.count > capacity { arrays[recent.removeFirst()] = nil }
    return array
  }
}
