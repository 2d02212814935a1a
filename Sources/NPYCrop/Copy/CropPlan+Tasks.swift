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
    let visit = try NPYError.Fault.of { () throws(FileError) in try source.enter() }
    defer { source.leave(visit) }
    let plan = sharedOut(among: tasks, on: source)
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
  func runPart(
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
