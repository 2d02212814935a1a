import Synchronization

// A plan run by several tasks at once: each copies some of the places, until all are copied.

extension CropPlan {
  /// As `run(on:as:to:delivery:)`, in several tasks.
  ///
  /// - Parameters:
  ///   - source: Where the bytes come from.
  ///   - index: Which of the plan's sources that is.
  ///   - output: The result's memory, which stays where it is until this returns.
  ///   - delivery: What becomes of the elements.
  ///   - parallelism: How many tasks; as many as pay if nil.
  /// - Throws: ``FileError`` as in the calling task, and ``CropError/cancelled``.
  func run(
    on source: any Source, as index: Int = 0, to output: OutputPlace, delivery: Delivery,
    parallelism: Int?
  ) async throws(NPYError.Fault) {
    let tasks = taskCount(parallelism: parallelism)
    // One large window is cut, so that there is something for each task. Each part has segments of its
    // own, of which long lists of indices have many.
    let parts = min(4 * tasks, max(Self.mostSegmentsOfParts / max(piece.segments.count, 1), 1))
    let visit = try NPYError.Fault.of { () throws(FileError) in try source.enter() }
    defer { source.leave(visit) }
    let plan =
      placeCount > 1
      ? ordered(for: source) : divided(intoAtMost: max(byteCount / parts, Self.leastBytesOfPart))
    let queue = PlaceQueue(plan, tasks: tasks)
    let outcome = await plan.run(queue, tasks: tasks, on: source, as: index, to: output, delivery)
    switch outcome {
    case .done: break
    case .cancelled: throw .crop(.cancelled)
    case .failed(let error): throw .file(error)
    }
    do {
      try source.verify(ReadExtent(arrayEnd: layout.end, reach: sourceEnd))
    } catch {
      throw .file(error)
    }
  }

  /// Copies all parts, in this task or in several.
  private func run(
    _ queue: PlaceQueue, tasks: Int, on source: any Source, as index: Int, to output: OutputPlace,
    _ delivery: Delivery
  ) async -> PartOutcome {
    guard tasks > 1 else {
      return await runParts(of: queue, on: source, as: index, to: output, delivery: delivery)
    }
    return await withTaskGroup(of: PartOutcome.self) { group in
      for _ in 0..<tasks {
        group.addTask {
          await runParts(of: queue, on: source, as: index, to: output, delivery: delivery)
        }
      }
      var first = PartOutcome.done
      for await outcome in group where first == .done {
        first = outcome
        // The others would work for nothing.
        if outcome != .done { group.cancelAll() }
      }
      return first
    }
  }

  /// Copies parts of the plan until the queue is empty.
  private func runParts(
    of queue: PlaceQueue, on source: any Source, as index: Int, to output: OutputPlace,
    delivery: Delivery
  ) async -> PartOutcome {
    while let part = queue.next() {
      guard !Task.isCancelled else { return .cancelled }
      // A thread of the pool is not to wait for a disk.
      let outcome =
        mayWait(for: part, of: index, from: source)
        ? await WaitingThreads.run {
          runPart(part, on: source, as: index, to: output, delivery: delivery)
        } : runPart(part, on: source, as: index, to: output, delivery: delivery)
      guard outcome == .done else { return outcome }
      // Tasks of the program wait for the same threads.
      await Task.yield()
    }
    return .done
  }

  /// Copies some of the places.
  private func runPart(
    _ part: Range<Int>, on source: any Source, as index: Int, to output: OutputPlace,
    delivery: Delivery
  ) -> PartOutcome {
    do {
      // Sound: no other task has the same places, and the source stays open.
      _ = try unsafe run(
        part, on: source, as: index, to: output.start, delivery: delivery, extent: nil)
      return .done
    } catch {
      return .failed(error)
    }
  }

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
  private func taskCount(parallelism: Int?) -> Int {
    let processors = SystemCall.processorCount
    let most = min(max(parallelism ?? processors, 1), 4 * processors)
    let worth = max(byteCount / Self.leastBytesOfTask, 1)
    guard let windowCount else { return min(most, worth) }
    // A window of many is not cut.
    return min(most, max(windowCount, 1), parallelism == nil ? worth : .max)
  }
}

extension WaitingThreads {
  /// Runs `work` on a thread that may wait; the calling task gives its own thread up meanwhile.
  static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
      submit { continuation.resume(returning: work()) }
    }
  }
}

/// Memory that several tasks write to, each to another part of it.
@safe
struct OutputPlace: @unchecked Sendable {
  // Sendable: it is handed to tasks that end before its owner lets go of the memory.
  let start: UnsafeMutableRawPointer

  init(_ start: UnsafeMutableRawPointer) { unsafe self.start = start }
}

private enum PartOutcome: Equatable, Sendable {
  case done
  case cancelled
  case failed(FileError)
}

/// The places of a plan, of which tasks take some in turn.
private final class PlaceQueue: Sendable {
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
    partCount = max(min(fair, worth, plan.parts?.list == nil ? 64 : 1 << 14), 1)
  }

  /// The next places; nil when all are taken.
  func next() -> Range<Int>? {
    let start = taken.add(partCount, ordering: .relaxed).oldValue
    guard start < count else { return nil }
    return start..<min(start + partCount, count)
  }
}
