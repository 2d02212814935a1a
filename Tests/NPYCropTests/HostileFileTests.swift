import CAllocationCount
import Glibc
import Testing

@testable import NPYCrop

/// Headers made to hurt: opening takes memory and work in proportion to the file, whatever it says.
@Suite struct HostileFileTests {
  struct Hostile: CustomStringConvertible {
    let name: String
    let bytes: [UInt8]
    let isAccepted: Bool

    var description: String { name }

    /// Whether the file is accepted as it should be, or refused for its header and nothing else.
    func isFitting(_ fault: NPYError.Fault?) -> Bool {
      if case .header? = fault { !isAccepted } else { fault == nil && isAccepted }
    }

    init(_ name: String, _ bytes: [UInt8], isAccepted: Bool = false) {
      self.name = name
      self.bytes = bytes
      self.isAccepted = isAccepted
    }
  }

  /// Each is as long as it needs to be: tens of kilobytes at the most, or megabytes where the length
  /// itself is the attack.
  static let table: [Hostile] = {
    func header(descr: String = "'|u1'", shape: String, version: UInt8 = 2) -> [UInt8] {
      npyBytes(header: headerText(descr: descr, shape: shape), version: version, data: [1])
    }
    func record(_ count: Int, _ field: (Int) -> String) -> String {
      "[" + (0..<count).map(field).joined(separator: ", ") + "]"
    }
    func nested(_ depth: Int) -> String {
      depth == 0 ? "'V0'" : "[('a', \(nested(depth - 1)))]"
    }
    let ones = String(repeating: "1, ", count: 64)
    let big = String(repeating: "9", count: 20_000)
    return [
      Hostile(
        "1,000 fields", header(descr: record(1_000) { "('f\($0)', 'V0')" }, shape: "(1,)"),
        isAccepted: true),
      Hostile(
        "10,000 fields of one name",
        header(descr: record(10_000) { _ in "('f', 'V0')" }, shape: "(1,)")),
      Hostile("64 axes", header(shape: "(\(ones))"), isAccepted: true),
      Hostile("20,000 axes", header(shape: "(" + String(repeating: "1, ", count: 20_000) + ")")),
      Hostile("records 30 deep", header(descr: nested(30), shape: "(1,)"), isAccepted: true),
      Hostile("records 40 deep", header(descr: nested(40), shape: "(1,)")),
      Hostile("100,000 brackets", header(shape: String(repeating: "(", count: 100_000))),
      Hostile(
        "100,000 minus signs", header(shape: "(" + String(repeating: "-", count: 100_000) + "1,)")),
      Hostile("a header of 2³¹ bytes", npyBytes(header: "{", version: 2, length: 1 << 31)),
      Hostile("a header of 2³² − 1 bytes", npyBytes(header: "{", version: 3, length: 0xFFFF_FFFF)),
      Hostile("a number of 20,000 digits", header(shape: "(\(big),)")),
      Hostile("a product past 2⁶⁴", header(shape: "(4294967296, 4294967296, 4294967296)")),
      Hostile("elements of 2³¹ − 1 bytes", header(descr: "'|V2147483647'", shape: "(4294967298,)")),
      Hostile(
        "a subarray past 2³¹ bytes", header(descr: "[('a', 'u1', (65536, 65536))]", shape: "(1,)")),
      Hostile(
        "a key of a megabyte",
        header(descr: "'|u1', '" + String(repeating: "k", count: 1 << 20) + "': 1", shape: "(1,)")),
      Hostile(
        "a megabyte of spaces", header(shape: String(repeating: " ", count: 1 << 20) + "(1,)"),
        isAccepted: true),
      Hostile(
        "20,000 keys",
        npyBytes(
          header: "{" + String(repeating: "'shape': (1,), ", count: 20_000)
            + "'descr': '|u1', 'fortran_order': False}", version: 2, data: [1]), isAccepted: true),
    ]
  }()

  @Test(arguments: table)
  func `opening allocates in proportion to the file`(hostile: Hostile) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.npy", hostile.bytes)
    let before = allocation_count()
    let isFitting = hostile.isFitting(openHostile(path))
    let blocks = allocation_count() - before
    #expect(isFitting, "\(hostile)")
    // A literal of the header, with its text, takes some blocks; a byte of it at most two.
    if allocations_are_counted() {
      #expect(blocks < 400 + 2 * UInt(hostile.bytes.count), "\(hostile): \(blocks) blocks")
    }
    // By default the length alone refuses what is longer than NumPy would read.
    if hostile.bytes.count > 11_000 {
      #expect(throws: NPYError.self) { try NPYArray(path: path) }
    }
  }

  @Test func `no hostile file takes more memory than its own size explains`() async {
    // In a process of its own: other tests allocate meanwhile.
    await #expect(processExitsWith: .exitCode(0)) {
      try endProcess {
        let folder = try TemporaryFolder()
        let paths = try Self.table.enumerated().map { try folder.file("\($0).npy", $1.bytes) }
        // What the first one of a process needs.
        guard openHostile(Fixtures.path("shape_2x3_C.npy")) == nil else { return 1 }
        guard let before = try processStatus("VmPeak") else { return 2 }
        for (path, hostile) in zip(paths, Self.table) {
          guard hostile.isFitting(openHostile(path)) else { return 3 }
        }
        // In kibibytes of addresses, touched or not. A heap for a thread is an eighth of this, and
        // what a length of 2³¹ would take is twice as much.
        guard let after = try processStatus("VmPeak"), after - before < 1 << 20 else { return 4 }
        // The measure is one: pages that nobody touches count.
        let pages = unsafe mmap(
          nil, 2 << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard unsafe pages != MAP_FAILED, let most = try processStatus("VmPeak") else { return 5 }
        return most - after > 1 << 20 ? 0 : 6
      }
    }
  }

  @Test func `a header that memory has no room for is an error of reading it`() async {
    await #expect(processExitsWith: .exitCode(0)) {
      try endProcess {
        let folder = try TemporaryFolder()
        // 3 GiB of header are in the file, as far as its size tells.
        let length = 3 << 30
        let path = try folder.file("a.npy", npyBytes(header: "{", version: 2, length: length))
        guard unsafe truncate(path, off_t(length + 4096)) == 0 else { return 1 }
        guard let used = try processStatus("VmSize") else { return 2 }
        let room = rlim_t(used << 10 + 1 << 30)
        var limit = rlimit(rlim_cur: room, rlim_max: room)
        guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else {
          return 3
        }
        return openHostile(path) == .file(.system(call: .pread, errno: ENOMEM)) ? 0 : 4
      }
    }
  }
}

/// Opens a file however long its header is, and tells what is wrong with it.
private func openHostile(_ path: String) -> NPYError.Fault? {
  do {
    _ = try NPYArray(path: path, maxHeaderSize: .max)
    return nil
  } catch {
    return error.fault
  }
}
