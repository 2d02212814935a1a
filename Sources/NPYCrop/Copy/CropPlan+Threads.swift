import Synchronization

// A plan run on threads of its own, for callers that have no tasks: the threads are made and joined within one
// call, so that a program which forks between two calls loses none.

extension CropPlan {
  /// As `run(on:as:to:delivery:)`, on several threads, or on this one with questions in between.
  ///
  /// Sound as that is.
  ///
  /// - Parameters:
  ///   - source: Where the bytes come from.
  ///   - output: The result's memory, which stays where it is until this returns.
  ///   - delivery: What becomes of the elements.
  ///   - threads: How many threads copy, this one among them; as many as pay if nil.
  ///   - isCancelled: Whether to stop: asked on this thread between two parts.
  /// - Throws: ``FileError`` as on one thread, and ``CropError/cancelled``.
  func run(
    on source: any Source, to output: OutputPlace, delivery: Delivery, threads: Int?,
    isCancelled: () -> Bool
  ) throws(NPYError.Fault) {
    let threads = taskCount(parallelism: threads)
    let visit = try NPYError.Fault.of { () throws(FileError) in try source.enter() }
    defer { source.leave(visit) }
    let plan =
      threads > 1 || placeCount > 1
      ? sharedOut(among: threads, on: source) : divided(intoAtMost: Self.bytesBetweenQuestions)
    let queue = PlaceQueue(plan, tasks: threads)
    let outcome = SharedOutcome()
    let copyParts: @Sendable () -> Void = {
      while outcome.isOpen, let part = queue.next() {
        outcome.note(plan.runPart(part, on: source, as: 0, to: output, delivery: delivery))
      }
    }
    SystemCall.runOnThreads(threads - 1, copyParts) {
      while outcome.isOpen, let part = queue.next() {
        outcome.note(plan.runPart(part, on: source, as: 0, to: output, delivery: delivery))
        if isCancelled() { outcome.note(.cancelled) }
      }
    }
    switch outcome.value {
    case .done: break
    case .cancelled: throw .crop(.cancelled)
    case .failed(let error): throw .file(error)
    }
    try NPYError.Fault.of { () throws(FileError) in
      try source.verify(ReadExtent(arrayEnd: layout.end, reach: sourceEnd))
    }
  }

  /// A copy of this size takes some 20 ms from the page cache: nobody waits longer for an answer.
  private static var bytesBetweenQuestions: Int { 64 << 20 }
}

/// What became of all parts so far: the first fault, after which no other is begun.
private final class SharedOutcome: Sendable {
  private let state = ProcessMutex(PartOutcome.done)
  private let isOver = Atomic<Bool>(false)

  var isOpen: Bool { !isOver.load(ordering: .relaxed) }
  var value: PartOutcome { state.withLock { $0 } }

  func note(_ outcome: PartOutcome) {
    guard outcome != .done else { return }
    state.withLock { if $0 == .done { $0 = outcome } }
    isOver.store(true, ordering: .relaxed)
  }
}

extension NPYArray {
  /// Copies windows, or one, into memory on several threads.
  ///
  /// - Parameters:
  ///   - plan: A plan of this array, or of one of the same layout, type and conversion.
  ///   - output: The memory, of the size of the result.
  ///   - threads: How many threads copy, this one among them; as many as pay if nil.
  ///   - isCancelled: Whether to stop: asked on this thread between two parts.
  /// - Throws: ``NPYError`` with a ``FileError`` or a ``CropError``, among them ``CropError/cancelled``.
  package func copyOnThreads(
    _ plan: CropPlan, into output: inout MutableRawSpan, threads: Int?, isCancelled: () -> Bool
  ) throws(NPYError) {
    try check(plan, as: Self.itemKind)
    let room = unsafe output.cropRoom()
    guard room.count == plan.outputByteCount else {
      throw failure(.outputSize(needed: plan.outputByteCount, available: room.count))
    }
    guard plan.byteCount > 0, let address = room.baseAddress else { return try checkIsOpen() }
    do {
      // Sound: the output has the plan's size, and the plan is for this layout, which is the header's, whose data
      // ends within the file as it was opened. No thread outlives this call.
      try plan.run(
        on: source, to: unsafe OutputPlace(address),
        delivery: Delivery(of: sourceType, to: plan.conversion, isNative: false),
        threads: threads, isCancelled: isCancelled)
    } catch {
      throw NPYError(path: path, fault: error)
    }
  }
}
