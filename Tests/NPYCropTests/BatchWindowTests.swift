import Testing

@testable import NPYCrop

@Suite struct BatchWindowTests {
  @Test func `a window that a batch does not have has no valid part`() throws {
    let folder = try TemporaryFolder()
    let header = try NPYHeader(elementType: .uint8, shape: [4])
    let array = try NPYArray(path: folder.file("a.npy", header.serialized + [1, 2, 3, 4]))
    let windows = Region.windows(at: [[-1], [1]], size: [2])
    let typed = try array.elements(as: UInt8.self).padded(.edge).cropRegions(windows)
    let raw = try array.padded(.edge).cropRegions(windows)
    #expect(typed.validRegion(ofWindow: 0) == [1..<2] && raw.validRegion(ofWindow: 0) == [1..<2])
    #expect(typed.validRegion(ofWindow: 1) == [0..<2] && raw.validRegion(ofWindow: 1) == [0..<2])
    #expect(try typed.validMask(ofWindow: 0) == [false, true])
    #expect(try raw.validMask(ofWindow: 0) == [false, true])
    for window in [Int.min, -1, 2, Int.max] {
      #expect(typed.validRegion(ofWindow: window) == nil)
      #expect(raw.validRegion(ofWindow: window) == nil)
      #expect(try typed.validMask(ofWindow: window).isEmpty)
      #expect(try raw.validMask(ofWindow: window).isEmpty)
    }
  }

  @Test func `windows by their origins come in the order that is asked, and padded`() throws {
    let folder = try TemporaryFolder()
    let header = try NPYHeader(elementType: .uint8, shape: [3, 4])
    let array = try NPYArray(path: folder.file("a.npy", header.serialized + Array(0..<12)))
    let origins = [[0, 0], [1, 2], [2, 3]]
    for order in [MemoryOrder.c, .fortran] {
      let regions = origins.map { Region(origin: $0, size: [2, 2]) }
      let expected = try array.padded(.edge).ordered(order).cropRegions(regions)
      let bytes = try regions.flatMap {
        try array.cropRegion($0, padding: .edge, order: order).bytes
      }
      let raw = try array.padded(.edge).ordered(order).cropRegions(origins: origins, size: [2, 2])
      #expect(raw == expected && raw.bytes == bytes && raw.order == order)
    }
  }
}
