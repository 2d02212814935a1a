internal import CFileSystem
import Glibc

/// The system calls of the library: each has one wrapper, which turns `errno` into an error, and which tests
/// can make fail.
enum SystemCall {
  /// Makes a call until no signal interrupts it.
  ///
  /// - Parameters:
  ///   - call: Its name in errors.
  ///   - body: The call, whose answer is negative where it failed and `errno` says why.
  /// - Returns: The answer.
  /// - Throws: ``FileError/system(call:errno:)``.
  @inline(__always)
  private static func retry<Answer: SignedInteger>(
    _ call: FileError.Call, _ body: () -> Answer
  ) throws(FileError) -> Answer {
    while true {
      let forced = ForcedFailure.strike(call)
      let answer = forced == nil ? body() : -1
      guard answer < 0 else { return answer }
      let number = forced ?? errno
      guard number == EINTR else { throw .system(call: call, errno: number) }
    }
  }

  // MARK: - Files

  /// A path as C has it.
  private static func terminated(_ path: [UInt8]) -> [CChar] {
    (path + [0]).map { CChar(bitPattern: $0) }
  }

  /// Opens a file for reading: `open(2)`.
  ///
  /// O_NONBLOCK keeps a pipe without a writer from blocking; on a regular file it does nothing.
  ///
  /// - Parameter path: Its bytes, none of which is 0.
  /// - Returns: The descriptor.
  /// - Throws: ``FileError/system(call:errno:)``.
  static func open(_ path: [UInt8]) throws(FileError) -> Int32 {
    let name = terminated(path)
    // Sound: the name is NUL-terminated, and open keeps nothing of it.
    return try retry(.open) {
      unsafe Glibc.open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    }
  }

  /// Closes a descriptor: `close(2)`.
  ///
  /// Nothing was written, so there is no error of it that could lose anything.
  static func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

  /// What is known of an open file: `fstat(2)`.
  static func status(of descriptor: Int32) throws(FileError) -> FileStatus {
    var status = npy_file_status()
    // Sound: it fills the record that it is handed.
    _ = try retry(.fstat) { unsafe npy_get_file_status(descriptor, &status) }
    return FileStatus(status)
  }

  /// What is known of the file that a path leads to now: `stat(2)`.
  static func status(ofPath path: [UInt8]) throws(FileError) -> FileStatus {
    let name = terminated(path)
    var status = npy_file_status()
    // Sound: as above, and the name is NUL-terminated.
    _ = try retry(.stat) { unsafe npy_get_path_status(name, &status) }
    return FileStatus(status)
  }

  /// The size of an open file: `lseek(2)` to the end.
  ///
  /// It asks for the size alone, at a third of what `fstat` costs. Nothing else uses the descriptor's
  /// position.
  static func byteCount(of descriptor: Int32) throws(FileError) -> Int {
    Int(try retry(.lseek) { lseek(descriptor, 0, SEEK_END) })
  }

  /// Reads bytes at an offset, at most as many as there is room: `pread(2)`.
  ///
  /// - Returns: The number of bytes, which may be less than asked; 0 at the end of the file.
  /// - Throws: ``FileError/system(call:errno:)``.
  static func read(
    _ descriptor: Int32, at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FileError) -> Int {
    let wanted = ForcedFailure.shortened(buffer.count)
    // Sound: pread fills no more than the buffer.
    return try retry(.pread) { unsafe pread(descriptor, buffer.baseAddress, wanted, off_t(offset)) }
  }

  /// The pages of a range of a file that are in the page cache, or on their way there: `cachestat(2)`.
  ///
  /// - Throws: ``FileError/system(call:errno:)``, among others before Linux 6.5 and where a filter of system
  ///   calls does not know it.
  static func cachedPages(_ descriptor: Int32, _ range: Range<Int>) throws(FileError) -> Int {
    let pages = try retry(.cachestat) {
      npy_cached_pages(descriptor, UInt64(range.lowerBound), UInt64(range.count))
    }
    return Int(pages)
  }

  /// Whether a byte of a file can be read without waiting: `preadv2(2)` with RWF_NOWAIT; nil where that is not
  /// known.
  static func isReadableNow(_ descriptor: Int32, at offset: Int) -> Bool? {
    switch npy_is_readable_now(descriptor, Int64(offset)) {
    case 1: true
    case 0: false
    default: nil
    }
  }

  /// Has the pages of a range of a file read into the page cache, without waiting: `posix_fadvise(2)`.
  static func willNeed(_ descriptor: Int32, _ range: Range<Int>) throws(FileError) {
    var start = range.lowerBound
    while start < range.upperBound {
      // The kernel takes no more at once than it reads ahead: 128 KiB, unless it is told otherwise.
      let count = min(range.upperBound - start, 128 << 10)
      _ = try retry(.fadvise) {
        // It answers with the error itself.
        let number = posix_fadvise(descriptor, off_t(start), off_t(count), POSIX_FADV_WILLNEED)
        errno = number
        return number == 0 ? 0 : -1
      }
      start += count
    }
  }

