import Foundation
import Glibc
import Testing

@testable import NPYCrop

/// Files that cannot be mapped, and what the operating system refuses.
@Suite struct MappingTests {
  private func fault(_ path: String) -> NPYError.Fault? {
    #expect(throws: NPYError.self) { try NPYArray(path: path) }?.fault
  }

  @Test func `what is no regular file is refused by its name, without waiting`() throws {
    let folder = try TemporaryFolder()
    #expect(fault(folder.path) == .file(.notARegularFile(.directory)))
    let pipe = "\(folder.path)/pipe"
    #expect(unsafe mkfifo(pipe, 0o600) == 0)
    // A pipe without a writer would block an open that waits.
    #expect(fault(pipe) == .file(.notARegularFile(.pipe)))
    #expect(fault("/dev/null") == .file(.notARegularFile(.device)))
  }

  @Test func `files of the kernel are refused, without reading them`() {
    #expect(fault("/proc/self/maps") == .header(.emptyFile))
    #expect(fault("/proc/version") == .header(.emptyFile))
  }

  @Test func `an empty file says that it is empty`() throws {
    let folder = try TemporaryFolder()
    #expect(fault(try folder.file("empty.npy", [])) == .header(.emptyFile))
  }

  @Test func `each refusal of open is its errno, with the path and words`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("a.npy", [1])
    let loop = "\(folder.path)/loop"
    try FileManager.default.createSymbolicLink(atPath: loop, withDestinationPath: loop)
    let cases: [(String, Int32)] = [
      ("\(folder.path)/missing.npy", ENOENT), ("\(file)/inside", ENOTDIR), (loop, ELOOP),
      (String(repeating: "n", count: 300), ENAMETOOLONG), ("", ENOENT),
    ]
    for (path, number) in cases {
      let error = #expect(throws: NPYError.self) { try NPYArray(path: path) }
      #expect(error?.fault == .file(.system(call: .open, errno: number)), "\(path)")
      #expect(error?.path == path)
    }
    let missing = #expect(throws: NPYError.self) { try NPYArray(path: "missing.npy") }
    #expect(missing?.description == "missing.npy: open: No such file or directory (errno 2)")
  }

  @Test func `a path with a NUL does not open the file before the NUL`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "a.npy", npyBytes(header: headerText(shape: "()"), data: [1, 2, 3, 4]))
    #expect(throws: Never.self) { try NPYArray(path: path) }
    #expect(fault(path + "\0.npy") == .file(.nulInPath))
  }

  @Test func `no descriptor stays open, and no mapping, once the array is gone`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "a.npy", npyBytes(header: headerText(shape: "()"), data: [1, 2, 3, 4]))
    do {
      let array = try NPYArray(path: path, advice: .random)
      let copy = array
      #expect(try openings(of: path) == [1, 1])
      #expect(copy.shape.isEmpty && array.shape.isEmpty)
    }
    #expect(try openings(of: path) == [0, 0])
    let bad = try folder.file("bad.npy", npyBytes(header: "{"))
    #expect(throws: NPYError.self) { try NPYArray(path: bad) }
    #expect(try openings(of: bad) == [0, 0])
  }

  @Test func `a file replaced by renaming keeps the bytes that were opened`() throws {
    let folder = try TemporaryFolder()
    let header = headerText(descr: "'|u1'", shape: "(3,)")
    let path = try folder.file("a.npy", npyBytes(header: header, data: [1, 2, 3]))
    let array = try NPYArray(path: path)
    let other = try folder.file("b.npy", npyBytes(header: header, data: [7, 8, 9]))
    #expect(unsafe rename(other, path) == 0)
    #expect(try array.cropRegion(.all, as: UInt8.self).elements == [1, 2, 3])
    #expect(try cropRegion(.all, of: path, as: UInt8.self).elements == [7, 8, 9])
  }
}
