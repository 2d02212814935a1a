import Glibc
import Synchronization

// Each system call of the benchmark has one wrapper, here, that turns `errno` into an error. No
// other file needs C, and hardly any other an unsafe operation.

// MARK: - Files

/// An open file, closed when it goes out of scope.
struct File: ~Copyable {
  enum Purpose {
    case reading
    case writing
    /// Writing to a file that must not exist yet.
    case creating
  }

  let path: String
  private let descriptor: Int32

  init(_ path: String, for purpose: Purpose) throws(BenchmarkError) {
    let flags =
      switch purpose {
      case .reading: O_RDONLY
      case .writing: O_WRONLY
      case .creating: O_WRONLY | O_CREAT | O_EXCL
      }
    // Sound: the string is NUL-terminated, and open keeps nothing of it.
    descriptor = unsafe open(path, flags | O_CLOEXEC, 0o600)
    self.path = path
    guard descriptor >= 0 else { throw failure("open") }
  }

  deinit {
    if descriptor >= 0 { _ = close(descriptor) }
  }

  /// Writes all bytes at the file's end.
  borrowing func append(_ bytes: RawSpan) throws(BenchmarkError) {
    var done = 0
    while done < bytes.byteCount {
      let rest = bytes.extracting(done...)
      // Sound: write reads no more than the bytes that it is told of.
      let written = unsafe rest.withUnsafeBytes {
        unsafe write(descriptor, $0.baseAddress, $0.count)
      }
      guard written >= 0 else { throw failure("write") }
      done += written
    }
  }

  /// Makes the file as long as that, the new part a hole that takes no room.
  borrowing func extend(to byteCount: Int) throws(BenchmarkError) {
    guard ftruncate(descriptor, off_t(byteCount)) == 0 else { throw failure("ftruncate") }
  }

  /// Fills the memory from the file's beginning, with `read`.
  borrowing func read(into memory: borrowing FreshMemory) throws(BenchmarkError) {
    var done = 0
    while done < memory.byteCount {
      // Sound: the rest of the memory is all that read may fill.
      let got = unsafe memory.withUnsafeBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress.map { unsafe $0 + done }, $0.count - done)
      }
      guard got >= 0 else { throw failure("read") }
      guard got > 0 else { throw .endOfFile(path: path) }
      done += got
    }
  }

  /// Fills the memory from the file's beginning: maps the file and copies it.
  borrowing func copyMapped(into memory: borrowing FreshMemory) throws(BenchmarkError) {
    try mapped(byteCount: memory.byteCount).copy(into: memory)
  }

  /// A mapping of the whole file, of which the kernel is told nothing more.
  borrowing func mapped() throws(BenchmarkError) -> Mapping {
    try mapped(byteCount: byteCount())
  }

  private borrowing func mapped(byteCount: Int) throws(BenchmarkError) -> Mapping {
    // Sound: the kernel chooses an address that nothing else uses.
    let address = unsafe mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else {
      throw failure("mmap")
    }
    // Sound: the mapping has so many bytes, and is this one's alone to unmap.
    return unsafe Mapping(
      path: path, bytes: UnsafeMutableRawBufferPointer(start: address, count: byteCount))
  }

  /// The size of the file.
  borrowing func byteCount() throws(BenchmarkError) -> Int { try Int(status().st_size) }

  /// The disk that the file is on, as the names in `/sys/dev/block` have it: `254:1`.
  borrowing func deviceName() throws(BenchmarkError) -> String {
    let device = try status().st_dev
    // What the macros `major` and `minor` do, which Swift does not see.
    let major = (device >> 8) & 0xFFF | (device >> 32) & ~0xFFF
    let minor = device & 0xFF | (device >> 12) & ~0xFF
    return "\(major):\(minor)"
  }

  private borrowing func status() throws(BenchmarkError) -> stat {
    var status = stat()
    // Sound: fstat writes one `stat`, which is what it is handed.
    guard unsafe fstat(descriptor, &status) == 0 else { throw failure("fstat") }
    return status
  }

  /// Brings the pages of some bytes into the page cache.
  borrowing func load(at offset: Int, byteCount: Int) throws(BenchmarkError) {
    // Sound: pread fills at most the memory that it is told of, which nobody reads.
    let got = unsafe withUnsafeTemporaryAllocation(byteCount: byteCount, alignment: 16) {
      unsafe pread(descriptor, $0.baseAddress, $0.count, off_t(offset))
    }
    guard got >= 0 else { throw failure("pread") }
    guard got == byteCount else { throw .endOfFile(path: path) }
  }

  /// Reads all of a text, such as those of `/proc`, whose size is not known before.
  borrowing func text() throws(BenchmarkError) -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      // Sound: read fills at most the chunk.
      let got = unsafe chunk.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      guard got >= 0 else { throw failure("read") }
      guard got > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += chunk[..<got]
    }
  }

  /// Tells the kernel to read single pages only, not those that follow too.
  borrowing func expectRandomReads() throws(BenchmarkError) {
    try advise(POSIX_FADV_RANDOM)
  }

  /// Takes the file out of the page cache, as far as nobody has it mapped.
  borrowing func dropFromPageCache() throws(BenchmarkError) {
    // Pages that are not written yet would stay.
    try synchronize()
    try advise(POSIX_FADV_DONTNEED)
  }

  /// Waits until the disk has the file.
  borrowing func synchronize() throws(BenchmarkError) {
    guard fsync(descriptor) == 0 else { throw failure("fsync") }
  }

  private borrowing func advise(_ advice: Int32) throws(BenchmarkError) {
    let number = posix_fadvise(descriptor, 0, 0, advice)
    guard number == 0 else { throw .system(call: "posix_fadvise", path: path, errno: number) }
  }

  private borrowing func failure(_ call: String) -> BenchmarkError {
    .system(call: call, path: path, errno: errno)
  }
}

