import Synchronization

/// A value under a lock that is held for a few instructions or a short system call.
///
/// A child of `fork` takes the lock over if a thread of its parent had it, for that thread does not exist in the child.
final class ProcessMutex<Value>: @unchecked Sendable {
  // Sendable, and sound without a check of exclusivity: the value is touched by the thread alone that has the lock.
  @exclusivity(unchecked) private var value: Value
  /// The process of that thread; 0 for none.
  private let holder = Atomic<Int32>(0)

  init(_ value: Value) { unsafe self.value = value }

  /// Runs `body` on the value while no other thread of the process does; not again within it.
  func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
    let own = SystemCall.processNumber
    var expected: Int32 = 0
    while true {
      let (isMine, found) = holder.compareExchange(
        expected: expected, desired: own, ordering: .acquiring)
      if isMine { break }
      if found == own { SystemCall.yield() }
      // That of another process is taken over.
      expected = found == own ? 0 : found
    }
    defer { holder.store(0, ordering: .releasing) }
    return unsafe body(&value)
  }
}
