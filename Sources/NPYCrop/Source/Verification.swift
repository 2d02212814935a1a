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
