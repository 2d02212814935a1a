import Glibc

/// The memory that the control groups of the process leave it.
///
/// A group's limit holds for all groups below it, so each from the process' own up to the root of
/// what is mounted is asked. What cannot be read sets no limit: a question that goes wrong must not
/// refuse what there is room for.
struct MemoryLimit: Sendable {
  /// One way in which the kernel shows a group.
  private struct Version: Sendable {
    let limit: String
    let usage: String
    /// The lines of `memory.stat` that count file pages, which the kernel takes back when it needs to.
    let reclaimable: [String]

    static let one = Self(
      limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes",
      reclaimable: ["total_inactive_file", "total_active_file"])
    static let two = Self(
      limit: "memory.max", usage: "memory.current",
      reclaimable: ["inactive_file", "active_file", "slab_reclaimable"])
  }

  /// The least number of bytes for which the files are read: for fewer it would take long next to the
  /// copy, and a process with so low a limit hardly starts.
  static let leastAsked = 16 << 20

  /// The groups that the process was in when it first asked for much.
  static let ofProcess = Self(
    root: "/sys/fs/cgroup", membership: smallFile("/proc/self/cgroup") ?? "")

  /// The folders of the groups that have a limit, the process' own first.
  private let groups: [String]
  private let version: Version

  /// - Parameters:
  ///   - root: Where the groups are mounted.
  ///   - membership: The text of `/proc/self/cgroup`. In a container its paths may be those outside,
  ///     of which only the root is there.
  init(root: String, membership: String) {
    var own = (path: Substring(""), top: root, version: Version.two)
    for line in membership.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      if parts[1].split(separator: ",").contains("memory") {
        own = (parts[2], root + "/memory", .one)
        break
      }
      if parts[0] == "0" { own.path = parts[2] }
    }
    var steps = own.path.split(separator: "/")
    var groups: [String] = []
    while true {
      let folder = ([own.top[...]] + steps).joined(separator: "/")
      if let limit = Self.number(in: folder, own.version.limit), limit < Self.most {
        groups.append(folder)
      }
      guard steps.popLast() != nil else { break }
    }
    self.groups = groups
    version = own.version
  }

  /// Whether each group has room for so many bytes, taking back what it holds of files and putting
  /// away what the swap space takes.
  func allows(byteCount: Int) -> Bool {
    groups.allSatisfy { folder in
      guard let limit = Self.number(in: folder, version.limit),
        let usage = Self.number(in: folder, version.usage)
      else { return true }
      var room = limit - usage
      if room < byteCount { room += reclaimable(in: folder) }
      if room < byteCount { room += Self.freeSwap }
      return room >= byteCount
    }
  }

  private func reclaimable(in folder: String) -> Int {
    version.reclaimable.reduce(0) { $0 + Self.number(named: $1, in: "\(folder)/memory.stat") }
  }

  /// The free swap space of the machine.
  private static var freeSwap: Int {
    // Counted in KiB.
    min(number(named: "SwapFree:", in: "/proc/meminfo"), most >> 10) << 10
  }

  /// The number behind a name in a file of such lines; 0 where there is none.
  private static func number(named name: String, in path: String) -> Int {
    for line in (smallFile(path) ?? "").split(separator: "\n") {
      let parts = line.split(separator: " ")
      if parts.count > 1, parts[0] == name { return byteCount(parts[1]) }
    }
    return 0
  }

  /// The number that is all of a file; nil where there is none, as in `max`.
  private static func number(in folder: String, _ name: String) -> Int? {
    guard let text = smallFile("\(folder)/\(name)")?.split(separator: "\n").first,
      text.first?.isNumber == true
    else { return nil }
    return byteCount(text)
  }

  private static func byteCount(_ text: Substring) -> Int {
    min(max(Int(text) ?? most, 0), most)
  }

  /// More than any memory is, and little enough that a few of them have a sum.
  private static let most = 1 << 60

  /// The text of a file that the kernel makes up; nil where it cannot be read.
  ///
  /// The corresponding C functions are `open` and `read`: what `fstat` says of the size of such a
  /// file is not true.
  private static func smallFile(_ path: String) -> String? {
    // Sound: the string is NUL-terminated, and open keeps nothing of it.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { _ = close(descriptor) }
    var text: [UInt8] = []
    while text.count < 1 << 16 {
      // Sound: read fills no more than the buffer, and says how much.
      let part = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 13) { buffer, count in
        unsafe count = max(read(descriptor, buffer.baseAddress, buffer.count), 0)
      }
      guard !part.isEmpty else { break }
      text += part
    }
    return String(decoding: text, as: UTF8.self)
  }
}
