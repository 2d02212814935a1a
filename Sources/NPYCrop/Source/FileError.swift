/// What the operating system refused, or what it found in place of a regular file.
@nonexhaustive
public enum FileError: Error, Hashable, Sendable {
  /// A system call failed with `errno`.
  case system(call: Call, errno: Int32)

  /// The path leads to something that cannot be mapped, such as a directory or a pipe.
  case notARegularFile(Kind)

  /// The file ends before the bytes that were to be read.
  case endOfFile(offset: Int, wanted: Int, found: Int)

  /// The file became shorter than the array while it was open.
  case truncated(needed: Int, found: Int)

  /// The file changed while it was open, which ``Verification/strict`` does not allow, or it was cut and
  /// made longer again during a crop, or its header changed all the while that it was being read.
  case changed

  /// The array was closed.
  case closed

  /// Other handlers keep replacing the SIGBUS handler, so that ``Access/mapped`` is not possible.
  case unguarded

  /// The path contains a NUL, at which C would end it without an error.
  case nulInPath
}

extension FileError {
  /// The system calls of the library, as errors name them.
  @nonexhaustive
  public enum Call: String, Hashable, Sendable {
    /// `open(2)`.
    case open
    /// `fstat(2)`.
    case fstat
    /// `stat(2)`.
    case stat
    /// `lseek(2)`.
    case lseek
    /// `pread(2)`.
    case pread
    /// `mmap(2)`.
    case mmap
    /// `cachestat(2)`.
    case cachestat
    /// `posix_fadvise(2)`.
    case fadvise
    /// `madvise(2)`.
    case madvise
  }

  /// What a path can lead to other than a regular file.
  @nonexhaustive
  public enum Kind: String, Hashable, Sendable {
    /// A directory.
    case directory = "a directory"
    /// A named pipe.
    case pipe = "a pipe (FIFO)"
    /// A socket.
    case socket = "a socket"
    /// A character or block device.
    case device = "a device"
    /// Anything else.
    case other = "a file of unknown kind"
  }
}
