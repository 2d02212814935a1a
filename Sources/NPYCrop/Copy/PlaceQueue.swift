import Synchronization

// How a plan is shared out among tasks or threads: each takes some of the places in turn.

extension CropPlan {
  /// As many segments as the parts of one window have together: some 20 MB.
  private static var mostSegmentsOfParts: Int { 1 << 18 }

  /// A task has no less to copy than this.
  ///
  /// To hand work to tasks takes some 45 µs, in which one copies 512
  /// KiB; from that size on two are faster than one: 114 µs against 127 µs, and 253 µs against 392 µs for 2
  /// MiB (Linux 6.18, an Intel Xeon).
  private static var leastBytesOfTask: Int { 256 << 10 }

  /// What a task takes at once, if the windows are small: 40 µs of copying, next to which asking for more
  /// is nothing.
  fileprivate static var bytesOfTurn: Int { 512 << 10 }

  /// A part of one large window is no smaller: twice what a task takes at once.
  private static var leastBytesOfPart: Int { 2 * bytesOfTurn }

  /// How many tasks copy the result: no more than could ever run at once.
  func taskCount(parallelism: Int?) -> Int {
    let processors = SystemCall.processorCount
    let most = min(max(parallelism ?? processors, 1), 4 * processors)
    let worth = max(byteCount / Self.leastBytesOfTask, 1)
    guard let windowCount else { return min(most, worth) }
    // A window of many is not cut.
    return min(most, max(windowCount, 1), parallelism == nil ? worth : .max)
  }

  /// The plan in parts that tasks can share: one large window is cut, so that there is something for each.
  ///
  /// - Parameters:
  ///   - tasks: How many tasks.
  ///   - source: What they read, which was entered.
  /// - Returns: A plan of the same result.
  func sharedOut(among tasks: Int, on source: any Source) -> CropPlan {
    guard placeCount <= 1 else { return ordered(for: source) }
    // Each part has segments of its own, of which long lists of indices have many.
    let parts = min(4 * tasks, max(Self.mostSegmentsOfParts / max(piece.segments.count, 1), 1))
    return divided(intoAtMost: max(byteCount / parts, Self.leastBytesOfPart))
  }
}

/// What became of some of the places.
enum PartOutcome: Equatable, Sendable {
  case done
  case cancelled
  case failed(FileError)
}

/// The places of a plan, of which tasks take some in turn.
final class PlaceQueue: Sendable {
  private let count: Int
  private let partCount: Int
  private let taken = Atomic<Int>(0)

  init(_ plan: CropPlan, tasks: Int) {
    count = plan.placeCount
    // Several parts a task, so that none waits long for the last; each worth the asking, and giving
    // way to other tasks after it. At most 64 windows, since a task notices a cancellation only between
    // two parts, and each window of a cold file may wait for the disk.
    let fair = count / (tasks * 4)
    let worth = CropPlan.bytesOfTurn / max(plan.byteCount / max(count, 1), 1)
    // Of points there are more to a page.
    let mostAtOnce = plan.parts?.list != nil && plan.windowCount == nil ? 1 << 14 : 64
    partCount = max(min(fair, worth, mostAtOnce), 1)
  }

  /// The next places; nil when all are taken.
  func next() -> Range<Int>? {
    let start = taken.add(partCount, ordering: .relaxed).oldValue
    guard start < count else { return nil }
    return start..<min(start + partCount, count)
  }
}
