import Glibc

// Each system call of the library has one wrapper, here, that turns `errno` into an error.

/// What `strerror(3)` says of an error number.
func words(forErrno number: Int32) -> String {
  // Sound: strerror always gives a NUL-terminated string, in storage of this thread (glibc 2.32).
  unsafe String(cString: strerror(number))
}

/// An open file descriptor of a regular file, closed when it goes out of scope.
struct OpenFile: ~Copyable {
  private let descriptor: Int32
  /// The file's size when it was opened.
  let byteCount: Int

  /// Opens a regular file for reading.
  ///
  /// The corresponding C functions are `open` and `fstat`. O_NONBLOCK keeps a pipe without a
  /// writer from blocking; on a regular file it does nothing.
  init(path: String) throws(FileError) {
    guard !path.utf8.contains(0) else { throw .nulInPath }
    var opened: Int32
    repeat {
      opened = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    } while opened < 0 && errno == EINTR
    guard opened >= 0 else { throw .system(call: .open, errno: errno) }
    var status = stat()
    // Sound: fstat writes one `stat`, which is what it is handed.
    guard unsafe fstat(opened, &status) == 0 else {
      let number = errno
      _ = close(opened)
      throw .system(call: .fstat, errno: number)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      _ = close(opened)
      throw .notARegularFile(FileError.Kind(mode: status.st_mode))
    }
    descriptor = opened
    byteCount = Int(status.st_size)
  }

  deinit {
    // Nothing was written: there is no error of close that could lose anything.
    _ = close(descriptor)
  }

  /// The `count` bytes at `offset`: all of them, or an error.
  ///
  /// The corresponding C function is `pread`.
  borrowing func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    guard canAllocate(byteCount: count) else { throw .system(call: .pread, errno: ENOMEM) }
    var fault: FileError?
    let descriptor = descriptor
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while initialized < count {
        // Sound: the rest of the buffer, which is `count` bytes long, is all that pread may fill.
        let got = unsafe pread(
          descriptor, buffer.baseAddress.map { unsafe $0 + initialized }, count - initialized,
          off_t(offset + initialized))
        if got > 0 {
          initialized += got
        } else if got == 0 {
          fault = .endOfFile(offset: offset, wanted: count, found: initialized)
          return
        } else if errno != EINTR {
          fault = .system(call: .pread, errno: errno)
          return
        }
      }
    }
    if let fault { throw fault }
    return bytes
  }

  /// Maps the whole file, which must not be empty.
  borrowing func map() throws(FileError) -> FileMapping {
    try FileMapping(descriptor: descriptor, byteCount: byteCount)
  }
}

extension FileError.Kind {
  fileprivate init(mode: mode_t) {
    switch mode & S_IFMT {
    case S_IFDIR: self = .directory
    case S_IFIFO: self = .pipe
    case S_IFSOCK: self = .socket
    case S_IFCHR, S_IFBLK: self = .device
    default: self = .other
    }
  }
}
