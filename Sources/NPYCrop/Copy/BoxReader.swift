/// Copies boxes out of a source that lends nothing: reads the bytes that they lie in into scratch memory,
/// and copies the elements from there with the same kernels.
///
/// Reads are collected and asked for in one list, which is bounded in bytes and in length.
@safe
struct BoxReader: ~Copyable {
  /// As much as stays in a cache of the second level beside the result.
  ///
  /// Reading more at once is not faster:
  /// 256 KiB take 22 µs in one `pread`, 24 µs in four, and 1 MiB takes 93 µs (Linux 6.18, an Intel Xeon).
  private static let mostBytes = 256 << 10
  /// The most requests in a list, and the most steps: each step takes some hundred bytes.
  private static let mostRequests = 256

  private let source: any Source
  private let output: UnsafeMutableRawPointer
  private let delivery: Delivery
  private let gap: Int
  /// Made when it is first needed: most windows are read to where they belong.
  private var scratch: UnsafeMutableRawBufferPointer?
  private let scratchByteCount: Int
  /// The bytes of the scratch memory that requests have.
  private var used = 0
  private var requests: [ReadRequest] = []
  /// The bytes of the source that the last request is for, if they go to the scratch memory.
  private var last: Range<Int>?
  private var steps: [Step] = []

  /// What is done once the requests were answered.
  @safe
  private enum Step {
    /// A box is copied from the scratch memory: from the address of its first element.
    case deliver(CropBox, from: UnsafeRawPointer, to: UnsafeMutableRawPointer)
    /// Elements that were read to where they belong have their bytes change places.
    case transform(UnsafeMutableRawPointer, byteCount: Int)
  }

  /// - Parameters:
  ///   - source: Is kept open meanwhile.
  ///   - output: The result's memory, which all boxes lie in.
  ///   - delivery: What becomes of the elements.
  ///   - most: As many bytes as there are to read at most.
  init(
    of source: any Source, to output: UnsafeMutableRawPointer, delivery: Delivery, most: Int
  ) {
    self.source = source
    unsafe self.output = output
    self.delivery = delivery
    gap = source.smallGap
    scratchByteCount = min(Self.mostBytes, max(most, 1))
  }

  deinit { unsafe scratch?.deallocate() }

  /// Reads a box, or has it read with those that follow.
  ///
  /// - Parameters:
  ///   - box: Lies within the source and, as elements of the result, within the output.
  ///   - place: Where it is seen from.
  /// - Throws: ``FileError`` where bytes cannot be had.
  mutating func add(_ box: borrowing CropBox, at place: Place) throws(FileError) {
    let areRunsWhole = delivery.converter == nil
    try box.forEachRead(
      itemSize: delivery.itemSize, limit: scratchByteCount, gap: gap, areRunsWhole: areRunsWhole
    ) { part, seen, isAlone throws(FileError) in
      if steps.count >= Self.mostRequests || requests.count >= Self.mostRequests { try finish() }
      let range = place.sourceOffset + seen.lowerBound..<place.sourceOffset + seen.upperBound
      // Sound: a box of a plan lies within the result.
      let to = unsafe output + (place.outputOffset &+ part.outputOffset)
      // A short run is cheaper to copy than to ask for, where it can be read with another one.
      let isShort = range.count <= min(gap, scratchByteCount)
      if areRunsWhole, isAlone || !isShort,
        part.isRun(itemSize: delivery.itemSize)
      {
        unsafe readRun(range, to: to)
        return
      }
      let start = try unsafe ask(for: range)
      // Sound: what is asked for are the bytes that the part lies in, from its first to its last.
      let first = unsafe UnsafeRawPointer(start) + (part.sourceOffset - seen.lowerBound)
      unsafe steps.append(.deliver(copy part, from: first, to: to))
    }
  }

  /// Asks for a run where it belongs.
  private mutating func readRun(_ range: Range<Int>, to output: UnsafeMutableRawPointer) {
    unsafe requests.append(
      ReadRequest(
        at: range.lowerBound,
        into: UnsafeMutableRawBufferPointer(start: output, count: range.count)))
    last = nil
    if delivery.transform != .none {
      unsafe steps.append(.transform(output, byteCount: range.count))
    }
  }

  /// Asks for bytes in the scratch memory, in one request with those before them where that is cheaper.
  ///
  /// - Returns: The address at which the bytes will be.
  /// - Throws: ``FileError`` where the scratch memory was full, and what was asked for cannot be had.
  private mutating func ask(for range: Range<Int>) throws(FileError) -> UnsafeMutableRawPointer {
    if let last, let joined = last.joined(with: range, across: gap),
      joined.count - last.count <= scratchByteCount - used
    {
      return unsafe ask(for: joined, at: used - last.count, wanted: range, isMore: true)
    }
    if range.count > scratchByteCount - used { try finish() }
    return unsafe ask(for: range, at: used, wanted: range, isMore: false)
  }

  private mutating func ask(
    for range: Range<Int>, at place: Int, wanted: Range<Int>, isMore: Bool
  ) -> UnsafeMutableRawPointer {
    let memory =
      unsafe scratch ?? .allocate(byteCount: scratchByteCount, alignment: 64)
    unsafe scratch = memory
    // Sound: there is as much room, which the caller has made sure of.
    let buffer = unsafe UnsafeMutableRawBufferPointer(
      rebasing: memory[place..<place + range.count])
    if isMore { requests.removeLast() }
    unsafe requests.append(ReadRequest(at: range.lowerBound, into: buffer))
    last = range
    used = place + range.count
    return unsafe buffer.baseAddress.unsafelyUnwrapped + (wanted.lowerBound - range.lowerBound)
  }

  /// Reads all that was asked for, and copies the elements to the result.
  mutating func finish() throws(FileError) {
    guard !requests.isEmpty else { return }
    try source.read(requests)
    for step in steps {
      switch step {
      case .deliver(let box, let from, let to):
        // Sound: as `add` has it.
        unsafe box.deliver(by: delivery, from: from, to: to)
      case .transform(let bytes, let byteCount):
        unsafe delivery.transform.apply(
          from: UnsafeRawPointer(bytes), to: bytes, byteCount: byteCount)
      }
    }
    requests.removeAll(keepingCapacity: true)
    steps.removeAll(keepingCapacity: true)
    (used, last) = (0, nil)
  }
}
