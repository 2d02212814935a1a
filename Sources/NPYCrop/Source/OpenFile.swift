/// An open file descriptor of a regular file, closed when it goes out of scope.
struct OpenFile: ~Copyable {
  private let descriptor: Int32
  /// The path that the file was opened by.
  let path: [UInt8]
  /// The file as it was when it was opened, or at the last `refresh`.
  private(set) var opened: FileStatus
  /// The file's size when it was opened.
  var byteCount: Int { opened.byteCount }

  /// Opens a regular file for reading.
  init(path: [UInt8]) throws(FileError) {
    guard !path.contains(0) else { throw .nulInPath }
    let descriptor = try SystemCall.open(path)
    let status: FileStatus
    do throws(FileError) {
      status = try SystemCall.status(of: descriptor)
      if let kind = status.otherKind { throw .notARegularFile(kind) }
    } catch {
      SystemCall.close(descriptor)
      throw error
    }
    self.descriptor = descriptor
    self.path = path
    opened = status
  }

  deinit { SystemCall.close(descriptor) }

  /// The file as it is now.
  borrowing func status() throws(FileError) -> FileStatus {
    try SystemCall.status(of: descriptor)
  }

  /// Takes the file as it is now for what was opened.
  mutating func refresh() throws(FileError) { opened = try status() }

  /// The file's size as it is now.
  borrowing func currentByteCount() throws(FileError) -> Int {
    try SystemCall.byteCount(of: descriptor)
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
    guard canAllocate(byteCount: count) else { throw SystemCall.outOfMemory(.pread) }
    return try [UInt8](capacity: count) { output throws(FileError) in
      // Sound: the bytes are counted as initialised once all of them are read.
      try unsafe output.withUnsafeMutableBufferPointer { buffer, initialized throws(FileError) in
        try unsafe read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
        initialized = count
      }
    }
  }

  /// Fills a buffer with the bytes at `offset`: all of it, or an error.
  borrowing func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FileError) {
    var done = 0
    while done < buffer.count {
      // Sound: the rest of the buffer.
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let got = try unsafe SystemCall.read(descriptor, at: offset + done, into: rest)
      guard got > 0 else {
        throw .endOfFile(offset: offset, wanted: buffer.count, found: done)
      }
      done += got
    }
  }

  /// The pages of a range that are in the page cache, or on their way there.
  borrowing func cachedPageCount(in range: Range<Int>) throws(FileError) -> Int {
    try SystemCall.cachedPages(descriptor, range)
  }

  /// Whether a byte can be read without waiting; nil where that is not known.
  borrowing func isReadableNow(at offset: Int) -> Bool? {
    SystemCall.isReadableNow(descriptor, at: offset)
  }

  /// Has the pages of a range read ahead, as far as the kernel will.
  borrowing func willNeed(_ range: Range<Int>) throws(FileError) {
    try SystemCall.willNeed(descriptor, range)
  }

  /// Takes the file out of the page cache, as far as nobody has it mapped.
  borrowing func dropFromPageCache() { SystemCall.dropFromPageCache(descriptor) }

  /// Maps the whole file, which must not be empty.
  borrowing func map() throws(FileError) -> FileMapping {
    try FileMapping(descriptor: descriptor, byteCount: byteCount)
  }

  /// The file system that the file lies on.
  var fileSystem: FileSystem { FileSystem(descriptor: descriptor) }
}
