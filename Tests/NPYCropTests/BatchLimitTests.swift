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
        _ = try array.cropRegions(windows)
      },
      #expect(throws: NPYError.self) {
        _ = try array.elements(as: UInt8.self).cropRegions(windows)
      },
      #expect(throws: NPYError.self) {
        _ = try array.converted(to: UInt8.self).cropRegions(windows)
      },
      await #expect(throws: NPYError.self) {
        try await array.cropRegions(windows, parallelism: .automatic)
      },
      await #expect(throws: NPYError.self) {
        try await array.elements(as: UInt8.self).cropRegions(windows, parallelism: .automatic)
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

  /// Which tasks copy.
  private final class Witnesses: Sendable {
    // A lock that the thread sanitizer knows, unlike a Mutex.
    private let lock = NSLock()
    nonisolated(unsafe) private var tasks: Set<Int> = []

    var taskCount: Int { lock.withLock { unsafe tasks.count } }

    func note() {
      let task = unsafe withUnsafeCurrentTask { unsafe $0?.hashValue }
      _ = lock.withLock { unsafe tasks.insert(task ?? 0) }
    }
  }

  @Test func `a batch is copied by as many tasks as asked, within a multiple of the processors`()
    async throws
  {
    let folder = try TemporaryFolder()
    let header = try NPYHeader(elementType: .uint8, shape: [9])
    let bytes = header.serialized + Array(1...9)
    let opened = try NPYArray(path: folder.file("a.npy", bytes)).header
    let windows = [Region](repeating: [.slice(from: 0, to: 9, by: 2)], count: 4000)
    func tasks(_ parallelism: Int) async throws -> Int {
      let witnesses = Witnesses()
      let source = MemorySource(bytes, isLent: true) { witnesses.note() }
      let array = NPYArray(source: source, header: opened)
      let batch = try await array.elements(as: UInt8.self).cropRegions(
        windows, parallelism: .tasks(parallelism))
      #expect(batch.crop(ofWindow: 3999).elements == [1, 3, 5, 7, 9])
      return witnesses.taskCount
    }
    #expect(try await tasks(1) == 1)
    #expect(try await (2...4).contains(tasks(4)))
    #expect(try await (2...4 * SystemCall.processorCount).contains(tasks(.max)))
  }
}
