internal import CFaultGuard

/// A whole file mapped for reading, unmapped when it goes out of scope.
///
/// A file that is made shorter while it is mapped loses pages: touching one of them raises SIGBUS.
/// Reading is therefore under a guard, which gives zeros for such pages and tells of them. The
/// mapping is private (MAP_PRIVATE) and read-only.
@safe
struct FileMapping: ~Copyable, @unchecked Sendable {
  // Sendable: no one writes through the address, the pages stay until `deinit`, and the region's
  // flag is atomic.
  private let start: UnsafeRawPointer
  private let byteCount: Int
  private let region: OpaquePointer

  /// Maps `byteCount` bytes, more than none, of an open file.
  init(descriptor: Int32, byteCount: Int) throws(FileError) {
    let start = try unsafe SystemCall.map(descriptor, byteCount: byteCount)
    let address = unsafe UnsafeMutableRawPointer(mutating: start)
    guard let region = unsafe npy_guard_make(address, byteCount) else {
      unsafe SystemCall.unmap(start, byteCount: byteCount)
      throw SystemCall.outOfMemory(.mmap)
    }
    unsafe self.start = start
    unsafe self.region = region
    self.byteCount = byteCount
  }

  deinit {
    // Sound: no scope is open, since a source keeps its mapping while it lends the bytes.
    unsafe SystemCall.unmap(start, byteCount: byteCount)
    unsafe npy_guard_free(region)
  }

  /// Whether SIGBUS comes to the guard, which takes it back from handlers that were installed later.
  ///
  /// Check it before each read: a handler that knows nothing of the mapping would end the process,
  /// or put pages of its own into it.
  static var isGuarded: Bool { npy_guard_arm() }

  /// Tells the kernel how pages will be used: those of a range of bytes, or all of them.
  borrowing func advise(_ advice: Advice, on range: Range<Int>?) throws(FileError) {
    // Only whole pages can be advised on, from the page that the first byte is in.
    let bytes = (range ?? 0..<byteCount).clamped(to: 0..<byteCount)
    let first = bytes.lowerBound & ~(SystemCall.pageSize - 1)
    // Sound: the pages are the mapping's.
    try unsafe SystemCall.advise(start + first, byteCount: bytes.upperBound - first, advice)
  }

  /// Whether pages of the mapping were lost, so that it no longer shows the file.
  var isPoisoned: Bool { unsafe npy_guard_is_poisoned(region) }

  /// Lends the mapped bytes to this thread until `takeBack`; nil where the mapping no longer shows the
  /// file, or the guard cannot be had.
  borrowing func lend(in scope: LoanScope) -> UnsafeRawPointer? {
    guard !isPoisoned, Self.isGuarded else { return nil }
    unsafe npy_guard_enter(scope.state, region)
    return unsafe start
  }

  /// The address of byte 0, as a number.
  var base: Int { unsafe Int(bitPattern: start) }

  /// Takes all pages out of the process' memory; those that are touched come back.
  borrowing func giveBack() {
    // Sound: nobody writes to the mapping.
    unsafe SystemCall.giveBack(start, byteCount: byteCount)
  }

  /// Touches a byte of the mapping, in a loan.
  borrowing func touch(_ offset: Int) {
    // Sound: callers stay within the mapping, which this thread has a loan of.
    unsafe npy_guard_touch(start + offset)
  }

  /// Ends a loan.
  ///
  /// - Parameters:
  ///   - scope: That of the loan.
  ///   - witness: A byte of the file that is touched after the copy, to find out whether the file
  ///     still reaches so far; none if nil.
  /// - Returns: False where pages were lost, before or meanwhile: what was read is worth nothing.
  borrowing func takeBack(_ scope: LoanScope, witness: Int?) -> Bool {
    if let witness { unsafe npy_guard_touch(start + witness) }
    return unsafe !npy_guard_leave(scope.state)
  }
}
