import Foundation
import NPYCrop
import Testing

/// Points, lists and masks as a client writes them, and the examples of their documentation.
@Suite struct PlaceListExampleTests {
  private func use(_ elements: [Float]) {}

  /// Runs `body` on a volume whose elements are their own numbers, its path, and a mask of every third element of its
  /// first two axes.
  private func withScan(_ body: (NPYArray, NPYArray) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("npycrop-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let shape = [4, 20, 30]
    let header = try NPYHeader(elementType: .float32, shape: shape)
    let data = (0..<2400).flatMap { number in
      let bits = Float(number).bitPattern
      return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt32($0))) }
    }
    let scan = folder.appendingPathComponent("scan.npy")
    try Data(header.serialized + data).write(to: scan)
    let flags = try NPYHeader(elementType: ElementType("?"), shape: [4, 20])
    let mask = folder.appendingPathComponent("mask.npy")
    try Data(flags.serialized + (0..<80).map { $0 % 3 == 0 ? 1 : 0 }).write(to: mask)
    try body(try NPYArray(path: scan.path), try NPYArray(path: mask.path))
  }

  @Test func `points are taken by a list for each axis, or by one flat list`() throws {
    try withScan { scan, _ in
      let (zs, ys, xs) = ([0, 3, 1], [5, -2, 0], [7, 0, 1])
      let flat = [0, 5, 7, 3, 12, 0, 1, 0, 1]
      let values = try scan.cropRegion(.points(zs, ys, xs), as: Float.self)
      let same = try scan.cropRegion(.points(flat, axes: 3), as: Float.self)
      #expect(values.elements == [157, 2340, 601] && same.shape == [3])
      #expect(same.elements == [157, 2160, 601])
      do {
        let values = try scan.cropRegion(.points([0, 5, 7, 1, 6, 7], axes: 3), as: Float.self)
        #expect(values.elements == [157, 787])
      }
      let patches = try scan.elements(as: Float.self).cropRegions(origins: flat, size: [1, 8, 8])
      #expect(patches.shape == [3, 1, 8, 8] && patches.elements[0] == 157)
      let region = try Region(numpy: "::2", after: .points(zs, ys))
      #expect(try scan.cropRegion(region).shape == [3, 15])
      let floats = try scan.elements(as: Float.self)
      do {
        let values = try floats.cropRegion(.points(zs, ys, xs))
        #expect(values.elements.count == 3)
      }
    }
  }

  @Test func `a mask takes the elements for which it is true`() throws {
    try withScan { scan, mask in
      let flags = [false, true, false, true]
      let bright = try scan.cropRegion([.mask(flags), 10..<20], as: Float.self)
      #expect(bright.shape == [2, 10, 30] && bright.elements[0] == 900)
      let cells = try scan.cropRegion(Region(mask: mask), as: Float.self)
      #expect(cells.shape == [27, 30] && cells[1, 0] == 90)
      var count = 0
      var regions = try MaskRegions(of: mask)
      while let region = try regions.next() {
        use(try scan.cropRegion(region, as: Float.self).elements)
        count += try scan.cropRegion(region).shape[0]
      }
      #expect(count == regions.count)
    }
  }
}
