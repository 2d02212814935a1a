import Glibc
import Testing

@testable import NPYCrop

/// What `Verification/strict` goes by where the size and the time of the last write tell nothing.
@Suite struct StrictVerificationTests {
  /// The times of a file's last modification and last change.
  private func times(_ path: String) throws -> (modified: timespec, changed: timespec) {
    var status = stat()
    try #require(unsafe stat(path, &status) == 0)
    return (status.st_mtim, status.st_ctim)
  }

  @Test(arguments: FileChangeTests.accesses)
  func `a change is noticed whose time was set back`(access: Access) throws {
    let folder = try TemporaryFolder()
    let header = try NPYHeader(elementType: .uint8, shape: [4])
    let path = try folder.file("a.npy", header.serialized + [1, 2, 3, 4])
    let array = try NPYArray(path: path, access: access, verification: .strict)
    let before = try times(path)
    // Until the kernel's clock, which goes in steps, has gone on.
    for _ in 0..<1_000_000 {
      let descriptor = unsafe open(path, O_WRONLY)
      try #require(unsafe pwrite(descriptor, [9], 1, off_t(header.dataOffset)) == 1)
      try #require(unsafe futimens(descriptor, [before.modified, before.modified]) == 0)
      close(descriptor)
      let changed = try times(path).changed
      guard changed.tv_sec == before.changed.tv_sec, changed.tv_nsec == before.changed.tv_nsec
      else { break }
    }
    let after = try times(path)
    #expect(after.modified.tv_sec == before.modified.tv_sec)
    #expect(after.modified.tv_nsec == before.modified.tv_nsec)
    let error = #expect(throws: NPYError.self) { try array.cropRegion(.all) }
    #expect(error?.fault == .file(.changed))
  }
}
