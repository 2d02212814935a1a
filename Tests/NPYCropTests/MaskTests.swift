import Testing

@testable import NPYCrop

@Suite struct MaskTests {
  private func bytes(_ folder: TemporaryFolder, _ shape: [Int], order: String = "False") throws
    -> NPYArray
  {
    let count = shape.reduce(1, *)
    return try NPYArray(
      path: folder.file(
        "a.npy",
        npyBytes(
          header: headerText(descr: "'|u1'", order: order, shape: tupleText(shape)),
          data: (0..<count).map { UInt8(truncatingIfNeeded: $0) })))
  }

  private func mask(
    _ folder: TemporaryFolder, _ shape: [Int], order: String = "False", _ flags: [UInt8]
  ) throws -> NPYArray {
    try NPYArray(
      path: folder.file(
        "mask.npy",
        npyBytes(
          header: headerText(descr: "'|b1'", order: order, shape: tupleText(shape)), data: flags)))
  }

  @Test func `a mask takes rows along its axis, or elements of the axes that it is for`() throws {
    let folder = try TemporaryFolder()
    let array = try bytes(folder, [3, 4, 2])
    let rows = try array.cropRegion([.mask([true, false, true])])
    #expect(rows.shape == [2, 4, 2] && rows.bytes == Array(0..<8) + Array(16..<24))
    let columns = try array.cropRegion([.all, .mask([false, true, false, true]), 0])
    #expect(columns.shape == [3, 2] && columns.bytes == [2, 6, 10, 14, 18, 22])
    let flags = (0..<12).map { $0 % 5 == 0 }
    let leading = try array.cropRegion([.mask(flags, shape: [3, 4])])
    #expect(leading.shape == [3, 2] && leading.bytes == [0, 1, 10, 11, 20, 21])
    let whole = try array.cropRegion([.mask((0..<24).map { $0 % 7 == 0 }, shape: [3, 4, 2])])
    #expect(whole.shape == [4] && whole.bytes == [0, 7, 14, 21])
    let nothing = try array.cropRegion([.mask([false, false, false])])
    #expect(nothing.shape == [0, 4, 2] && nothing.bytes.isEmpty)
    let trailing = try array.cropRegion([1, .mask((0..<8).map { $0 > 5 }, shape: [4, 2])])
    #expect(trailing.bytes == [14, 15])
  }

  @Test func `a mask in a file is the same whole and part by part, in either order of the two`()
    throws
  {
    let folder = try TemporaryFolder()
    // Bytes other than 0 and 1 are true, too.
    let flags: [UInt8] = (0..<60).map { $0 % 3 == 1 ? UInt8($0) : 0 }
    for order in ["False", "True"] {
      for other in ["False", "True"] {
        let array = try bytes(folder, [5, 12, 3], order: order)
        let mask = try mask(folder, [5, 12], order: other, flags)
        let whole = try array.cropRegion(Region(mask: mask))
        #expect(whole.shape == [20, 3])
        let all = try mask.cropRegion(.all).bytes.map { $0 != 0 }
        #expect(try array.cropRegion([.mask(all, shape: [5, 12])]) == whole)
        for limit in [1, 7, 24, 1000] {
          var regions = try MaskRegions(of: mask, ofAtMost: limit)
          #expect(regions.count == 20)
          #expect(try array.plan(regions.none).shape == [0, 3])
          var parts: [UInt8] = []
          while let region = try regions.next() { parts += try array.cropRegion(region).bytes }
          #expect(parts == whole.bytes, "\(limit)")
          #expect(try regions.next() == nil)
        }
      }
    }
  }

  @Test func `a mask of no axes takes an array of no axes once, or not at all`() throws {
    let folder = try TemporaryFolder()
    let array = try bytes(folder, [])
    for (flag, count) in [(UInt8(1), 1), (0, 0)] {
      let mask = try mask(folder, [], [flag])
      #expect(try array.cropRegion(Region(mask: mask)).shape == [count])
      var regions = try MaskRegions(of: mask)
      #expect(regions.count == count)
      #expect(try (regions.next() == nil) == (count == 0))
    }
  }

  @Test func `what is no mask, or one for other axes, is refused`() throws {
    let folder = try TemporaryFolder()
    let array = try bytes(folder, [3, 4])
    for make in [{ _ = try Region(mask: $0) }, { _ = try MaskRegions(of: $0) }]
      as [(NPYArray) throws -> Void]
    {
      let error = #expect(throws: NPYError.self) { try make(array) }
      #expect(error?.fault == .region(.notAMask(elementType: "uint8")))
    }
    let mask = try mask(folder, [4, 3], [UInt8](repeating: 1, count: 12))
    let error = #expect(throws: NPYError.self) { try array.cropRegion(Region(mask: mask)) }
    #expect(error?.fault == .region(.maskShape(axis: 0, mask: [4, 3], found: [3, 4])))
  }
}