// MARK: - Memory

/// A file mapped for reading, until it goes out of scope.
@safe
struct Mapping: ~Copyable {
  private let path: String
  private let bytes: UnsafeMutableRawBufferPointer

  /// Takes a mapping over.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - bytes: What `mmap` gave. Nobody may write there.
  fileprivate init(path: String, bytes: UnsafeMutableRawBufferPointer) {
    self.path = path
    unsafe self.bytes = bytes
  }

  deinit {
    // Sound: mapped by whoever made this, and unmapped once.
    _ = unsafe munmap(bytes.baseAddress, bytes.count)
  }

  /// The number that two bytes are, the lower one first.
  borrowing func number(at offset: Int) throws(BenchmarkError) -> Int {
    guard offset >= 0, unsafe offset + 2 <= bytes.count else { throw .endOfFile(path: path) }
    // Sound: the two bytes are the mapping's.
    return Int(
      unsafe UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
  }

  /// Copies ranges of the file, counted from an offset, into the elements, one after the other, as a
  /// program in C does it.
  borrowing func copy(
    _ ranges: [Range<Int>], from offset: Int, into output: inout [Float]
  ) throws(BenchmarkError) {
    let isAllThere = unsafe output.withUnsafeMutableBytes { target in
      var done = 0
      for range in ranges {
        let start = offset + range.lowerBound
        guard start >= 0, unsafe start + range.count <= bytes.count,
          done + range.count <= target.count
        else { return false }
        // Sound: both sides have the bytes, as was just made sure, and they are not the same memory.
        unsafe UnsafeMutableRawBufferPointer(rebasing: target[done..<done + range.count])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + range.count]))
        done += range.count
      }
      return true
    }
    guard isAllThere else { throw .endOfFile(path: path) }
  }

  /// Fills the memory from the file's beginning.
  fileprivate borrowing func copy(into memory: borrowing FreshMemory) {
    // Sound: both sides have as many bytes, and nobody makes the benchmark's own file shorter.
    unsafe memory.withUnsafeBytes { unsafe $0.copyMemory(from: UnsafeRawBufferPointer(bytes)) }
  }

  /// How many pages of the file are in the page cache, whoever brought them there.
  borrowing func cachedPageCount() throws(BenchmarkError) -> Int {
    var pages = [UInt8](repeating: 0, count: unsafe (bytes.count + pageSize - 1) / pageSize)
    // Sound: mincore writes a byte for each page of the mapping.
    guard unsafe mincore(bytes.baseAddress, bytes.count, &pages) == 0 else {
      throw .system(call: "mincore", path: path, errno: errno)
    }
    return pages.count { $0 & 1 == 1 }
  }
}

/// Memory that was just allocated with `malloc`, of which a large piece has no pages yet.
@safe
struct FreshMemory: ~Copyable {
  private let bytes: UnsafeMutableRawBufferPointer
  let byteCount: Int

  init(byteCount: Int) {
    self.byteCount = byteCount
    unsafe bytes = .allocate(byteCount: byteCount, alignment: 16)
  }

  deinit {
    // Sound: allocated by `init`, and freed once.
    unsafe bytes.deallocate()
  }

  /// Runs `body` on the memory, which must not be used after it returns.
  fileprivate borrowing func withUnsafeBytes<Result>(
    _ body: (UnsafeMutableRawBufferPointer) -> Result
  ) -> Result {
    unsafe body(bytes)
  }
}

// MARK: - Directories

