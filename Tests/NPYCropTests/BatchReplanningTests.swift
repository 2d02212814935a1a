import Testing

@testable import NPYCrop

/// Windows that are too many to be kept are planned again when their turn comes: a collection that
/// gives another region then is noticed, whatever it is that differs.
@Suite struct BatchReplanningTests {
  /// Windows along the first axis that are the same whenever they are asked, or become others once
  /// each was asked.
  private struct Windows: RandomAccessCollection, Sendable {
    let asked = Tally()
    let startIndex = 0
    let endIndex = 2000
    let first: Region
    let second: Region

    subscript(position: Int) -> Region { asked.add() <= endIndex ? first : second }
  }

  /// Rows of one byte each, which hold their numbers.
  private func rows(_ folder: TemporaryFolder, access: Access) throws -> NPYArray {
    let header = try NPYHeader(elementType: .uint8, shape: [20, 1])
    let path = try folder.file("a.npy", header.serialized + Array(0..<20))
    return try NPYArray(path: path, access: access)
  }

  static let changes: [(Region, Region)] = [
    // The same bytes, first to last, from the other end.
    ([.slice(from: 0, to: 8, by: 2)], [.slice(from: 6, by: -2)]),
    // The same first byte, and a later last one.
    ([.slice(from: 0, to: 8, by: 2)], [.slice(from: 0, to: 12, by: 3)]),
    // The same bytes, of which some stand for what is outside.
    ([.indices([0, 19, 19])], [.indices([0, 19, 20])]),
    ([.indices([0, 19, 20])], [.indices([0, 19, 19])]),
    // Another shape.
    ([.slice(from: 0, to: 8, by: 2)], [.slice(from: 0, to: 10, by: 2)]),
  ]

  @Test(arguments: changes, [Access.mapped, .positionedReads])
  func `a window that became another one is an error that names it`(
    change: (first: Region, second: Region), access: Access
  ) throws {
    let folder = try TemporaryFolder()
    let array = try rows(folder, access: access)
    // Those that stay what they are show that the change is what is refused.
    let steady = Windows(first: change.first, second: change.first)
    let batch = try array.cropRegions(steady, padding: .edge, as: UInt8.self)
    let expected = try array.cropRegion(change.first, padding: .edge, as: UInt8.self)
    #expect(batch.crop(ofWindow: 1999) == expected)
    let error = #expect(throws: NPYError.self) {
      try array.cropRegions(
        Windows(first: change.first, second: change.second), padding: .edge, as: UInt8.self)
    }
    guard case .region(.regionsChanged(let window)) = error?.fault else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(window >= 1024)
  }

  @Test func `a batch goes through the file once, whatever the order of its windows`() throws {
    let folder = try TemporaryFolder()
    let array = try rows(folder, access: .automatic)
    let windows = [12, 3, 19, 0, 7].map { Region(origin: [$0, 0], size: [1, 1]) }
    let batch = try array.batch(windows, padding: .none, order: .c, as: nil, stride: 0)
    #expect(batch.items.map(\.window) == [3, 1, 4, 0, 2])
    #expect(try array.cropRegions(windows, as: UInt8.self).elements == [12, 3, 19, 0, 7])
  }

  @Test func `a batch knows where the last byte that any of its windows reads ends`() throws {
    let folder = try TemporaryFolder()
    let array = try rows(folder, access: .automatic)
    let boxes = [[3, 0], [11, 0], [7, 0]].map { Region(origin: $0, size: [2, 1]) }
    let lists = [[3, 1], [2, 11], [5, 4]].map { Region([AxisSelection(.indices($0))]) }
    for windows in [boxes, lists] {
      let batch = try array.batch(windows, padding: .none, order: .c, as: nil, stride: 0)
      #expect(batch.reach == (try windows.map { try array.plan($0).sourceEnd }.max()))
    }
    let last = try array.batch(boxes, padding: .none, order: .c, as: nil, stride: 0)
    #expect(last.reach == array.header.dataOffset + 13)
  }
}
