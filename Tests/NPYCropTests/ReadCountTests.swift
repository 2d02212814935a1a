import Foundation
import Synchronization
import Testing

@testable import NPYCrop

/// Which read of a source is the last one, whichever threads the reads are in.
@Suite struct ReadCountTests {
  /// A count that macros can look at.
  private final class Reads: Sendable {
    let count = ReadCount()
    func begin() -> Int? { count.begin() }
    func end(_ visit: Int?) -> Bool { count.end(visit) }
    func close() -> Bool { count.close() }
  }

  @Test func `a source without reads is at its end when it is closed`() {
    let reads = Reads()
    let visit = reads.begin()
    #expect(visit != nil)
    #expect(!reads.end(visit))
    #expect(reads.close())
    #expect(reads.begin() == nil)
  }

  @Test func `the last of the reads that were under way is told so, and so is none before it`() {
    let reads = Reads()
    let visits = [reads.begin(), reads.begin(), reads.begin()]
    #expect(!reads.close())
    #expect(!reads.end(visits[2]))
    #expect(!reads.end(visits[0]))
    #expect(reads.end(visits[1]))
  }

  @Test func `a read that comes too late ends without a trace`() {
    let reads = Reads()
    let visit = reads.begin()
    _ = reads.close()
    #expect(reads.begin() == nil)
    #expect(!reads.end(nil))
    #expect(reads.end(visit))
  }

  @Test func `a read that comes too late is the last one where it hid that the others had ended`() {
    let reads = Reads()
    let visit = reads.begin()
    _ = reads.close()
    #expect(reads.begin() == nil)
    #expect(!reads.end(visit))
    #expect(reads.end(nil))
  }

  @Test
  func `of many threads that read while a source is closed, none reads after its end was told`() {
    final class Shared: Sendable {
      let reads = Reads()
      let isOver = Atomic(false)
      let late = Atomic(0)
      let ends = Atomic(0)
      func ended() {
        isOver.store(true, ordering: .sequentiallyConsistent)
        ends.add(1, ordering: .relaxed)
      }
    }
    for _ in 0..<200 {
      let shared = Shared()
      DispatchQueue.concurrentPerform(iterations: 8) { thread in
        for round in 0..<100 {
          if thread == 0, round == 50 {
            if shared.reads.close() { shared.ended() }
          }
          guard let visit = shared.reads.begin() else {
            if shared.reads.end(nil) { shared.ended() }
            continue
          }
          if shared.isOver.load(ordering: .sequentiallyConsistent) {
            shared.late.add(1, ordering: .relaxed)
          }
          if shared.reads.end(visit) { shared.ended() }
        }
      }
      #expect(shared.late.load(ordering: .relaxed) == 0)
      #expect(shared.ends.load(ordering: .relaxed) >= 1)
    }
  }
}
