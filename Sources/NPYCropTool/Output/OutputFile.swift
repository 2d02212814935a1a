import ArgumentParser
import Glibc

/// O_TMPFILE, which Glibc's module leaves out without `_GNU_SOURCE`.
private let namelessFile = 0o20000000 | O_DIRECTORY

/// A file that appears under its name whole or not at all.
///
/// The bytes go to a file without a name in the same folder (O_TMPFILE), or to one with another
/// name where the file system has no O_TMPFILE or /proc is missing, by which such a file gets its name.
/// `finish` syncs it and renames it over the old one. A path that leads to something other
/// than a regular file, as `/dev/null` does, is written to.
struct OutputFile: ~Copyable {
  private enum Destination {
    /// Written to as it is.
    case direct
    /// Nameless until it is finished.
    case nameless(path: FileName)
    /// Renamed when it is finished.
    case temporary(name: FileName, path: FileName)
  }

  private let shown: String
  private let descriptor: Int32
  private let closesDescriptor: Bool
  private var destination: Destination

  /// The descriptor that the program was started with.
  init(descriptor: StandardDescriptor) {
    self.descriptor = descriptor.rawValue
    shown = "standard output"
    closesDescriptor = false
    destination = .direct
  }

  /// A file to appear at `path`; `-` is standard output.
  init(path: FileName) throws {
    guard !path.isStandardOutput else {
      self.init(descriptor: .standardOutput)
      return
    }
    guard !path.pathBytes.isEmpty else { throw ToolFault("the output file has no name") }
    let status = path.status
    guard status != nil || !Self.isLink(path) else {
      throw ToolFault(
        "\(path.shown): a link that leads to no file; remove it, or name another file")
    }
    guard !Self.isStandardOutput(status) else {
      self.init(descriptor: .standardOutput)
      return
    }
    if let status, !status.isRegularFile {
      let opened = unsafe open(path.cString, O_WRONLY | O_CLOEXEC)
      guard opened >= 0 else { throw Self.fault(path.shown, "open") }
      self.init(path: path, descriptor: opened, destination: .direct)
      return
    }
    // A link stays a link: what it leads to is replaced.
    let target = status == nil ? path : try Self.resolved(path)
    // To rename over a file asks for no right to write it.
    guard
      unsafe status == nil || faccessat(AT_FDCWD, target.cString, W_OK, AT_EACCESS) == 0
    else { throw Self.fault(path.shown, "this file may not be written") }
    if let nameless = Self.openNameless(in: target.folder) {
      self.init(path: path, descriptor: nameless, destination: .nameless(path: target))
    } else {
      let name = Self.temporaryName(for: target)
      let named = makeRemovedOnSignal(name) {
        unsafe open(name.cString, O_WRONLY | O_CLOEXEC | O_CREAT | O_EXCL, 0o666)
      }
      guard named >= 0 else { throw Self.fault(path.shown, "open") }
      self.init(
        path: path, descriptor: named, destination: .temporary(name: name, path: target))
    }
    // The new file may be read and written by whom the old one could; where it may not be said
    // so, it is as any new file is.
    if let status { _ = fchmod(descriptor, status.st_mode & 0o7777) }
  }

  private init(path: FileName, descriptor: Int32, destination: Destination) {
    shown = path.shown
    self.descriptor = descriptor
    self.destination = destination
    closesDescriptor = true
  }

  deinit {
    if closesDescriptor { _ = close(descriptor) }
    if case .temporary(let name, _) = destination { unsafe _ = unlink(name.cString) }
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
        throw Self.fault(shown, "write")
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
      guard fsync(descriptor) == 0 else { throw Self.fault(shown, "fsync") }
      let name = Self.temporaryName(for: target)
      let own = Self.link(to: descriptor)
      let linked = makeRemovedOnSignal(name) {
        unsafe linkat(AT_FDCWD, own, AT_FDCWD, name.cString, AT_SYMLINK_FOLLOW)
      }
      guard linked == 0 else { throw Self.fault(shown, "linkat") }
      destination = .temporary(name: name, path: target)
    case .temporary:
      guard fsync(descriptor) == 0 else { throw Self.fault(shown, "fsync") }
    }
    guard case .temporary(let name, let target) = destination else { return }
    guard unsafe rename(name.cString, target.cString) == 0 else {
      throw Self.fault(shown, "rename")
    }
    destination = .direct
  }

  /// Opens a file without a name, if it can have one later.
  private static func openNameless(in folder: FileName) -> Int32? {
    let descriptor = unsafe open(folder.cString, O_WRONLY | O_CLOEXEC | namelessFile, 0o666)
    guard descriptor >= 0 else { return nil }
    guard unsafe access(link(to: descriptor), F_OK) == 0 else {
      _ = close(descriptor)
      return nil
    }
    return descriptor
  }

  private static func link(to descriptor: Int32) -> String { "/proc/self/fd/\(descriptor)" }

  private static func fault(_ shown: String, _ call: String) -> ToolFault {
    let number = errno
    // Sound: strerror gives a NUL-terminated string in storage of this thread.
    return unsafe ToolFault("\(shown): \(call): \(String(cString: strerror(number)))")
  }

  private static func temporaryName(for path: FileName) -> FileName {
    path.folder.appending(".npycrop-\(getpid())-\(UInt32.random(in: 0 ... .max)).part")
  }

  private static func resolved(_ path: FileName) throws -> FileName {
    // Sound: with no buffer given, realpath allocates the string that is freed here.
    guard let name = unsafe realpath(path.cString, nil) else { throw fault(path.shown, "realpath") }
    defer { unsafe free(name) }
    return unsafe FileName(Array(UnsafeRawBufferPointer(start: name, count: strlen(name))))
  }

  private static func isLink(_ path: FileName) -> Bool {
    var status = stat()
    // Sound: lstat writes one `stat`.
    return unsafe lstat(path.cString, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
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

extension FileName {
  /// The file's status; nil if there is no such file.
  fileprivate var status: stat? {
    var status = stat()
    // Sound: stat writes one `stat`, which is what it is handed.
    return unsafe stat(cString, &status) == 0 ? status : nil
  }

  /// Whether the name stands for standard output.
  var isStandardOutput: Bool { pathBytes == [UInt8(ascii: "-")] }

  /// Checks that a file of this name may be a `.npy`: a name that promises another format would
  /// mislead whoever opens it.
  func checkEnding() throws {
    guard let ending, ending.lowercased() != "npy", status?.isRegularFile != false else { return }
    throw ValidationError(
      "-o \(shown): only .npy files are written, so the name ends in .npy or has no ending. The bytes "
        + "alone are --raw, the text is --print, and '-o - > \(shown)' writes a .npy to any name.")
  }
}

extension stat {
  fileprivate var isRegularFile: Bool { st_mode & S_IFMT == S_IFREG }
}
