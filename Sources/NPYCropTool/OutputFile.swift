import Glibc

/// A descriptor that the program was started with.
enum StandardDescriptor: Int32 {
  case standardOutput = 1
  case standardError = 2
}

/// Whether a person reads what is written to a descriptor.
func isTerminal(_ descriptor: StandardDescriptor) -> Bool {
  isatty(descriptor.rawValue) == 1
}

/// Writes a text to standard error, where nothing can be done about a failure.
func standardError(_ text: String) {
  var text = text
  // Sound: write reads only the bytes that the buffer has.
  text.withUTF8 { buffer in
    unsafe _ = write(StandardDescriptor.standardError.rawValue, buffer.baseAddress, buffer.count)
  }
}

/// O_TMPFILE, which Glibc's module hides behind `_GNU_SOURCE`.
private let namelessFile = 0o20000000 | O_DIRECTORY

/// A file that appears under its name whole or not at all.
///
/// The bytes go to a file without a name in the same folder (O_TMPFILE), or to one with another
/// name where the file system has none such. `finish` syncs it and renames it over the old one.
/// A path that leads to something other than a regular file, as `/dev/null` does, is written to.
struct OutputFile: ~Copyable {
  private enum Destination {
    /// Written to as it is.
    case direct
    /// Nameless until it is finished.
    case nameless(path: String)
    /// Renamed when it is finished.
    case temporary(name: String, path: String)
  }

  private let path: String
  private let descriptor: Int32
  private let closesDescriptor: Bool
  private var destination: Destination

  /// The descriptor that the program was started with.
  init(descriptor: StandardDescriptor) {
    self.descriptor = descriptor.rawValue
    path = "standard output"
    closesDescriptor = false
    destination = .direct
  }

  /// A file to appear at `path`; `-` is standard output.
  init(path: String) throws {
    guard path != "-" else {
      self.init(descriptor: .standardOutput)
      return
    }
    guard !path.isEmpty else { throw ToolFault("the output file has no name") }
    var status = stat()
    // Sound: stat writes one `stat`, which is what it is handed.
    let exists = unsafe stat(path, &status) == 0
    guard exists || !Self.isLink(path) else {
      throw ToolFault("\(path): a link that leads to no file; remove it, or name another file")
    }
    guard !Self.isStandardOutput(exists ? status : nil) else {
      self.init(descriptor: .standardOutput)
      return
    }
    if exists && status.st_mode & S_IFMT != S_IFREG {
      let opened = unsafe open(path, O_WRONLY | O_CLOEXEC)
      guard opened >= 0 else { throw Self.fault(path, "open") }
      self.init(path: path, descriptor: opened, destination: .direct)
      return
    }
    // A link stays a link: what it leads to is replaced.
    let target = exists ? try Self.resolved(path) : path
    let nameless = unsafe open(
      Self.folder(of: target), O_WRONLY | O_CLOEXEC | namelessFile, 0o666)
    if nameless >= 0 {
      self.init(path: path, descriptor: nameless, destination: .nameless(path: target))
    } else {
      let name = Self.temporaryName(for: target)
      let named = unsafe open(name, O_WRONLY | O_CLOEXEC | O_CREAT | O_EXCL, 0o666)
      guard named >= 0 else { throw Self.fault(path, "open") }
      self.init(
        path: path, descriptor: named, destination: .temporary(name: name, path: target))
    }
    // The new file may be read and written by whom the old one could; where it may not be said
    // so, it is as any new file is.
    if exists { _ = fchmod(descriptor, status.st_mode & 0o7777) }
  }

  private init(path: String, descriptor: Int32, destination: Destination) {
    self.path = path
    self.descriptor = descriptor
    self.destination = destination
    closesDescriptor = true
  }

  deinit {
    if closesDescriptor { _ = close(descriptor) }
    if case .temporary(let name, _) = destination { unsafe _ = unlink(name) }
  }

  /// Writes all of the bytes.
  mutating func write(_ bytes: [UInt8]) throws {
    var written = 0
    while written < bytes.count {
      // Sound: the rest of the buffer is all that write may read.
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(
          descriptor, buffer.baseAddress.map { unsafe $0 + written }, buffer.count - written)
      }
      guard count >= 0 || errno == EINTR || errno == EAGAIN else {
        throw Self.fault(path, "write")
      }
      if count < 0 && errno == EAGAIN { waitForRoom() }
      written += max(count, 0)
    }
  }

  /// Waits until a pipe that does not block takes more.
  private func waitForRoom() {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    // Sound: poll reads and writes the one record that it is told of.
    unsafe _ = poll(&waiting, 1, -1)
  }

  /// Makes the file appear under its name, once all bytes are on the disk.
  mutating func finish() throws {
    switch destination {
    case .direct:
      return
    case .nameless(let target):
      guard fsync(descriptor) == 0 else { throw Self.fault(path, "fsync") }
      let name = Self.temporaryName(for: target)
      let linked = unsafe linkat(
        AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, name, AT_SYMLINK_FOLLOW)
      guard linked == 0 else { throw Self.fault(path, "linkat") }
      destination = .temporary(name: name, path: target)
    case .temporary:
      guard fsync(descriptor) == 0 else { throw Self.fault(path, "fsync") }
    }
    guard case .temporary(let name, let target) = destination else { return }
    guard unsafe rename(name, target) == 0 else { throw Self.fault(path, "rename") }
    destination = .direct
  }

  private static func fault(_ path: String, _ call: String) -> ToolFault {
    let number = errno
    // Sound: strerror gives a NUL-terminated string in storage of this thread.
    return unsafe ToolFault("\(path): \(call): \(String(cString: strerror(number)))")
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func temporaryName(for path: String) -> String {
    "\(folder(of: path))/.npycrop-\(getpid())-\(UInt32.random(in: 0 ... .max)).part"
  }

  private static func resolved(_ path: String) throws -> String {
    // Sound: with no buffer given, realpath allocates the string that is freed here.
    guard let name = unsafe realpath(path, nil) else { throw fault(path, "realpath") }
    defer { unsafe free(name) }
    return unsafe String(cString: name)
  }

  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    // Sound: lstat writes one `stat`.
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// Whether a path leads to what standard output is, as `/dev/stdout` does.
  private static func isStandardOutput(_ status: stat?) -> Bool {
    var own = stat()
    // Sound: fstat writes one `stat`.
    guard let status, unsafe fstat(StandardDescriptor.standardOutput.rawValue, &own) == 0 else {
      return false
    }
    return status.st_dev == own.st_dev && status.st_ino == own.st_ino
  }
}

/// How much of a long copy is done, told on a terminal and nowhere else.
struct Progress {
  private let byteCount: Int
  private var done = 0
  private var percent = -1
  private let isShown: Bool

  init(byteCount: Int) {
    self.byteCount = byteCount
    // Less than this is over before it can be read.
    isShown = byteCount > 256 << 20 && isTerminal(.standardError)
  }

  mutating func advance(by count: Int) {
    guard isShown else { return }
    done += count
    let now = Int(Double(done) / Double(byteCount) * 100)
    guard now != percent else { return }
    percent = now
    standardError(done == byteCount ? "\r\u{1B}[K" : "\r\(now) %")
  }
}
