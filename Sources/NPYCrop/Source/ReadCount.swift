import Synchronization

/// How many reads of a source are under way, counted so that crops on many processors do not wait for each other.
///
/// Each thread counts on a cache line that it shares with few others or none. After the end was announced no read
/// begins, so a line that was seen empty stays empty, and who finds all of them empty is after the last read.
@safe
struct ReadCount: ~Copyable, @unchecked Sendable {
  /// A count alone on its cache line, and on the one beside it that processors fetch along.
  private struct Line: ~Copyable {
    let count = Atomic<Int>(0)
    private let rest = InlineArray<15, Int>(repeating: 0)
  }

  // Sendable: the counts are atomic, and the rest never changes. Sound: each number of a line is less than their
  // number, a power of two.
  private let lines: UnsafeMutablePointer<Line>
  private let mask: Int
  private let isClosing = Atomic<Bool>(false)

  /// As many lines as processors, but not so many that thousands of open files would take much memory for them.
  private static let lineCount: Int = {
    var count = 1
    while count < SystemCall.processorCount, count < 32 { count <<= 1 }
    return count
  }()

  init() {
    let count = Self.lineCount
    mask = count - 1
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<Line>.stride, alignment: MemoryLayout<Line>.stride)
    unsafe lines = bytes.bindMemory(to: Line.self, capacity: count)
    for line in 0..<count { unsafe (lines + line).initialize(to: Line()) }
  }

  deinit {
    unsafe lines.deinitialize(count: mask + 1)
    unsafe lines.deallocate()
  }

  /// Begins a read.
  ///
  /// - Returns: What `end` is called with; nil after `close`.
  @inline(__always)
  borrowing func begin() -> Int? {
    let line = SystemCall.threadNumber & mask
    // In one order with the flag, for all threads: either this sees the flag, or `close` sees the count.
    unsafe lines[line].count.wrappingAdd(1, ordering: .sequentiallyConsistent)
    return isClosing.load(ordering: .sequentiallyConsistent) ? nil : line
  }

  /// Ends a read, or an attempt that came too late.
  ///
  /// - Parameter line: What `begin` returned; nil for the attempt.
  /// - Returns: Whether no read is under way, and none begins any more.
  @inline(__always)
  borrowing func end(_ line: Int?) -> Bool {
    let line = line ?? SystemCall.threadNumber & mask
    unsafe lines[line].count.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    return isClosing.load(ordering: .sequentiallyConsistent) && isEmpty
  }

  /// Lets no read begin any more.
  ///
  /// - Returns: As `end` does.
  borrowing func close() -> Bool {
    isClosing.store(true, ordering: .sequentiallyConsistent)
    return isEmpty
  }

  private var isEmpty: Bool {
    for line in 0...mask where unsafe lines[line].count.load(ordering: .sequentiallyConsistent) != 0
    {
      return false
    }
    return true
  }
}
