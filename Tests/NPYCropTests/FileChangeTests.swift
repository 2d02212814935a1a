import Foundation
import Glibc
import Testing

@testable import NPYCrop

/// What is done to a file while it is open: every crop is right, or an error that says why.
@Suite struct FileChangeTests {
  static let accesses: [Access] = [.automatic, .mapped, .positionedReads]

  /// A file of bytes that are never 0, so that a page of zeros is never taken for one of them.
  private func sample(_ folder: TemporaryFolder, _ name: String = "a.npy") throws -> String {
    let text = headerText(descr: "'|u1'", shape: "(64, 4096)")
    return try folder.file(name, npyBytes(header: text, data: patternBytes(64 * 4096)))
  }

  private func fault(_ body: () throws -> Void) -> NPYError.Fault? {
    #expect(throws: NPYError.self) { try body() }?.fault
  }

  @Test(arguments: accesses)
  func `a file cut short between two crops is an error of the second`(access: Access) throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    let array = try NPYArray(path: path, access: access)
    let before = try array.cropRegion([0..<2], as: UInt8.self)
    #expect(unsafe truncate(path, 100_000) == 0)
    // What is gone, and what is left: the file is not what it was said to be.
    for rows in [0..<2, 60..<64, 0..<2] {
      let error = fault { _ = try array.cropRegion([rows], as: UInt8.self) }
      switch error {
      case .file(.truncated(needed: array.header.dataEnd, found: 100_000)), .file(.endOfFile): break
      default: Issue.record("\(String(describing: error))")
      }
    }
    // The file is whole again, with the same bytes: the array goes on.
    _ = try sample(folder)
    #expect(try array.cropRegion([0..<2], as: UInt8.self) == before)
    let last = try array.cropRegion([63], as: UInt8.self)
    #expect(last.elements.allSatisfy { $0 != 0 })
  }

  @Test(arguments: accesses)
  func `a file cut short within its last page, where no signal comes, is an error`(
    access: Access
  ) throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    let array = try NPYArray(path: path, access: access)
    #expect(unsafe truncate(path, off_t(array.header.dataEnd - 1)) == 0)
    let error = fault { _ = try array.cropRegion([63], as: UInt8.self) }
    switch error {
    case .file(.truncated), .file(.endOfFile): break
    default: Issue.record("\(String(describing: error))")
    }
  }

  #if DEBUG
    @Test func `after pages were lost every crop of the array is read, not mapped`() throws {
      let folder = try TemporaryFolder()
      let path = try sample(folder)
      let array = try NPYArray(path: path, access: .mapped)
      let copy = array
      #expect(unsafe truncate(path, 50_000) == 0)
      let error = fault { _ = try array.cropRegion([40..<64], as: UInt8.self) }
      guard case .file(.endOfFile) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      _ = try sample(folder)
      let counter = ForcedFailure(.pread, .errno(EIO), at: 0..<0)
      let crop = try forcing(counter) { try copy.cropRegion([40]) }
      #expect(crop.bytes.allSatisfy { $0 != 0 })
      #expect(counter.calls > 0)
    }
  #endif

  @Test
  func `a thread that reads while another one loses the pages is told, without a fault of its own`()
    throws
  {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    let array = try NPYArray(path: path, access: .mapped, verification: .none)
    let refused = Tally()
    let result = unsafe withLoan(of: array.source) { _ in
      // The first reader is copying. Meanwhile the file is cut, and a second one faults.
      #expect(unsafe truncate(path, 4096) == 0)
      let second = Thread {
        do throws(NPYError) {
          _ = try array.cropRegion([60..<64], as: UInt8.self)
        } catch {
          refused.add()
        }
      }
      second.start()
      while !second.isFinished { _ = sched_yield() }
    }
    // It touched no page that was lost, yet what it read may be what the second one put there.
    #expect(result == .lost)
    // Or else there was no second one that faulted.
    #expect(refused.count == 1)
  }

  @Test func `strict verification notices any change, the default one only a loss`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    let strict = try NPYArray(path: path, verification: .strict)
    let usual = try NPYArray(path: path)
    _ = try strict.cropRegion([0])
    let times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
    #expect(unsafe utimensat(AT_FDCWD, path, times, 0) == 0)
    #expect(fault { _ = try strict.cropRegion([0]) } == .file(.changed))
    #expect(throws: Never.self) { try usual.cropRegion([0]) }
  }

  @Test(arguments: accesses)
  func `an array is current until its path leads to something else`(access: Access) throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    let array = try NPYArray(path: path, access: access)
    #expect(try array.isCurrent())
    let other = try sample(folder, "b.npy")
    #expect(unsafe rename(other, path) == 0)
    #expect(try !array.isCurrent())
    // It goes on to show its own file.
    #expect(try array.cropRegion([0..<1]).bytes.count == 4096)
    let next = try NPYArray(path: path, access: access)
    #expect(try next.isCurrent())
    // Closed or not: it is the path that is asked about.
    next.close()
    #expect(try next.isCurrent())
    #expect(
      unsafe utimensat(
        AT_FDCWD, path, [timespec](repeating: timespec(tv_sec: 1, tv_nsec: 0), count: 2), 0) == 0)
    #expect(try !next.isCurrent())
    #expect(unsafe unlink(path) == 0)
    #expect(try !next.isCurrent())
    let below = try NPYArray(path: try sample(folder), access: access)
    #expect(unsafe unlink(path) == 0)
    #expect(unsafe mkdir(path, 0o700) == 0)
    #expect(try !below.isCurrent())
  }

  @Test(arguments: accesses)
  func `a file that grows, moves or loses its permissions stays readable`(access: Access) throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    let array = try NPYArray(path: path, access: access)
    let before = try array.cropRegion(.all, as: UInt8.self)
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data([1, 2, 3]))
    #expect(unsafe chmod(path, 0) == 0)
    #expect(unsafe rename(path, path + ".old") == 0)
    #expect(try array.cropRegion(.all, as: UInt8.self) == before)
    #expect(unsafe unlink(path + ".old") == 0)
    #expect(try array.cropRegion(.all, as: UInt8.self) == before)
  }

  @Test func `a file that is cut while a page of it is pinned is an error`() throws {
    try expectCutIsSeenWithAPinnedPage(in: TemporaryFolder())
  }

  @Test(.enabled(if: canMount(), "only root may mount a tmpfs"))
  func `a file of huge pages that is cut while a page of it is pinned is an error`() throws {
    let folder = try TemporaryFolder()
    #expect(unsafe mount("tmpfs", folder.path, "tmpfs", 0, "size=64m,huge=always") == 0)
    defer { unsafe _ = umount2(folder.path, 2) }
    try expectCutIsSeenWithAPinnedPage(in: folder)
  }

  /// A page that someone holds cannot be taken out of a larger piece of the page cache: whatever the
  /// mapping shows after the cut, no crop may take it for data.
  private func expectCutIsSeenWithAPinnedPage(in folder: TemporaryFolder) throws {
    let count = (4 << 20) - 128
    let header = headerText(descr: "'|u1'", shape: "(\(count),)")
    let path = try folder.file(
      "a.npy", npyBytes(header: header, data: [UInt8](repeating: 7, count: count)))
    let array = try NPYArray(path: path, access: .mapped)
    for range in [0..<100, count - 100..<count, 0..<100] { _ = try array.cropRegion([range]) }
    // Pages that go into a pipe stay in memory until they come out.
    let descriptor = unsafe open(path, O_RDWR)
    var ends: [Int32] = [-1, -1]
    #expect(unsafe pipe(&ends) == 0)
    defer { for end in ends + [descriptor] { _ = close(end) } }
    #expect(splicePage(of: descriptor, at: 2 << 20, into: ends[1]) == 4096)
    let cut = (2 << 20) + 1000
    #expect(ftruncate(descriptor, off_t(cut)) == 0)
    for range in [cut - 200..<cut, cut..<cut + 2000, count - 100..<count, 0..<100] {
      for _ in 0..<2 {
        let error = fault { _ = try array.cropRegion([range]) }
        switch error {
        case .file(.truncated), .file(.endOfFile): break
        default: Issue.record("\(range): \(String(describing: error))")
        }
      }
    }
  }

  @Test(.enabled(if: canMount(), "only root may mount a small tmpfs"))
  func `a sparse file on a full tmpfs, whose pages cannot be had, is read instead`() throws {
    let folder = try TemporaryFolder()
    #expect(unsafe mount("tmpfs", folder.path, "tmpfs", 0, "size=64k") == 0)
    defer { unsafe _ = umount2(folder.path, 2) }
    let header = try NPYHeader(elementType: .uint8, shape: [1 << 20])
    let path = try folder.file("a.npy", header.serialized)
    #expect(unsafe truncate(path, off_t(header.dataEnd)) == 0)
    // The rest of the file system is taken: a page of the hole has no place.
    let full = unsafe open("\(folder.path)/full", O_WRONLY | O_CREAT, 0o600)
    while unsafe write(full, [UInt8](repeating: 1, count: 512), 512) > 0 {}
    #expect(errno == ENOSPC)
    _ = close(full)
    let array = try NPYArray(path: path, access: .mapped)
    #if DEBUG
      let counter = ForcedFailure(.pread, .errno(EIO), at: 0..<0)
      let crop = try forcing(counter) { try array.cropRegion(.all, as: UInt8.self) }
      #expect(counter.calls > 0)
    #else
      let crop = try array.cropRegion(.all, as: UInt8.self)
    #endif
    #expect(crop.elements.count == 1 << 20)
    #expect(crop.elements.allSatisfy { $0 == 0 })
  }
}

private func canMount() -> Bool {
  guard geteuid() == 0, let folder = try? TemporaryFolder() else { return false }
  guard unsafe mount("tmpfs", folder.path, "tmpfs", 0, "size=64k") == 0 else { return false }
  return unsafe umount2(folder.path, 2) == 0
}
