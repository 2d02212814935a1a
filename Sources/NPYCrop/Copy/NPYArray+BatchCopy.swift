import Synchronization

// The way from many windows to one block of memory.

extension NPYArray {
  /// Plans a batch whose elements are converted.
  @usableFromInline
  func batch(
    _ regions: some RandomAccessCollection<Region>, convertingTo type: ElementType,
    casting: Casting, scale: Double, offset: Double, padding: Padding, order: MemoryOrder,
    isCancellable: Bool = false
  ) throws(NPYError) -> BatchPlan {
    let (conversion, fill) = try conversion(
      to: type, casting: casting, scale: scale, offset: offset, padding: padding)
    return try batch(regions, padding, fill, conversion, order, isCancellable)
  }

  /// Plans a batch and checks that its elements are of the type asked for.
  @usableFromInline
  func batch(
    _ regions: some RandomAccessCollection<Region>, padding: Padding, order: MemoryOrder,
    as type: ElementType?, stride: Int, isCancellable: Bool = false
  ) throws(NPYError) -> BatchPlan {
    if let type { try check(as: type, stride: stride, found: elementType) }
    return try batch(regions, padding, fill(of: padding), nil, order, isCancellable)
  }

  private func batch(
    _ regions: some RandomAccessCollection<Region>, _ padding: Padding, _ fill: Fill,
    _ conversion: Conversion?, _ order: MemoryOrder, _ isCancellable: Bool
  ) throws(NPYError) -> BatchPlan {
    do {
      return try BatchPlan(
        regions, of: layout, order: order, padding: padding, fill: fill, conversion: conversion,
        isCancellable: isCancellable)
    } catch {
      throw NPYError(path: path, fault: error)
    }
  }

  /// Copies a batch in the calling task.
  ///
  /// - Parameters:
  ///   - batch: A batch that was planned for this array, from the same regions.
  ///   - regions: The windows.
  ///   - isNative: Whether elements are delivered in the byte order of this machine.
  ///   - output: As many bytes as the batch has.
  /// - Throws: ``NPYError`` where the file is not what it was, or the regions are not.
  @usableFromInline
  func copy(
    _ batch: BatchPlan, _ regions: some RandomAccessCollection<Region>, isNative: Bool,
    into output: UnsafeMutableRawBufferPointer
  ) throws(NPYError) {
    let block = try unsafe block(for: batch, isNative: isNative, in: output)
    guard let block else { return }
    var outcome = PartOutcome.done
    do {
      // Sound: the block has the batch's size, and all of its windows were checked against this
      // array.
      try unsafe file.read(upTo: layout.end, reach: batch.reach) { start in
        outcome = unsafe block.copy(batch.items[...], of: regions, from: start)
      } positioned: { file throws(FileError) in
        outcome = try block.read(batch.items[...], of: regions, from: file)
      }
    } catch {
      throw NPYError(path: path, fault: .file(error))
    }
    if let fault = outcome.fault { throw NPYError(path: path, fault: fault) }
  }

  /// Copies a batch in several tasks at once.
  ///
  /// - Parameters:
  ///   - batch: A batch that was planned for this array, from the same regions.
  ///   - regions: The windows.
  ///   - isNative: Whether elements are delivered in the byte order of this machine.
  ///   - parallelism: How many tasks; as many as pay if nil.
  ///   - output: As many bytes as the batch has, which stay where they are until this returns.
  /// - Throws: ``NPYError`` as in the calling task, and ``CropError/cancelled``.
  @usableFromInline
  func copy(
    _ batch: BatchPlan, _ regions: some RandomAccessCollection<Region> & Sendable,
    isNative: Bool, parallelism: Int?, into output: OutputPlace
  ) async throws(NPYError) {
    let block = try unsafe block(for: batch, isNative: isNative, in: output.bytes)
    guard let block else { return }
    do {
      try file.enter()
    } catch {
      throw NPYError(path: path, fault: .file(error))
    }
    defer { file.leave() }
    let tasks = batch.tasks(parallelism: parallelism)
    let queue = BatchQueue(batch, tasks: tasks)
    let file = file
    let outcome = await withTaskGroup(of: PartOutcome.self) { group in
      for _ in 0..<tasks {
        group.addTask { await Self.copyParts(of: queue, block, regions, file) }
      }
      var first = PartOutcome.done
      for await outcome in group where first.isDone {
        first = outcome
        // The others would work for nothing.
        if !outcome.isDone { group.cancelAll() }
      }
      return first
    }
    if let fault = outcome.fault { throw NPYError(path: path, fault: fault) }
    do {
      try file.verify(upTo: layout.end, reach: batch.reach)
    } catch {
      throw NPYError(path: path, fault: .file(error))
    }
  }

