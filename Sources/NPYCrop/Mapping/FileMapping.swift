import Glibc

/// How the pages of a file are going to be used: a hint to the kernel.
///
/// The corresponding C function is `madvise`.
@nonexhaustive
public enum Advice: Hashable, Sendable {
  /// **MADV_NORMAL**: read some pages ahead. Right where windows lie close together.
  case normal

  /// **MADV_RANDOM**: read only the pages that are touched. Right for a few small windows of a
  /// file that is not in the page cache; wrong for a file that will be read whole.
  case random

  /// **MADV_SEQUENTIAL**: read far ahead. Right for windows that walk through the file.
  case sequential

  /// **MADV_WILLNEED**: begin to read the whole file now.
  case willNeed
}

/// A whole file mapped for reading, unmapped when it goes out of scope.
///
/// A file that is made shorter while it is mapped loses pages: touching one of them raises
/// SIGBUS. The mapping is private (MAP_PRIVATE) and read-only.
@safe
struct FileMapping: ~Copyable, @unchecked Sendable {
  // Sendable: no one writes through the address, and the pages stay until `deinit`.
  private let start: UnsafeRawPointer
  let byteCount: Int

  private init(start: UnsafeRawPointer, byteCount: Int) {
    unsafe self.start = start
    self.byteCount = byteCount
  }

  /// Maps `byteCount` bytes, more than none, of an open file.
  ///
  /// The corresponding C function is `mmap`.
  init(descriptor: Int32, byteCount: Int) throws(FileError) {
    let address = unsafe mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else {
      throw .system(call: .mmap, errno: errno)
    }
    unsafe self.init(start: UnsafeRawPointer(address), byteCount: byteCount)
  }

  deinit {
    // Sound: exactly what mmap gave, once. It cannot fail on a range that is mapped.
    unsafe _ = munmap(UnsafeMutableRawPointer(mutating: start), byteCount)
  }

  /// Tells the kernel how the pages will be used.
  borrowing func advise(_ advice: Advice) throws(FileError) {
    let number =
      switch advice {
      case .normal: MADV_NORMAL
      case .random: MADV_RANDOM
      case .sequential: MADV_SEQUENTIAL
      case .willNeed: MADV_WILLNEED
      }
    // Sound: advice of these four kinds never changes what the pages hold.
    guard unsafe madvise(UnsafeMutableRawPointer(mutating: start), byteCount, number) == 0 else {
      throw .system(call: .madvise, errno: errno)
    }
  }

  /// Runs `body` on the mapped bytes, which must not be used after it returns.
  @inline(__always)
  borrowing func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe body(UnsafeRawBufferPointer(start: start, count: byteCount))
  }
}
