import Synchronization

/// How often something happened, counted by several tasks at once.
final class Tally: Sendable {
  private let atomic = Atomic<Int>(0)

  var count: Int { atomic.load(ordering: .relaxed) }

  func add() { atomic.add(1, ordering: .relaxed) }
}
