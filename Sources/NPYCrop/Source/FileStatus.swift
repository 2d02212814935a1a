/// What is known of a file: enough to notice that it changed, or that a path leads to another one.
struct FileStatus: Equatable, Sendable {
  /// Which file it is, among all that there are.
  struct Identity: Equatable, Sendable {
    let device: UInt64
    let number: UInt64
  }

  /// A moment, in steps of the file system's clock.
  struct Time: Equatable, Sendable {
    let seconds: Int64
    let nanoseconds: Int64
  }

  let byteCount: Int
  /// What it is, if it is no regular file.
  let otherKind: FileError.Kind?
  let identity: Identity
  /// When its bytes were last written.
  let modified: Time
  /// When anything about it was last changed.
  let changed: Time

  /// Whether size and times are what they were.
  func isUnchanged(since other: FileStatus) -> Bool {
    byteCount == other.byteCount && modified == other.modified && changed == other.changed
  }
}
