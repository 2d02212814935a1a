import Foundation
import Glibc
import Testing

@testable import NPYCrop

/// Batches beyond what memory, numbers and processors allow.
@Suite struct BatchLimitTests {
  @Test func `a batch that memory has no room for is an error of every call that allocates`()
    async throws
  {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.bin", [])
    try #require(unsafe truncate(path, 1 << 30) == 0)
    let array = try NPYArray(path: path, elementType: .uint8, shape: [1 << 30])
    // More bytes than a process has addresses.
    let windows = [Region](repeating: .all, count: 200_000)
    let fault = NPYError.Fault.crop(.outOfMemory(byteCount: windows.count << 30))
    let errors = [
      #expect(throws: NPYError.self) {
        try inThisTask { _ = try array.cropRegions(windows) }
      },
      #expect(throws: NPYError.self) {
        try inThisTask { _ = try array.cropRegions(windows, as: UInt8.self) }
      },
      #expect(throws: NPYError.self) {
        try inThisTask { _ = try array.cropRegions(windows, convertingTo: UInt8.self) }
      },
      await #expect(throws: NPYError.self) { try await array.cropRegions(windows) },
      await #expect(throws: NPYError.self) {
        try await array.cropRegions(windows, as: UInt8.self)
      },
    ]
    for error in errors { #expect(error?.fault == fault) }
  }

  @Test func `more elements than can be counted are an error, though they have no bytes`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "a.npy", npyBytes(header: headerText(descr: "'|V0'", shape: "(4611686018427387904,)")))
    let array = try NPYArray(path: path)
    let error = #expect(throws: NPYError.self) {
      try array.cropRegions([Region](repeating: .all, count: 4))
    }
    #expect(error?.fault == .region(.resultTooBig(shape: [4, 1 << 62], itemSize: 0)))
  }

  /// Windows that are planned again when they are copied, and note which task asks.
  private final class Witnesses: RandomAccessCollection, Sendable {
    typealias Index = Int
    typealias Element = Region
    let asked = Tally()
    // A lock that the thread sanitizer knows, unlike a Mutex.
    private let lock = NSLock()
    nonisolated(unsafe) private var tasks: Set<Int> = []

    var taskCount: Int { lock.withLock { unsafe tasks.count } }

    var startIndex: Int { 0 }
    var endIndex: Int { 4000 }
    subscript(position: Int) -> Region {
      if asked.add() > endIndex {
        let task = unsafe withUnsafeCurrentTask { unsafe $0?.hashValue }
        _ = lock.withLock { unsafe tasks.insert(task ?? 0) }
      }
      return [.slice(from: 0, to: 9, by: 2)]
    }
  }

  @Test func `a batch is copied by as many tasks as asked, within a multiple of the processors`()
    async throws
  {
    let folder = try TemporaryFolder()
    let header = try NPYHeader(elementType: .uint8, shape: [9])
    let array = try NPYArray(path: folder.file("a.npy", header.serialized + Array(1...9)))
    func tasks(_ parallelism: Int) async throws -> Int {
      let windows = Witnesses()
      let batch = try await array.cropRegions(windows, as: UInt8.self, parallelism: parallelism)
      #expect(batch.crop(ofWindow: 3999).elements == [1, 3, 5, 7, 9])
      return windows.taskCount
    }
    #expect(try await tasks(1) == 1)
    #expect(try await (2...4).contains(tasks(4)))
    #expect(try await (2...4 * processorCount()).contains(tasks(.max)))
  }
}