/// Makes a directory with a name that nothing has yet.
func makeTemporaryDirectory(in parent: String) throws(BenchmarkError) -> String {
  var name = Array("\(parent)/crop-benchmark-XXXXXX".utf8CString)
  // Sound: the template is NUL-terminated and this function's own; mkdtemp changes it in place.
  guard unsafe mkdtemp(&name) != nil else {
    throw .system(call: "mkdtemp", path: parent, errno: errno)
  }
  return String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// Removes a file or an empty directory, if it is there.
///
/// Says nothing where it cannot: it runs when the figures, or an error, are there to be shown.
func removeIfPresent(_ path: String) {
  // Sound: the string is NUL-terminated, and remove keeps nothing of it.
  _ = unsafe remove(path)
}

/// The bytes that may still be written to the file system of a directory.
func availableBytes(in directory: String) throws(BenchmarkError) -> Int {
  var status = statvfs()
  // Sound: statvfs writes one `statvfs`, which is what it is handed.
  guard unsafe statvfs(directory, &status) == 0 else {
    throw .system(call: "statvfs", path: directory, errno: errno)
  }
  let (bytes, overflow) = status.f_bavail.multipliedReportingOverflow(by: status.f_frsize)
  return overflow ? .max : Int(clamping: bytes)
}

/// The path without symbolic links, from the root on.
func resolvedPath(_ path: String) throws(BenchmarkError) -> String {
  guard let resolved = unsafe realpath(path, nil) else {
    throw .system(call: "realpath", path: path, errno: errno)
  }
  // Sound: realpath gave a NUL-terminated string that is this function's to free.
  defer { unsafe free(resolved) }
  return unsafe String(cString: resolved)
}

// MARK: - The process

/// What the kernel has counted for this process.
struct ResourceUsage {
  /// Pages in memory that were missing from the page tables.
  let minorFaults: Int
  /// Pages that had to be read from disk.
  let majorFaults: Int

  /// What was counted until now.
  static var now: ResourceUsage {
    var usage = rusage()
    // Sound: getrusage writes one `rusage`; with valid arguments it cannot fail.
    _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return ResourceUsage(minorFaults: usage.ru_minflt, majorFaults: usage.ru_majflt)
  }

  static func - (end: ResourceUsage, start: ResourceUsage) -> ResourceUsage {
    ResourceUsage(
      minorFaults: end.minorFaults - start.minorFaults,
      majorFaults: end.majorFaults - start.majorFaults)
  }
}

/// The nanoseconds of a clock that nobody sets.
@inline(__always)
func monotonicNanoseconds() -> Int {
  var time = timespec()
  // Sound: clock_gettime writes one `timespec`; this clock is always there.
  _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// Does nothing for a while.
func pause(milliseconds: Int) {
  _ = usleep(UInt32(milliseconds * 1000))
}

let pageSize = sysconf(Int32(_SC_PAGESIZE))
let processorCount = sysconf(Int32(_SC_NPROCESSORS_ONLN))
let physicalMemory = sysconf(Int32(_SC_PHYS_PAGES)) * pageSize

/// The value of an environment variable; nil where it is not set, or to nothing.
func environmentVariable(_ name: String) -> String? {
  // Sound: nothing in this program changes the environment, so the text stays while it is copied.
  guard let value = unsafe getenv(name).map({ unsafe String(cString: $0) }) else { return nil }
  return value.isEmpty ? nil : value
}

/// What `strerror(3)` says of an error number.
func words(forErrno number: Int32) -> String {
  // Sound: strerror always gives a NUL-terminated string, in storage of this thread (glibc 2.32).
  unsafe String(cString: strerror(number))
}

/// Tells what is being done, if a person is there to read it.
func showProgress(_ line: String) {
  if isatty(STDERR_FILENO) == 1 { warn(line) }
}

/// Writes a line to the standard error output.
func warn(_ line: String) {
  let bytes = Array("\(line)\n".utf8)
  // Sound: write reads no more than the bytes that it is told of.
  _ = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

// MARK: - Signals

/// The last signal that asked the program to end, once such signals are held; 0 for none.
private let heldSignal = Atomic<Int32>(0)

/// Keeps SIGINT and SIGTERM from ending the program until `checkInterruption` is called, so that the
/// files that were made are removed before.
///
/// By a handler: to block them would have to be done in every thread, and there are those of tasks.
func holdInterruptions() {
  // It is made when it is first used, which a handler may not wait for.
  heldSignal.store(0, ordering: .relaxed)
  for number in [SIGINT, SIGTERM] {
    // The handler does no more than to store a number, as a handler may.
    signal(number) { heldSignal.store($0, ordering: .relaxed) }
  }
}

/// Throws if one of the signals that are held has come.
func checkInterruption() throws(BenchmarkError) {
  let number = heldSignal.load(ordering: .relaxed)
  guard number == 0 else { throw .interrupted(signal: number) }
}
