import Glibc
import Testing

@testable import NPYCrop

/// Advice is a hint, and shows in no result: the kernel is asked whether it came.
@Suite struct AdviceTests {
  private static let byteCount = 1 << 23

  /// A file of 8 MiB without data, of which no page is in memory.
  private static func sparseFile(_ folder: TemporaryFolder) throws -> String {
    let path = try folder.file("a.bin", [])
    try #require(unsafe truncate(path, off_t(Self.byteCount)) == 0)
    return path
  }

  private func array(_ path: String, advice: Advice = .normal) throws -> NPYArray {
    try NPYArray(
      path: path, elementType: .uint8, shape: [Self.byteCount], access: .mapped,
      verification: .none, advice: advice)
  }

  /// How the kernel reads ahead in the mapping of a file, by its flags in /proc/self/smaps.
  private func readAhead(in path: String) throws -> [Substring] {
    let lines = try procFile("/proc/self/smaps").split(separator: "\n")
    let start = try #require(lines.firstIndex { $0.hasSuffix(path) })
    let flags = try #require(lines[start...].first { $0.hasPrefix("VmFlags:") })
    return flags.split(separator: " ").filter { ["sr", "rr"].contains($0) }
  }

  static let flags: [(Advice, [Substring])] = [
    (.random, ["rr"]), (.sequential, ["sr"]), (.normal, []),
  ]

  @Test(arguments: flags)
  func `advice at opening is what the kernel is told of the mapping`(
    advice: Advice, expected: [Substring]
  ) throws {
    let folder = try TemporaryFolder()
    let path = try Self.sparseFile(folder)
    let array = try array(path, advice: advice)
    #expect(try readAhead(in: path) == expected)
    array.close()
    let header = try NPYHeader(elementType: .uint8, shape: [9])
    let named = try folder.file("b.npy", header.serialized + patternBytes(9))
    let other = try NPYArray(path: named, access: .mapped, advice: advice)
    #expect(try readAhead(in: named) == expected)
    other.close()
  }

  @Test func `later advice takes the place of what was advised before`() throws {
    let folder = try TemporaryFolder()
    let path = try Self.sparseFile(folder)
    let array = try array(path, advice: .sequential)
    for (advice, expected) in Self.flags {
      try array.advise(advice)
      #expect(try readAhead(in: path) == expected)
    }
    array.close()
  }

  @Test(.enabled(if: Self.readsAhead, "temporary files are in memory from the start"))
  func `what will be needed is read before anyone touches it`() throws {
    let folder = try TemporaryFolder()
    let path = try Self.sparseFile(folder)
    let array = try array(path)
    #expect(try residentPages(of: path, byteCount: Self.byteCount).allSatisfy { !$0 })
    try array.advise(.willNeed)
    #expect(try Self.isReadSoon(path))
  }

  /// Whether pages of a file come into memory: the reading has begun, and may go on meanwhile.
  private static func isReadSoon(_ path: String) throws -> Bool {
    for _ in 0..<10_000 {
      if try residentPages(of: path, byteCount: byteCount).contains(true) { return true }
      sched_yield()
    }
    return false
  }

  /// Whether the kernel does without the library what it is to do here: tmpfs has nothing to read.
  private static let readsAhead: Bool = {
    guard let folder = try? TemporaryFolder(), let path = try? sparseFile(folder) else {
      return false
    }
    let descriptor = unsafe open(path, O_RDONLY)
    defer { close(descriptor) }
    guard posix_fadvise(descriptor, 0, 0, POSIX_FADV_WILLNEED) == 0 else { return false }
    return (try? isReadSoon(path)) == true
  }()

  #if DEBUG
    @Test func `without a mapping there is no one to advise`() throws {
      let folder = try TemporaryFolder()
      let counter = ForcedFailure(.madvise, .errno(EIO), at: 0..<0)
      try forcing(counter) {
        let read = try NPYArray(
          path: Fixtures.path("shape_2x3_C.npy"), access: .positionedReads, advice: .random)
        try read.advise(.willNeed)
        let empty = try NPYArray(
          path: folder.file("empty", []), elementType: .uint8, shape: [0], access: .mapped)
        try empty.advise(.willNeed)
        #expect(counter.calls == 0)
        let mapped = try NPYArray(path: Fixtures.path("shape_2x3_C.npy"), access: .mapped)
        try mapped.advise(.willNeed)
        #expect(counter.calls == 1)
      }
    }
  #endif
}
