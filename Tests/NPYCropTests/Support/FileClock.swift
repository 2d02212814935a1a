import Glibc
import Testing

/// The times that the kernel gives to changes of the files of a folder.
struct FileClock {
  /// Whether two changes with a look at the file between them always have two times, as since Linux 6.13.
  ///
  /// Otherwise the clock goes in steps of some milliseconds, and changes within a step have one time.
  let tellsChangesApart: Bool
  private let path: String

  /// Tries it with a file of the folder, which is rewritten with its own bytes.
  init(_ folder: TemporaryFolder) throws {
    path = try folder.file("clock", [1])
    var tellsApart = true
    var last = try Self.time(path)
    // A step of a coarse clock falls between some of these changes, and not between all.
    for _ in 0..<20 {
      try Self.change(path)
      let next = try Self.time(path)
      tellsApart = tellsApart && next != last
      last = next
    }
    tellsChangesApart = tellsApart
  }

  /// Waits, where the clock goes in steps, until a change of any file has a later time than one before.
  func waitForStep() throws {
    guard !tellsChangesApart else { return }
    try Self.change(path)
    let now = try Self.time(path)
    while try Self.time(path) == now { try Self.change(path) }
  }

  private static func change(_ path: String) throws {
    let file = unsafe open(path, O_WRONLY)
    defer { _ = close(file) }
    try #require(unsafe pwrite(file, [1], 1, 0) == 1)
  }

  private static func time(_ path: String) throws -> [Int] {
    var status = stat()
    try #require(unsafe stat(path, &status) == 0)
    return [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
  }
}
