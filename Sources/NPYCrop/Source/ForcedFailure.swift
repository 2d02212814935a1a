import Synchronization

/// Makes system calls fail, or other programs act between them, to test how the library reacts; empty
/// in release builds.
final class ForcedFailure: Sendable {
  enum Effect: Sendable {
    /// The call fails with this `errno`.
    case errno(Int32)
    /// A read gives no more than so many bytes.
    case shortRead(Int)
    /// Something is done before the call, which is told its number, and the call is made.
    case meanwhile(@Sendable (Int) -> Void)
  }

  /// The call that is struck; nil for every call.
  let call: FileError.Call?
  let effect: Effect
  /// The calls that are struck, counted from 0.
  let struck: Range<Int>
  private let count = Atomic<Int>(0)

  init(_ call: FileError.Call?, _ effect: Effect, at struck: Range<Int> = 0..<Int.max) {
    self.call = call
    self.effect = effect
    self.struck = struck
  }

  /// How many calls of its kind there were.
  var calls: Int { count.load(ordering: .relaxed) }

  #if DEBUG
    @TaskLocal static var current: ForcedFailure?

    /// The `errno` that a call is to fail with, if it is to fail.
    static func strike(_ call: FileError.Call) -> Int32? {
      guard let current, (current.call ?? call) == call else { return nil }
      let index = current.count.wrappingAdd(1, ordering: .relaxed).oldValue
      guard current.struck.contains(index) else { return nil }
      switch current.effect {
      case .errno(let number): return number
      case .meanwhile(let body): body(index)
      case .shortRead: break
      }
      return nil
    }

    /// Work that is struck as the calling task is, whichever thread it runs on.
    static func carried(_ work: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
      let current = current
      return { $current.withValue(current, operation: work) }
    }

    /// How many bytes a read may ask for.
    static func shortened(_ count: Int) -> Int {
      guard case .shortRead(let most) = current?.effect else { return count }
      return min(count, most)
    }
  #else
    @inline(__always)
    static func strike(_: FileError.Call) -> Int32? { nil }

    @inline(__always)
    static func shortened(_ count: Int) -> Int { count }

    @inline(__always)
    static func carried(_ work: @escaping @Sendable () -> Void) -> @Sendable () -> Void { work }
  #endif
}
