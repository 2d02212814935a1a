import Glibc

// The calls that open a file, ask for its size and times, and read it: each has one wrapper, which turns
// `errno` into an error and which tests can make fail. Those on its mapping are in FileMapping.

/// What `strerror(3)` says of an error number.
func words(forErrno number: Int32) -> String {
  // Sound: strerror always gives a NUL-terminated string, in storage of this thread (glibc 2.32).
  unsafe String(cString: strerror(number))
}

/// What is known of an open file: enough to notice that it changed.
struct FileStatus: Equatable {
  let byteCount: Int
  fileprivate let mode: mode_t
  private let modified: (seconds: Int, nanoseconds: Int)
  private let changed: (seconds: Int, nanoseconds: Int)

  fileprivate init(_ status: stat) {
    byteCount = Int(status.st_size)
    mode = status.st_mode
    modified = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    changed = (status.st_ctim.tv_sec, status.st_ctim.tv_nsec)
  }

  static func == (left: Self, right: Self) -> Bool {
    left.byteCount == right.byteCount && left.modified == right.modified
      && left.changed == right.changed
  }
}

/// An open file descriptor of a regular file, closed when it goes out of scope.
struct OpenFile: ~Copyable {
  private let descriptor: Int32
  /// The file as it was when it was opened, or at the last `refresh`.
  private(set) var opened: FileStatus
  /// The file's size when it was opened.
  var byteCount: Int { opened.byteCount }

  /// Opens a regular file for reading.
  ///
  /// The corresponding C functions are `open` and `fstat`. O_NONBLOCK keeps a pipe without a
  /// writer from blocking; on a regular file it does nothing.
  init(path: [UInt8]) throws(FileError) {
    guard !path.contains(0) else { throw .nulInPath }
    let descriptor = try Self.open(path)
    let status: FileStatus
    do throws(FileError) {
      status = try Self.status(of: descriptor)
      guard status.mode & S_IFMT == S_IFREG else {
        throw .notARegularFile(FileError.Kind(mode: status.mode))
      }
    } catch {
      _ = close(descriptor)
      throw error
    }
    self.descriptor = descriptor
    opened = status
  }

  deinit {
    // Nothing was written: there is no error of close that could lose anything.
    _ = close(descriptor)
  }

  private static func open(_ path: [UInt8]) throws(FileError) -> Int32 {
    let name = (path + [0]).map { CChar(bitPattern: $0) }
    while true {
      let forced = ForcedFailure.strike(.open)
      // Sound: the name is NUL-terminated, and open keeps nothing of it.
      let descriptor =
        forced == nil
        ? unsafe Glibc.open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1
      guard descriptor < 0 else { return descriptor }
      let number = forced ?? errno
      guard number == EINTR else { throw .system(call: .open, errno: number) }
    }
  }

  private static func status(of descriptor: Int32) throws(FileError) -> FileStatus {
    if let forced = ForcedFailure.strike(.fstat) { throw .system(call: .fstat, errno: forced) }
    var status = stat()
    // Sound: fstat writes one `stat`, which is what it is handed.
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw .system(call: .fstat, errno: errno)
    }
    return FileStatus(status)
  }

  /// The file as it is now.
  ///
  /// The corresponding C function is `fstat`.
  borrowing func status() throws(FileError) -> FileStatus { try Self.status(of: descriptor) }

  /// Takes the file as it is now for what was opened.
  mutating func refresh() throws(FileError) { opened = try status() }

  /// The file's size as it is now.
  ///
  /// The corresponding C function is `lseek`, to the end: it asks for the size alone, at a third of
  /// what `fstat` costs. Nothing else uses the descriptor's position.
  borrowing func currentByteCount() throws(FileError) -> Int {
    if let forced = ForcedFailure.strike(.lseek) { throw .system(call: .lseek, errno: forced) }
    let end = lseek(descriptor, 0, SEEK_END)
    guard end >= 0 else { throw .system(call: .lseek, errno: errno) }
    return Int(end)
  }

  /// Whether the file has a byte at `offset`, by reading it.
  ///
  /// Unlike `currentByteCount`, this waits while the file system is cutting the file, if its reads do.
  borrowing func hasByte(at offset: Int) throws(FileError) -> Bool {
    var byte: UInt8 = 0
    do {
      // Sound: the buffer is the one byte.
      try unsafe withUnsafeMutableBytes(of: &byte) { buffer throws(FileError) in
        try unsafe read(at: offset, into: buffer)
      }
      return true
    } catch .endOfFile {
      return false
    }
  }

  /// The `count` bytes at `offset`: all of them, or an error.
  borrowing func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    guard canAllocate(byteCount: count) else { throw .system(call: .pread, errno: ENOMEM) }
    return try [UInt8](capacity: count) { output throws(FileError) in
      // Sound: the bytes are counted as initialised once all of them are read.
      try unsafe output.withUnsafeMutableBufferPointer { buffer, initialized throws(FileError) in
        try unsafe read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
        initialized = count
      }
    }
  }

  /// Fills a buffer with the bytes at `offset`: all of it, or an error.
  ///
  /// The corresponding C function is `pread`, which may be interrupted or give less than asked.
  borrowing func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FileError) {
    var done = 0
    while done < buffer.count {
      let forced = ForcedFailure.strike(.pread)
      let wanted = ForcedFailure.shortened(buffer.count - done)
      // Sound: the rest of the buffer is all that pread may fill.
      let got =
        forced == nil
        ? unsafe pread(
          descriptor, buffer.baseAddress.map { unsafe $0 + done }, wanted, off_t(offset + done))
        : -1
      if got > 0 {
        done += got
      } else if got == 0 {
        throw .endOfFile(offset: offset, wanted: buffer.count, found: done)
      } else {
        let number = forced ?? errno
        guard number == EINTR else { throw .system(call: .pread, errno: number) }
      }
    }
  }

  /// Maps the whole file, which must not be empty.
  borrowing func map() throws(FileError) -> FileMapping {
    try FileMapping(descriptor: descriptor, byteCount: byteCount)
  }

  /// The file system that the file lies on.
  var fileSystem: FileSystem { FileSystem(descriptor: descriptor) }
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