  /// Takes parts of a batch from a queue until there are none.
  private static func copyParts(
    of queue: BatchQueue, _ block: BatchBlock, _ regions: some RandomAccessCollection<Region>,
    _ file: ArrayFile
  ) async -> PartOutcome {
    while let part = queue.next() {
      let items = queue.batch.items[part]
      var outcome = PartOutcome.done
      do {
        // Sound: as above; no other task has the same part, and the file stays open.
        try unsafe file.readPart { start in
          outcome = unsafe block.copy(items, of: regions, from: start, isCancellable: true)
        } positioned: { file throws(FileError) in
          outcome = try block.read(items, of: regions, from: file, isCancellable: true)
        }
      } catch {
        return .failed(.file(error))
      }
      guard outcome.isDone else { return outcome }
      // Tasks of the program wait for the same threads.
      await Task.yield()
    }
    return .done
  }

  /// The memory of a batch, checked to have its size; nil where there is nothing to copy.
  private func block(
    for batch: BatchPlan, isNative: Bool, in output: UnsafeMutableRawBufferPointer
  ) throws(NPYError) -> BatchBlock? {
    guard output.count == batch.byteCount else {
      throw NPYError(
        path: path,
        fault: .crop(.outputSize(needed: batch.byteCount, available: output.count)))
    }
    guard batch.byteCount > 0, let address = output.baseAddress else { return nil }
    return unsafe BatchBlock(
      batch: batch, output: address,
      delivery: Delivery(of: elementType, to: batch.conversion, isNative: isNative))
  }
}

extension NPYArray {
  // MARK: - Outputs of batches

  @usableFromInline
  func checkMemory(for batch: BatchPlan) throws(NPYError) {
    guard canAllocate(byteCount: batch.byteCount) else {
      throw NPYError(path: path, fault: .crop(.outOfMemory(byteCount: batch.byteCount)))
    }
  }

  @inlinable
  func elements<Element: NPYElement>(
    of batch: BatchPlan, _ regions: some RandomAccessCollection<Region>
  ) throws(NPYError) -> [Element] {
    try checkMemory(for: batch)
    return try [Element](capacity: batch.elementCount) { output throws(NPYError) in
      // Sound: the copy initialises exactly the elements that are then counted.
      try unsafe output.withUnsafeMutableBufferPointer { buffer, count throws(NPYError) in
        try unsafe copy(
          batch, regions, isNative: true, into: UnsafeMutableRawBufferPointer(buffer))
        count = batch.elementCount
      }
    }
  }

  func bytes(
    of batch: BatchPlan, _ regions: some RandomAccessCollection<Region>
  ) throws(NPYError) -> [UInt8] {
    try checkMemory(for: batch)
    return try [UInt8](capacity: batch.byteCount) { output throws(NPYError) in
      // Sound: as above.
      try unsafe output.withUnsafeMutableBufferPointer { buffer, count throws(NPYError) in
        try unsafe copy(
          batch, regions, isNative: false, into: UnsafeMutableRawBufferPointer(buffer))
        count = batch.byteCount
      }
    }
  }

  @inlinable
  func fill<Element: NPYElement>(
    _ output: inout MutableSpan<Element>, with batch: BatchPlan,
    _ regions: some RandomAccessCollection<Region>
  ) throws(NPYError) {
    // Sound: any bytes that the copy leaves are elements, by their NativeType's promise.
    try unsafe output.withUnsafeMutableBytes { bytes throws(NPYError) in
      try unsafe copy(batch, regions, isNative: true, into: bytes)
    }
  }

  func elements<Element: NPYElement>(
    of batch: BatchPlan, _ regions: some RandomAccessCollection<Region> & Sendable,
    parallelism: Int?
  ) async throws(NPYError) -> [Element] {
    try await block(of: batch, count: batch.elementCount, regions, true, parallelism)
  }

  func bytes(
    of batch: BatchPlan, _ regions: some RandomAccessCollection<Region> & Sendable,
    parallelism: Int?
  ) async throws(NPYError) -> [UInt8] {
    try await block(of: batch, count: batch.byteCount, regions, false, parallelism)
  }

  private func block<Item: BitwiseCopyable>(
    of batch: BatchPlan, count: Int, _ regions: some RandomAccessCollection<Region> & Sendable,
    _ isNative: Bool, _ parallelism: Int?
  ) async throws(NPYError) -> [Item] {
    try checkMemory(for: batch)
    // Sound: any bytes are items, whatever was there; they are read by no one before the copy has
    // replaced all of them, or else thrown away.
    var items = [Item](capacity: count) { output in
      unsafe output.withUnsafeMutableBufferPointer { _, initialized in initialized = count }
    }
    var span = items.mutableSpan
    try await fill(&span, with: batch, regions, isNative, parallelism)
    return items
  }

  func fill<Item: BitwiseCopyable>(
    _ output: inout MutableSpan<Item>, with batch: BatchPlan,
    _ regions: some RandomAccessCollection<Region> & Sendable, _ isNative: Bool,
    _ parallelism: Int?
  ) async throws(NPYError) {
    // Sound: a span is a view of memory that its owner keeps in place, and lets no one else touch,
    // as long as the span is there: until this returns, and no task outlives that.
    let place = unsafe output.withUnsafeMutableBytes { bytes in unsafe OutputPlace(bytes) }
    try await copy(batch, regions, isNative: isNative, parallelism: parallelism, into: place)
  }
}

