import Foundation
import Testing

@testable import NPYCrop

/// The limits of control groups, in trees of files like those of the kernel, and in one of its own.
@Suite struct MemoryLimitTests {
  private static let unlimited = "9223372036854771712"
  private static let size = 1 << 30

  /// Writes a tree: files by their paths, and what they hold.
  private func tree(_ files: [String: String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (path, text) in files {
      let file = URL(fileURLWithPath: "\(folder.path)/\(path)")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("\(text)\n".utf8).write(to: file)
    }
    return folder
  }

  /// How much of a limit is left, as one of the tree has it: the largest size that is allowed.
  private func room(
    _ folder: TemporaryFolder, _ membership: String, freeSwap: Int = 0
  ) -> Int? {
    let limit = MemoryLimit(root: folder.path, membership: membership) { freeSwap }
    guard !limit.allows(byteCount: 1 << 59) else { return nil }
    var (low, high) = (0, 1 << 59)
    while high - low > 1 {
      let middle = (low + high) / 2
      if limit.allows(byteCount: middle) { low = middle } else { high = middle }
    }
    return low
  }

  @Test func `the second version has the least room of all groups above`() throws {
    let folder = try tree([
      "a/memory.max": "4000000000", "a/memory.current": "1000000000",
      "a/b/memory.max": "max", "a/b/memory.current": "900000000",
      "a/b/c/memory.max": "3500000000", "a/b/c/memory.current": "100000000",
    ])
    #expect(room(folder, "0::/a/b/c\n") == 3_000_000_000)
    #expect(room(folder, "0::/a/b/c/gone/../d\n") == 3_000_000_000)
    #expect(room(folder, "0::/\n") == nil)
    #expect(room(folder, "") == nil)
    #expect(room(folder, "0::/elsewhere/x\n") == nil)
  }

  @Test func `the first version is asked where it has the memory, and a container's root counts`()
    throws
  {
    let folder = try tree([
      "memory.max": "1", "memory.current": "1",
      "memory/memory.limit_in_bytes": "2000000000", "memory/memory.usage_in_bytes": "500000000",
      "memory/in/memory.limit_in_bytes": Self.unlimited, "memory/in/memory.usage_in_bytes": "1",
    ])
    for membership in ["5:cpu:/x\n4:cpuset,memory:/in\n0::/\n", "4:memory:/docker/0a1b\n0::/\n"] {
      #expect(room(folder, membership) == 1_500_000_000)
    }
  }

  @Test func `pages of files are no reason to refuse`() throws {
    let folder = try tree([
      "memory.max": "2000000000", "memory.current": "1900000000",
      "memory.stat":
        "anon 100\nfile 1700000000\ninactive_file 1000000000\nactive_file 600000000\nslab_reclaimable 5",
    ])
    #expect(room(folder, "0::/\n") == 1_700_000_005)
  }

  @Test func `numbers that no memory has neither trap nor refuse`() throws {
    let huge = "99999999999999999999999999"
    let folder = try tree([
      "memory.max": "5", "memory.current": huge,
      "memory.stat": "inactive_file \(huge)\nactive_file \(huge)",
      "a/memory.max": huge, "a/memory.current": "-3", "b/memory.max": "", "b/memory.current": "x",
    ])
    #expect(room(folder, "0::/a\n") == nil)
    #expect(room(folder, "0::/b\n") == nil)
  }

  @Test func `free swap space is room where the groups of the second version may use it`() throws {
    let limits = ["memory.max": "1000", "memory.current": "400"]
    func files(_ group: String, _ swap: [String: String]) -> [String: String] {
      let named = limits.merging(swap) { $1 }.map { ("\(group)/\($0)", $1) }
      return Dictionary(uniqueKeysWithValues: named)
    }
    var all = files("free", ["memory.swap.max": "max", "memory.swap.current": "7"])
    all.merge(files("uncounted", [:])) { $1 }
    all.merge(files("none", ["memory.swap.max": "0", "memory.swap.current": "0"])) { $1 }
    all.merge(files("some", ["memory.swap.max": "50", "memory.swap.current": "20"])) { $1 }
    all.merge(files("over", ["memory.swap.max": "50", "memory.swap.current": "80"])) { $1 }
    // A limit of swap space alone holds for the groups below.
    all.merge(files("above/below", [:])) { $1 }
    all.merge(["above/memory.swap.max": "30", "above/memory.swap.current": "10"]) { $1 }
    let folder = try tree(all)
    for (group, expected) in [
      ("free", 700), ("uncounted", 700), ("none", 600), ("some", 630), ("over", 600),
      ("above/below", 620),
    ] {
      #expect(room(folder, "0::/\(group)\n", freeSwap: 100) == expected, "\(group)")
      #expect(room(folder, "0::/\(group)\n", freeSwap: 0) == 600, "\(group)")
    }
  }

  @Test func `the first version limits memory and swap space together`() throws {
    var all: [String: String] = [:]
    for (group, limit, usage) in [
      ("same", "1000", "450"), ("more", "1060", "420"), ("free", Self.unlimited, "420"),
    ] {
      all["memory/\(group)/memory.limit_in_bytes"] = "1000"
      all["memory/\(group)/memory.usage_in_bytes"] = "400"
      all["memory/\(group)/memory.stat"] = "total_inactive_file 5\ntotal_active_file 6"
      all["memory/\(group)/memory.memsw.limit_in_bytes"] = limit
      all["memory/\(group)/memory.memsw.usage_in_bytes"] = usage
    }
    let folder = try tree(all)
    for (group, expected) in [("same", 561), ("more", 651), ("free", 711)] {
      #expect(room(folder, "4:memory:/\(group)\n", freeSwap: 100) == expected, "\(group)")
    }
  }

  private static let hasFreeSwap =
    (try? shell("grep -q 'SwapFree: *[1-9]' /proc/meminfo"))?.status == 0

  /// The folder in which a group with a limit can be made, and the names of its files.
  private static let groups: (root: String, limit: String)? = {
    for (root, limit, test) in [
      ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "true"),
      ("/sys/fs/cgroup", "memory.max", "grep -qw memory /sys/fs/cgroup/cgroup.subtree_control"),
    ] {
      let probe = "\(root)/npycrop-probe-\(getpid())"
      let script =
        "\(test) && mkdir \(probe) && test -e \(probe)/\(limit); a=$?; rmdir \(probe); exit $a"
      if (try? shell(script))?.status == 0 { return (root, limit) }
    }
    return nil
  }()

  /// Sanitizers need more memory than the group has.
  static let canLimit = Machine.isPlain && groups != nil && !hasFreeSwap

  @Test(.enabled(if: Self.canLimit, "needs a control group, no swap and no sanitizer"))
  func `a result beyond the limit of the group is refused, not the end of the process`() throws {
    let (root, limit) = try #require(Self.groups)
    let folder = try TemporaryFolder()
    let header = try NPYHeader(elementType: .uint8, shape: [1])
    let path = try folder.file("a.npy", header.serialized + [1])
    let group = "\(root)/npycrop-\(UUID().uuidString)"
    defer { _ = try? shell("rmdir \(group)") }
    let result = try shell(
      """
      mkdir \(group) && echo \(30 << 20) >\(group)/\(limit) && echo $$ >\(group)/cgroup.procs &&
      exec "$npycrop" crop \(path) :\(40 << 20) --pad constant -o \(folder.path)/b.npy
      """)
    #expect(result.status == 1)
    let needed = "one slab of the result needs \(32 << 20) bytes"
    #expect(result.errorLines.first?.contains(needed) == true, "\(result.errorLines)")
    #expect(result.errorLines.first?.contains("in slabs") == false)
  }
}
