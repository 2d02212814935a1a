import Testing

@testable import NPYCrop

/// A batch is planned once, from regions that are each asked for once: whatever their collection does
/// later, the plan is what it was.
@Suite struct BatchPlanTests {
  /// Windows along the first axis, which become others once each was asked for.
  private struct Fickle: RandomAccessCollection, Sendable {
    let asked = Tally()
    let startIndex = 0
    let endIndex = 2000

    subscript(position: Int) -> Region {
      let first = position % 3
      return asked.add() <= endIndex ? [.slice(from: first, to: first + 8, by: 2)] : [0..<20]
    }
  }

  /// Rows of one byte each, which hold their numbers.
  private func rows(_ folder: TemporaryFolder, access: Access) throws -> NPYArray {
    let header = try NPYHeader(elementType: .uint8, shape: [20, 1])
    let path = try folder.file("a.npy", header.serialized + Array(0..<20))
    return try NPYArray(path: path, access: access)
  }

  @Test(arguments: [Access.mapped, .positionedReads], [nil, 3])
  func `each region is asked for once`(access: Access, parallelism: Int?) async throws {
    let folder = try TemporaryFolder()
    let array = try rows(folder, access: access)
    let windows = Fickle()
    let batch =
      if let parallelism {
        try await array.elements(as: UInt8.self).cropRegions(
          windows, parallelism: .tasks(parallelism))
      } else {
        try array.elements(as: UInt8.self).cropRegions(windows)
      }
    #expect(windows.asked.count == 2000)
    var expected: [UInt8] = []
    for window in 0..<2000 { expected += [0, 2, 4, 6].map { UInt8(window % 3 + $0) } }
    #expect(batch.elements == expected)
  }

  @Test func `windows that differ in their place alone share a piece`() throws {
    let folder = try TemporaryFolder()
    let array = try rows(folder, access: .mapped)
    let windows = (0..<12).map { Region([.slice(from: $0, to: $0 + 8, by: 2)]) }
    let batch = try array.plan(windows)
    #expect(batch.parts?.pieces.count == 1)
    let padded = [[-1], [18], [-1]].map { Region(origin: $0, size: [3]) }
    let other = try array.padded(.edge).plan(padded)
    #expect(Set(other.parts?.places.map(\.piece) ?? []).count == 2)
    // The same elements, which stand for places outside in every other window.
    let mixed = (0..<100).map { [$0 % 2 == 0 ? 0 : -1, .newAxis] as Region }
    let both = try array.padded(.edge).plan(mixed)
    #expect(both.parts?.pieces.count == 2)
    #expect(try array.padded(.edge).cropRegions(padded).bytes == [0, 0, 1, 18, 19, 19, 0, 0, 1])
  }

  @Test func `a batch goes through the file once, whatever the order of its windows`() throws {
    let folder = try TemporaryFolder()
    let array = try rows(folder, access: .automatic)
    let windows = [12, 3, 19, 0, 7].map { Region(origin: [$0, 0], size: [1, 1]) }
    let batch = try array.plan(windows)
    #expect(batch.parts?.places.map(\.outputOffset) == [3, 1, 4, 0, 2])
    #expect(try array.elements(as: UInt8.self).cropRegions(windows).elements == [12, 3, 19, 0, 7])
  }

  @Test func `a batch knows where the last byte that any of its windows reads ends`() throws {
    let folder = try TemporaryFolder()
    let array = try rows(folder, access: .automatic)
    let boxes = [[3, 0], [11, 0], [7, 0]].map { Region(origin: $0, size: [2, 1]) }
    let lists = [[3, 1], [2, 11], [5, 4]].map { Region([AxisSelection(.indices($0))]) }
    for windows in [boxes, lists] {
      let batch = try array.plan(windows)
      #expect(batch.sourceEnd == (try windows.map { try array.plan($0).sourceEnd }.max()))
    }
    let last = try array.plan(boxes)
    #expect(last.sourceEnd == array.header.dataOffset + 13)
  }
}
