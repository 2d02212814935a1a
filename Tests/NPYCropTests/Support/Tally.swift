import Synchronization

/// How often something happened, counted by several tasks at once.
final class Tally: Sendable {
  private let atomic = Atomic<Int>(0)

  var count: Int { atomic.load(ordering: .relaxed) }

  /// Counts one more, and tells how many these are: each number to one caller.
  @discardableResult
  func add() -> Int { atomic.add(1, ordering: .relaxed).newValue }
}