  /// The text of a file of a virtual file system, whose size `fstat` does not tell; nil if it cannot be
  /// read.
  static func text(ofFile path: String) -> String? {
    guard let descriptor = try? open(Array(path.utf8)) else { return nil }
    defer { close(descriptor) }
    var text: [UInt8] = []
    while text.count < 1 << 16 {
      // Sound: the bytes that were read are counted, and no others.
      let part = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 13) { buffer, count in
        let room = UnsafeMutableRawBufferPointer(buffer)
        count = (try? unsafe read(descriptor, at: text.count, into: room)) ?? 0
      }
      guard !part.isEmpty else { break }
      text += part
    }
    return String(decoding: text, as: UTF8.self)
  }

  // MARK: - Mappings

  /// Maps a file for reading: `mmap(2)`, private.
  static func map(_ descriptor: Int32, byteCount: Int) throws(FileError) -> UnsafeRawPointer {
    var start: UnsafeMutableRawPointer?
    // Sound: a mapping of its own, wherever the kernel has room.
    _ = try retry(.mmap) {
      unsafe start = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0)
      return unsafe start == MAP_FAILED ? -1 : 0
    }
    guard let start = unsafe start else { throw outOfMemory(.mmap) }
    return UnsafeRawPointer(start)
  }

  /// Gives a mapping back: `munmap(2)`, which cannot fail on a range that is mapped.
  ///
  /// Sound where it is exactly what `map` gave, once, and nobody reads it any more.
  static func unmap(_ start: UnsafeRawPointer, byteCount: Int) {
    unsafe _ = munmap(UnsafeMutableRawPointer(mutating: start), byteCount)
  }

  /// Takes pages of a mapping out of the process' memory, from which they come back when they are
  /// touched: `madvise(2)`, MADV_DONTNEED.
  ///
  /// Sound where nobody has written to the mapping.
  static func giveBack(_ start: UnsafeRawPointer, byteCount: Int) {
    // What is refused, of mappings that are locked, stays.
    unsafe _ = madvise(UnsafeMutableRawPointer(mutating: start), byteCount, MADV_DONTNEED)
  }

  /// Asks the kernel for large pages where memory is going to be written to: `madvise(2)`, MADV_HUGEPAGE.
  ///
  /// For those that lie in the memory whole, so that none of them has bytes that are not wanted.
  ///
  /// Sound for any memory of the process: nothing in it changes.
  static func askForHugePages(_ memory: UnsafeMutableRawBufferPointer) {
    guard let start = memory.baseAddress else { return }
    let size = 2 << 20
    let first = unsafe UnsafeMutableRawPointer(start.alignedUp(toMultipleOf: size))
    let count = unsafe (memory.count - (first - start)) & ~(size - 1)
    // A kernel without large pages refuses.
    if count > 0 { unsafe _ = madvise(first, count, MADV_HUGEPAGE) }
  }

  /// Takes a file out of the page cache, as far as nobody has it mapped: `posix_fadvise(2)`.
  static func dropFromPageCache(_ descriptor: Int32) {
    _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
  }

  /// Tells the kernel how mapped pages are going to be used: `madvise(2)`.
  ///
  /// - Parameters:
  ///   - start: The first byte of a page of a mapping.
  ///   - byteCount: Bytes of the same mapping.
  ///   - advice: None that changes what the pages hold.
  /// - Throws: ``FileError/system(call:errno:)``.
  static func advise(
    _ start: UnsafeRawPointer, byteCount: Int, _ advice: Advice
  ) throws(FileError) {
    let number =
      switch advice {
      case .normal: MADV_NORMAL
      case .random: MADV_RANDOM
      case .sequential: MADV_SEQUENTIAL
      case .willNeed: MADV_WILLNEED
      }
    _ = try retry(.madvise) {
      unsafe madvise(UnsafeMutableRawPointer(mutating: start), byteCount, number)
    }
  }

  /// Whether the kernel has addresses for so many bytes: `mmap(2)`, of no file.
  static func canMap(byteCount: Int) -> Bool {
    // Sound: the pages are never touched, and are given back at once.
    let block = unsafe mmap(
      nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let block = unsafe block, unsafe block != MAP_FAILED else { return false }
    unsafe _ = munmap(block, byteCount)
    return true
  }

  // MARK: - The machine

  /// The bytes of a page: `sysconf(3)`.
  static let pageSize = sysconf(Int32(_SC_PAGESIZE))

  /// The pages that a range of a file lies in.
  static func pageCount(of range: Range<Int>) -> Int {
    range.isEmpty ? 0 : (range.upperBound - 1) / pageSize - range.lowerBound / pageSize + 1
  }

  /// A time in nanoseconds that goes on in steps of some milliseconds: `clock_gettime(2)`, which takes some
  /// nanoseconds for it.
  static var coarseTime: UInt64 { npy_coarse_nanoseconds() }

  /// A time in nanoseconds: `clock_gettime(2)`, which takes some 25 ns for it.
  static var preciseTime: UInt64 { npy_nanoseconds() }

  /// Lets other threads go first: `sched_yield(2)`.
  static func yield() { _ = sched_yield() }

  /// The number of processors that the machine has running: `sysconf(3)`.
  ///
  /// Asked once: the C library reads a file for it.
  static let processorCount = max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1)

  /// A small number of the calling thread, another one for each.
  static var threadNumber: Int { Int(npy_thread_number()) }

  /// The first two numbers of the kernel's release: `uname(2)`.
  static var kernelVersion: (Int, Int) {
    var (major, minor): (Int32, Int32) = (0, 0)
    // Sound: it writes the two numbers.
    unsafe npy_kernel_version(&major, &minor)
    return (Int(major), Int(minor))
  }

  /// What one page table maps, and so a page fault at most: 2 MiB where pages have 4 KiB.
  static let bytesOfTable = pageSize * (pageSize / 8)

  /// Whether `madvise(2)` gives page tables back with the pages that they are for.
  static let givesTablesBack: Bool = {
    #if arch(x86_64)
      kernelVersion >= (6, 14)
    #else
      false
    #endif
  }()

  /// The number of this process: `getpid(2)`.
  static var processNumber: Int32 { getpid() }

  /// Runs `body` on a thread of its own: `pthread_create(3)`.
  ///
  /// - Returns: False where the system has no more threads, and nothing runs.
  static func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    makeThread(isDetached: true, body) != nil
  }

  /// Runs `body` on other threads while `here` runs on this one, and waits for all of them: `pthread_join(3)`.
  ///
  /// - Parameters:
  ///   - count: How many others there are; fewer where the system has no more.
  ///   - body: What each of them does.
  ///   - here: What this thread does meanwhile.
  static func runOnThreads(
    _ count: Int, _ body: @escaping @Sendable () -> Void, here: () -> Void
  ) {
    var threads: [pthread_t] = []
    for _ in 0..<max(count, 0) {
      guard let thread = makeThread(isDetached: false, body) else { break }
      threads.append(thread)
    }
    here()
    // Each is joined once, and its answer is not asked for.
    for thread in threads { _ = pthread_join(thread, nil) }
  }

  /// Makes a thread: `pthread_create(3)`.
  ///
  /// - Returns: The thread; nil where the system has no more.
  private static func makeThread(
    isDetached: Bool, _ body: @escaping @Sendable () -> Void
  ) -> pthread_t? {
    final class Start: Sendable {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var attributes = pthread_attr_t()
    var thread = pthread_t()
    // Sound: the attributes are initialised before they are used, and the start is released once: by the thread,
    // or here if there is none.
    guard unsafe pthread_attr_init(&attributes) == 0 else { return nil }
    defer { unsafe _ = pthread_attr_destroy(&attributes) }
    unsafe _ = pthread_attr_setdetachstate(
      &attributes, Int32(isDetached ? PTHREAD_CREATE_DETACHED : PTHREAD_CREATE_JOINABLE))
    let start = unsafe Unmanaged.passRetained(Start(body))
    let number = unsafe pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument = unsafe argument else { return nil }
        let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        start.body()
        return nil
      }, start.toOpaque())
    guard number == 0 else {
      unsafe start.release()
      return nil
    }
    return thread
  }

  // MARK: - Errors

  /// What `strerror(3)` says of an error number.
  static func words(forErrno number: Int32) -> String {
    // Sound: strerror always gives a NUL-terminated string, in storage of this thread (glibc 2.32).
    unsafe String(cString: strerror(number))
  }

  /// Whether the error says that a path leads nowhere.
  static func isOfMissingFile(_ error: FileError) -> Bool {
    switch error {
    case .system(_, ENOENT), .system(_, ENOTDIR): true
    default: false
    }
  }

  /// The error of a call for which there is no memory.
  static func outOfMemory(_ call: FileError.Call) -> FileError {
    .system(call: call, errno: ENOMEM)
  }
}

extension FileStatus {
  fileprivate init(_ status: npy_file_status) {
    self.init(
      byteCount: Int(status.byte_count),
      otherKind: {
        switch mode_t(status.mode) & S_IFMT {
        case S_IFREG: nil
        case S_IFDIR: .directory
        case S_IFIFO: .pipe
        case S_IFSOCK: .socket
        case S_IFCHR, S_IFBLK: .device
        default: .other
        }
      }(),
      identity: FileStatus.Identity(device: status.device, number: status.number),
      modified: FileStatus.Time(seconds: status.modified_s, nanoseconds: status.modified_ns),
      changed: FileStatus.Time(seconds: status.changed_s, nanoseconds: status.changed_ns))
  }
}
