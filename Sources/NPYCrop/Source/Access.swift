/// How the bytes of a file are read.
///
/// | | pages are touched by | a file cut short while it is open | the process' SIGBUS |
/// |---|---|---|---|
/// | ``automatic`` | a mapping, or `pread` where that is safer | an error | one handler, which passes on what is not its own |
/// | ``mapped`` | a mapping, or an error at opening | an error | the same |
/// | ``positionedReads`` | `pread` | an error | untouched |
@nonexhaustive
public enum Access: Hashable, Sendable {
  /// By a mapping; by positioned reads where a mapping is refused, on network file systems, after
  /// pages of the mapping were lost, and where so many handlers of SIGBUS were installed after the
  /// library's that it gave up taking the signal back.
  case automatic

  /// By a mapping, or not at all: opening fails where the file cannot be mapped, or where SIGBUS cannot
  /// be had. After pages were lost the answer is found by positioned reads.
  case mapped

  /// By `pread(2)` alone. Nothing of the process is touched: no mapping, no signal handler.
  case positionedReads
}

/// How it is checked after each crop that its bytes were the file's.
///
/// A mapping shows zeros for what was cut off within a page, without any signal. The check is a system
/// call for each crop, or a load on file systems where that is as good.
@nonexhaustive
public enum Verification: Hashable, Sendable {
  /// Nothing: the caller knows that nobody makes the file shorter. If someone does, the end of its
  /// last page may read as zeros.
  case none

  /// That the file still had all that was read. A cut after that, within the last page of the
  /// array, may go unnoticed, as does a file that was cut short and made longer again between two
  /// checks.
  case size

  /// That the file was not changed since it was opened: its size, and the times of its last change
  /// and last modification, which the file system counts in steps: of nanoseconds up to some
  /// milliseconds, and on ext2 and ext3 of a second.
  case strict
}
