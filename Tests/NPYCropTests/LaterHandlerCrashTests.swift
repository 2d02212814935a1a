import Foundation
import Glibc
import Testing

@testable import NPYCrop

/// Handlers of SIGBUS that a program or another library installs after a file was opened, in processes
/// of their own: a file that is cut is still an error of the crop, and what is not ours goes on.
@Suite struct LaterHandlerCrashTests {
  @Test func `a later handler that ends the process does not get a fault of ours`() async {
    await #expect(processExitsWith: .exitCode(0)) {
      try cropACutFile { signal(SIGBUS) { _ in _exit(7) } }
    }
    await #expect(processExitsWith: .exitCode(0)) {
      try cropACutFile { installEnding() }
    }
    await #expect(processExitsWith: .exitCode(0)) {
      try cropACutFile { signal(SIGBUS, SIG_DFL) }
    }
    await #expect(processExitsWith: .exitCode(0)) {
      try cropACutFile { signal(SIGBUS, SIG_IGN) }
    }
  }

  @Test func `a guard that is put back without what a fault tells it is armed again`() async {
    await #expect(processExitsWith: .exitCode(0)) {
      try cropACutFile { putBackWithoutInformation() }
    }
    await #expect(processExitsWith: .signal(SIGBUS)) {
      try cropACutFile { putBackWithoutInformation() }
      touchLostPage()
    }
  }

  @Test func `a later handler that puts zeros where a page was lost hides no cut`() async {
    await #expect(processExitsWith: .exitCode(0)) {
      try cropACutFile { installRecovering() }
    }
  }

  @Test func `a handler installed during a read that puts zeros on a lost page hides no cut`()
    async
  {
    await #expect(processExitsWith: .exitCode(0)) {
      try endProcess {
        let folder = try TemporaryFolder()
        let path = try folder.file("a.npy", fileToCut)
        // Nothing is asked of the file: what is found is found by the guard.
        let array = try NPYArray(path: path, access: .mapped, verification: .none)
        var byte: UInt8 = 7
        var isCut = false
        let result = unsafe withLoan(of: array.source) { start in
          installRecovering()
          isCut = unsafe truncate(path, 4096) == 0
          byte = unsafe start.load(fromByteOffset: 500_000, as: UInt8.self)
        }
        guard isCut, byte == 0, result == .lost else { return 1 }
        // What the handler put into the mapping is not read later either: the file is whole again.
        try Data(fileToCut).write(to: URL(fileURLWithPath: path))
        let crop = try array.cropRegion([499_872..<499_873], as: UInt8.self)
        return crop.elements == [7] ? 0 : 2
      }
    }
  }

  @Test func `a later handler gets the faults that are not ours`() async {
    await #expect(processExitsWith: .exitCode(7)) {
      try cropACutFile { signal(SIGBUS) { _ in _exit(7) } }
      touchLostPage()
    }
    await #expect(processExitsWith: .exitCode(91)) {
      // It recovers: the page that was lost reads as zero.
      try cropACutFile { installRecovering() }
      touchLostPage()
    }
  }

  @Test func `a fault that two handlers pass to each other ends by the action before both`() async {
    // By a call of what the handler replaced.
    await #expect(processExitsWith: .signal(SIGBUS)) {
      try cropACutFile { installChaining() }
      touchLostPage()
    }
    // By putting it back, and raising the signal again.
    await #expect(processExitsWith: .signal(SIGBUS)) {
      try cropACutFile { installRestoring() }
      touchLostPage()
    }
    await #expect(processExitsWith: .exitCode(5)) {
      signal(SIGBUS) { _ in _exit(5) }
      try cropACutFile { installChaining() }
      touchLostPage()
    }
  }

  @Test func `a handler that is installed again passes faults on without a circle`() async {
    await #expect(processExitsWith: .exitCode(5)) {
      signal(SIGBUS) { _ in _exit(5) }
      // More often than the guard goes on top again.
      for _ in 0..<20 {
        try cropACutFile { installChaining() }
      }
      touchLostPage()
    }
  }

  @Test func `the first handler of a child of fork does not get a fault of ours`() async {
    await #expect(processExitsWith: .exitCode(0)) {
      try cropACutFile {}
      let child = forked()
      if child == 0 {
        do { try cropACutFile { signal(SIGBUS) { _ in _exit(7) } } } catch { _exit(9) }
        _exit(0)
      }
      var status: Int32 = -1
      unsafe _ = waitpid(child, &status, 0)
      _exit(status == 0 ? 0 : 1)
    }
  }

  @Test func `where handlers keep being installed, files are read by positioned reads`() async {
    await #expect(processExitsWith: .exitCode(0)) {
      for turn in 0..<40 {
        try cropACutFile {
          if turn % 2 == 0 {
            signal(SIGBUS) { _ in _exit(7) }
          } else {
            installRecovering()
          }
        }
      }
      let path = Fixtures.path("shape_2x3_C.npy")
      let error = #expect(throws: NPYError.self) { try NPYArray(path: path, access: .mapped) }
      guard error?.fault == .file(.unguarded) else { _exit(1) }
      guard try NPYArray(path: path).cropRegion(.all, as: Float.self).elements.count == 6 else {
        _exit(2)
      }
      _exit(0)
    }
  }
}