/// Memory that several tasks write to, each to another part of it.
@safe @usableFromInline
struct OutputPlace: @unchecked Sendable {
  // Sendable: it is handed to tasks that end before its owner lets go of the memory.
  let bytes: UnsafeMutableRawBufferPointer

  @usableFromInline
  init(_ bytes: UnsafeMutableRawBufferPointer) { unsafe self.bytes = bytes }
}

/// The block that windows are copied to, and how.
@safe
private struct BatchBlock: @unchecked Sendable {
  // Sendable: tasks write to windows of their own.
  private let batch: BatchPlan
  private let output: UnsafeMutableRawPointer
  private let delivery: Delivery
  /// The shared plan as the one box that it is, with the byte of the file where it begins.
  private let box: CropBox?

  /// `output` has the bytes of the batch.
  init(batch: BatchPlan, output: UnsafeMutableRawPointer, delivery: Delivery) {
    self.batch = batch
    unsafe self.output = output
    self.delivery = delivery
    box = batch.shared?.box()
  }

  /// Copies windows from the start of a mapped file.
  func copy(
    _ items: ArraySlice<BatchPlan.Item>, of regions: some RandomAccessCollection<Region>,
    from start: UnsafeRawPointer, isCancellable: Bool = false
  ) -> PartOutcome {
    for item in items {
      if isCancellable, Task.isCancelled { return .cancelled }
      // Sound: each window has its own part of the block.
      let place = unsafe output + item.window &* batch.windowByteCount
      if case .moved = item.way, let box {
        unsafe box.deliver(by: delivery, from: start + item.sourceOffset, to: place)
      } else if let plan = plan(of: item, regions) {
        unsafe plan.copy(from: start, to: place, delivery: delivery)
      } else {
        return .failed(.region(.regionsChanged(window: item.window)))
      }
    }
    return .done
  }

  /// Reads windows with `pread`.
  func read(
    _ items: ArraySlice<BatchPlan.Item>, of regions: some RandomAccessCollection<Region>,
    from file: borrowing OpenFile, isCancellable: Bool = false
  ) throws(FileError) -> PartOutcome {
    let scratch = ReadScratch(for: batch.layout)
    for item in items {
      if isCancellable, Task.isCancelled { return .cancelled }
      guard let plan = plan(of: item, regions) else {
        return .failed(.region(.regionsChanged(window: item.window)))
      }
      // Sound: as above.
      try unsafe plan.read(
        from: file, to: output + item.window &* batch.windowByteCount, delivery: delivery,
        scratch: scratch)
    }
    return .done
  }

  /// The plan of a window; nil if the collection no longer has the one that was checked.
  private func plan(
    of item: BatchPlan.Item, _ regions: some RandomAccessCollection<Region>
  ) -> CropPlan? {
    switch item.way {
    case .moved:
      var plan = batch.shared
      plan?.sourceOffset = item.sourceOffset
      return plan
    case .kept(let index):
      return batch.kept[index]
    case .again:
      return batch.plan(
        item, regions[regions.index(regions.startIndex, offsetBy: item.window)])
    }
  }
}

/// The parts of a batch that tasks take in turn.
private final class BatchQueue: Sendable {
  let batch: BatchPlan
  private let partCount: Int
  private let taken = Atomic<Int>(0)

  init(_ batch: BatchPlan, tasks: Int) {
    self.batch = batch
    // Several parts a task, so that none waits long for the last; each worth the asking, and giving
    // way to other tasks after it.
    let fair = batch.count / (tasks * 4)
    let worth = (512 << 10) / max(batch.windowByteCount, 1)
    partCount = max(min(fair, worth), 1)
  }

  /// The items of the next part; nil when all are taken.
  func next() -> Range<Int>? {
    let start = taken.add(partCount, ordering: .relaxed).oldValue
    guard start < batch.count else { return nil }
    return start..<min(start + partCount, batch.count)
  }
}

private enum PartOutcome: Sendable {
  case done
  case cancelled
  case failed(NPYError.Fault)

  var isDone: Bool { if case .done = self { true } else { false } }

  /// What is to be thrown; nil if all was done.
  var fault: NPYError.Fault? {
    switch self {
    case .done: nil
    case .cancelled: .crop(.cancelled)
    case .failed(let fault): fault
    }
  }
}

extension BatchPlan {
  /// Copying less than this takes no longer than handing it to another task.
  private static var leastBytesOfTask: Int { 256 << 10 }

  /// How many tasks copy the batch: no more than could ever run at once.
  fileprivate func tasks(parallelism: Int?) -> Int {
    let processors = processorCount()
    let most = min(max(parallelism ?? processors, 1), 4 * processors, max(count, 1))
    return parallelism != nil ? most : min(most, max(byteCount / Self.leastBytesOfTask, 1))
  }
}
