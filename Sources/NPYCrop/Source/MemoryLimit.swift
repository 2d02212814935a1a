/// The memory that the control groups of the process leave it.
///
/// A group's limit holds for all groups below it, so every group from the process' own up to the root
/// of what is mounted is checked. A limit that cannot be read refuses nothing.
struct MemoryLimit: Sendable {
  /// What a group may have of something, and what it has, by the names of two files.
  private struct Counter: Sendable {
    let limit: String
    let usage: String

    /// What is left to a group; nil where there is no limit.
    func room(in folder: String) -> Int? {
      guard let limit = MemoryLimit.number(in: folder, limit),
        let usage = MemoryLimit.number(in: folder, usage)
      else { return nil }
      return limit - usage
    }
  }

  /// One way in which the kernel shows a group.
  private struct Version: Sendable {
    let memory: Counter
    /// The swap space alone, which the second version counts.
    let swap: Counter?
    /// Memory and swap space together, which the first version counts.
    let both: Counter?
    /// The lines of `memory.stat` that count file pages, which the kernel takes back when it needs to.
    let reclaimable: [String]

    static let one = Self(
      memory: Counter(limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes"),
      swap: nil,
      both: Counter(limit: "memory.memsw.limit_in_bytes", usage: "memory.memsw.usage_in_bytes"),
      reclaimable: ["total_inactive_file", "total_active_file"])
    static let two = Self(
      memory: Counter(limit: "memory.max", usage: "memory.current"),
      swap: Counter(limit: "memory.swap.max", usage: "memory.swap.current"),
      both: nil,
      reclaimable: ["inactive_file", "active_file", "slab_reclaimable"])
  }

  /// Smaller results are not checked.
  ///
  /// Reading the files of one group takes 6 µs, and there may be many of
  /// them; copying 16 MiB takes 1 200 µs (Linux 6.18, an Intel Xeon).
  static let leastAsked = 16 << 20

  /// The groups that the process was in at its first large result.
  static let ofProcess = Self(
    root: "/sys/fs/cgroup", membership: SystemCall.text(ofFile: "/proc/self/cgroup") ?? "",
    freeSwap: freeSwapOfMachine)

  /// The folders of the groups, the process' own first.
  private let groups: [String]
  /// Which of them had a limit when they were first read.
  private let limited: [Int]
  private let version: Version
  private let freeSwap: @Sendable () -> Int

  /// - Parameters:
  ///   - root: Where the groups are mounted.
  ///   - membership: The text of `/proc/self/cgroup`. In a container its paths may be those outside,
  ///     of which only the root is there.
  ///   - freeSwap: The free swap space of the machine in bytes.
  init(root: String, membership: String, freeSwap: @escaping @Sendable () -> Int) {
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
      groups.append(([own.top[...]] + steps).joined(separator: "/"))
      guard steps.popLast() != nil else { break }
    }
    self.groups = groups
    limited = groups.indices.filter { index in
      Self.number(in: groups[index], own.version.memory.limit).map { $0 < Self.most } ?? false
    }
    version = own.version
    self.freeSwap = freeSwap
  }

  /// Whether each group has room for so many bytes, once its file pages are reclaimed and other pages
  /// are moved to the swap space.
  func allows(byteCount: Int) -> Bool {
    limited.allSatisfy { index in
      let folder = groups[index]
      guard var room = version.memory.room(in: folder) else { return true }
      var bothRoom = version.both?.room(in: folder) ?? Self.most
      if min(room, bothRoom) < byteCount {
        let reclaimable = reclaimable(in: folder)
        room += reclaimable
        bothRoom += reclaimable
      }
      if room < byteCount { room += swapRoom(ofGroup: index) }
      return min(room, bothRoom) >= byteCount
    }
  }

  /// The swap space that a group may still use: the limits of all groups above hold for it, too.
  private func swapRoom(ofGroup index: Int) -> Int {
    var room = freeSwap()
    guard room > 0, let swap = version.swap else { return room }
    for folder in groups[index...] { room = min(room, swap.room(in: folder) ?? room) }
    return max(room, 0)
  }

  private func reclaimable(in folder: String) -> Int {
    version.reclaimable.reduce(0) { $0 + Self.number(named: $1, in: "\(folder)/memory.stat") }
  }

  /// The free swap space of the machine.
  @Sendable private static func freeSwapOfMachine() -> Int {
    // Counted in KiB.
    min(number(named: "SwapFree:", in: "/proc/meminfo"), most >> 10) << 10
  }

  /// Reads the number after a name, in a file with one name and number in each line; 0 without the name.
  private static func number(named name: String, in path: String) -> Int {
    for line in (SystemCall.text(ofFile: path) ?? "").split(separator: "\n") {
      let parts = line.split(separator: " ")
      if parts.count > 1, parts[0] == name { return byteCount(parts[1]) }
    }
    return 0
  }

  /// Reads a file that holds one number; nil if it holds a word, such as `max`.
  private static func number(in folder: String, _ name: String) -> Int? {
    guard let text = SystemCall.text(ofFile: "\(folder)/\(name)")?.split(separator: "\n").first,
      text.first?.isNumber == true
    else { return nil }
    return byteCount(text)
  }

  private static func byteCount(_ text: Substring) -> Int {
    min(max(Int(text) ?? most, 0), most)
  }

  /// More than any memory has, and so small that a sum of a few does not overflow.
  private static let most = 1 << 60
}
