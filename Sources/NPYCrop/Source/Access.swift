/// How the bytes of a file are read.
///
/// | | pages are touched by | a file cut short while it is open | the process' SIGBUS |
/// |---|---|---|---|
/// | ``automatic`` | a mapping, or `pread` where that is safer or cheaper | an error | one handler, which passes on what is not its own |
/// | ``mapped`` | a mapping, or an error at opening | an error | the same |
/// | ``positionedReads`` | `pread` | an error | untouched |
@nonexhaustive
public enum Access: Hashable, Sendable {
  /// By a mapping, which the first crop makes that needs it; by positioned reads where a mapping is refused, on
  /// network file systems, for a first crop that is read faster than its pages are mapped, after pages of the
  /// mapping were lost, and where so many handlers of SIGBUS were installed after the library's that it gave up
  /// taking the signal back.
  case automatic

  /// By a mapping, or not at all: opening fails where the file cannot be mapped, or where SIGBUS cannot
  /// be had. After pages were lost, and for what exceeds a ``MemoryBudget``, positioned reads are used.
  case mapped

  /// By `pread(2)` alone. Nothing of the process is touched: no mapping, no signal handler.
  case positionedReads
}
