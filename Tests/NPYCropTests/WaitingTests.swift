import Glibc
import Synchronization
import Testing

@testable import NPYCrop

/// Crops that may have to wait for a disk do so on threads of their own, and not on those of the concurrency pool.
@Suite struct WaitingTests {
  private static let bytes = npyBytes(
    header: headerText(descr: "'|u1'", shape: "(200, 100)"), data: patternBytes(20_000))

  private func array(
    isAtHand: Bool?, onUse: @escaping @Sendable () -> Void
  ) throws -> NPYArray {
    let folder = try TemporaryFolder()
    let header = try NPYArray(path: folder.file("a.npy", Self.bytes)).header
    let source = MemorySource(Self.bytes, isLent: true, isAtHand: isAtHand, onUse: onUse)
    return NPYArray(source: source, header: header)
  }

  @Test(arguments: [true, false, nil], [Parallelism.automatic, 1, 3])
  func `what is not at hand is waited for outside of the pool, and the rest is copied in it`(
    isAtHand: Bool?, parallelism: Parallelism
  ) async throws {
    let (inPool, outside) = (Tally(), Tally())
    let array = try array(isAtHand: isAtHand) {
      let isInPool = unsafe withUnsafeCurrentTask { unsafe $0 != nil }
      if isInPool { inPool.add() } else { outside.add() }
    }
    let region: Region = [20..<40, 3..<90]
    let crop = try await array.cropRegion(region, parallelism: parallelism)
    #expect(crop.bytes == Self.bytes.suffix(20_000)[...].cropped(20..<40, 3..<90))
    #expect(inPool.count + outside.count > 0)
    #expect(isAtHand == false ? inPool.count == 0 : outside.count == 0)
  }

  @Test func `more crops wait at once than the pool has threads`() async throws {
    let (waiting, isGo, givenUp) = (Tally(), Tally(), Tally())
    // As many as wait at once. If they kept threads of the pool, there would be no more than those.
    let crops = 60
    try #require(crops > SystemCall.processorCount)
    let array = try array(isAtHand: false) {
      if waiting.add() == crops { isGo.add() }
      // Ten minutes at most, in which the other tests have their turns: a failure, and no deadlock.
      for _ in 0..<60_000 where isGo.count == 0 { usleep(10_000) }
      if isGo.add() == 1 { givenUp.add() }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<crops {
        group.addTask { _ = try await array.cropRegion([number, 0..<9], parallelism: 1) }
      }
      try await group.waitForAll()
    }
    #expect(givenUp.count == 0 && waiting.count == crops)
  }

  @Test func `work in plenty is done by some threads, all of it`() async {
    let running = Running()
    let sum = await withTaskGroup(of: Int.self) { group in
      for number in 0..<500 {
        group.addTask {
          await WaitingThreads.run {
            running.begin()
            usleep(500)
            running.end()
            return number
          }
        }
      }
      return await group.reduce(0, +)
    }
    #expect(sum == 499 * 250)
    #expect(running.most.load(ordering: .relaxed) <= 64)
  }

  #if DEBUG
    @Test(
      .enabled(if: FetchTests.canBeCold, "needs Linux 6.5, and temporary files that can be cold"),
      arguments: [EIO, ENOMEM])
    func `an error of the disk is the error of a crop that waited for it`(number: Int32)
      async throws
    {
      let folder = try TemporaryFolder()
      let path = try folder.file("a.npy", Self.bytes)
      let array = try NPYArray(path: path, access: .positionedReads)
      try #require(try FetchTests.drop(path, byteCount: array.fileByteCount))
      let failure = ForcedFailure(.pread, .errno(number))
      let error = await #expect(throws: NPYError.self) {
        try await ForcedFailure.$current.withValue(failure) {
          try await array.cropRegion([.all, 3], parallelism: 1)
        }
      }
      #expect(error?.fault == .file(.system(call: .pread, errno: number)))
      let crop = try await array.cropRegion([.all, 3], parallelism: 1)
      #expect(crop.bytes.count == 200)
    }
  #endif
}

/// How much runs at once.
private final class Running: Sendable {
  private let now = Atomic<Int>(0)
  let most = Atomic<Int>(0)

  func begin() { most.max(now.add(1, ordering: .relaxed).newValue, ordering: .relaxed) }
  func end() { now.subtract(1, ordering: .relaxed) }
}

extension ArraySlice<UInt8> {
  /// Some of the rows of 100, and some of their columns.
  fileprivate func cropped(_ rows: Range<Int>, _ columns: Range<Int>) -> [UInt8] {
    rows.flatMap { row in columns.map { self[startIndex + 100 * row + $0] } }
  }
}