// MARK: - Handlers

/// What a handler of a test replaced.
private enum Replaced {
  nonisolated(unsafe) static var action = sigaction()
}

/// Installs a handler in the place of another; not over itself, or it would replace itself.
private func install(
  _ handler:
    @convention(c) (Int32, UnsafeMutablePointer<siginfo_t>?, UnsafeMutableRawPointer?) -> Void
) {
  var action = sigaction()
  unsafe sigaction(SIGBUS, nil, &action)
  let present = unsafe unsafeBitCast(action.__sigaction_handler, to: Int.self)
  guard unsafe present != unsafeBitCast(handler, to: Int.self) else { return }
  action = sigaction()
  unsafe action.__sigaction_handler.sa_sigaction = unsafe handler
  action.sa_flags = SA_SIGINFO
  unsafe sigaction(SIGBUS, &action, &Replaced.action)
}

/// A handler that ends the process.
private func installEnding() {
  unsafe install { _, _, _ in _exit(7) }
}

/// A handler that puts a page of zeros where one was lost, as a program may that maps files itself.
private func installRecovering() {
  unsafe install { _, info, _ in
    let address = unsafe UInt(bitPattern: info?.pointee._sifields._sigfault.si_addr)
    unsafe _ = mmap(
      UnsafeMutableRawPointer(bitPattern: address & ~4095), 4096, PROT_READ,
      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)
  }
}

/// A handler that calls the one which it replaced.
private func installChaining() {
  unsafe install { number, info, context in
    unsafe Replaced.action.__sigaction_handler.sa_sigaction?(number, info, context)
  }
}

/// A handler that puts back what it replaced, and raises the signal again.
private func installRestoring() {
  unsafe install { number, _, _ in
    unsafe sigaction(number, &Replaced.action, nil)
    raise(number)
  }
}

/// Puts back what it replaces as a program does that knows signal(2) alone, which is without SA_SIGINFO.
private func putBackWithoutInformation() {
  let replaced = signal(SIGBUS, SIG_IGN)
  signal(SIGBUS, replaced)
}

// MARK: - A file that is cut

/// A file of more than 256 pages, whose elements are all 7.
private let fileToCut = npyBytes(
  header: headerText(descr: "'|u1'", shape: "(1048576,)"),
  data: [UInt8](repeating: 7, count: 1 << 20))

/// Why the crop of a cut file is not as it should be.
///
/// It is thrown, so that the folder of the file is removed.
private enum Unexpected: Error {
  case notCut(errno: Int32)
  case cropped(Region)
  case fault(NPYError)
}

/// Crops a mapped file, has a handler installed, cuts the file, and crops it again, which must be an
/// error.
private func cropACutFile(_ install: () -> Void) throws {
  let folder = try TemporaryFolder()
  let path = try folder.file("a.npy", fileToCut)
  let array = try NPYArray(path: path, access: .automatic)
  for _ in 0..<3 { _ = try array.cropRegion([0..<100]) }
  install()
  guard unsafe truncate(path, 5000) == 0 else { throw Unexpected.notCut(errno: errno) }
  for region: Region in [[500_000..<600_000], [0..<100], [4000..<8000]] {
    do throws(NPYError) {
      _ = try array.cropRegion(region)
    } catch {
      switch error.fault {
      case .file(.truncated), .file(.endOfFile): continue
      default: throw Unexpected.fault(error)
      }
    }
    throw Unexpected.cropped(region)
  }
}
