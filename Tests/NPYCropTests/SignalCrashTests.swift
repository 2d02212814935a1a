import Glibc
import Testing

@testable import NPYCrop

/// The process' SIGBUS, in processes of their own: what is ours is answered, the rest goes on.
@Suite struct SignalCrashTests {
  @Test func `a fault that is not ours still ends the process by signal 7`() async {
    await #expect(processExitsWith: .signal(SIGBUS)) {
      try useTheGuard()
      touchLostPage()
    }
  }

  @Test func `the application's handler, installed before, still gets what is not ours`() async {
    await #expect(processExitsWith: .exitCode(7)) {
      signal(SIGBUS) { _ in _exit(7) }
      try useTheGuard()
      touchLostPage()
    }
    await #expect(processExitsWith: .exitCode(8)) {
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_sigaction = { _, info, _ in
        // The address that was touched is told on.
        _exit(unsafe info?.pointee.si_code == 2 ? 8 : 9)
      }
      action.sa_flags = SA_SIGINFO
      unsafe sigaction(SIGBUS, &action, nil)
      try useTheGuard()
      touchLostPage()
    }
  }

  @Test func `a handler that ignores cannot ignore a fault, but a signal that was sent`() async {
    await #expect(processExitsWith: .exitCode(3)) {
      signal(SIGBUS, SIG_IGN)
      try useTheGuard()
      raise(SIGBUS)
      _exit(3)
    }
    await #expect(processExitsWith: .signal(SIGBUS)) {
      signal(SIGBUS, SIG_IGN)
      try useTheGuard()
      touchLostPage()
    }
    await #expect(processExitsWith: .signal(SIGBUS)) {
      try useTheGuard()
      raise(SIGBUS)
      _exit(3)
    }
  }

  @Test func `the handler that is passed on to keeps what it was installed with`() async {
    // The stack and the signals are those that it asked for.
    await #expect(processExitsWith: .exitCode(0)) {
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_sigaction = { _, _, _ in _exit(7) }
      action.sa_flags = SA_SIGINFO | Int32(SA_NODEFER)
      unsafe sigaddset(&action.sa_mask, SIGUSR1)
      unsafe sigaction(SIGBUS, &action, nil)
      try useTheGuard()
      var now = sigaction()
      unsafe sigaction(SIGBUS, nil, &now)
      let isBlocked = unsafe sigismember(&now.sa_mask, SIGUSR1) == 1
      _exit(now.sa_flags & ~0x0400_0000 == action.sa_flags && isBlocked ? 0 : 1)
    }
    // A handler for one signal gets one.
    await #expect(processExitsWith: .signal(SIGBUS)) {
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = { _ in }
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
      unsafe sigaction(SIGBUS, &action, nil)
      try useTheGuard()
      raise(SIGBUS)
      raise(SIGBUS)
      _exit(3)
    }
  }

  @Test func `positioned reads leave the process' SIGBUS alone`() async {
    await #expect(processExitsWith: .exitCode(0)) {
      let path = Fixtures.path("shape_2x3_C.npy")
      _ = try NPYArray(path: path, access: .positionedReads).cropRegion(.all, as: Float.self)
      var now = sigaction()
      unsafe sigaction(SIGBUS, nil, &now)
      let isUntouched = now.sa_flags & SA_SIGINFO == 0
      _ = try NPYArray(path: path, access: .automatic)
      unsafe sigaction(SIGBUS, nil, &now)
      _exit(isUntouched && now.sa_flags & SA_SIGINFO != 0 ? 0 : 1)
    }
  }

  @Test func `at the limit of descriptors opening is an error, and works again when some are free`()
    async
  {
    await #expect(processExitsWith: .exitCode(0)) {
      let path = Fixtures.path("shape_2x3_C.npy")
      let isAtLimit = NPYError.Fault.file(.system(call: .open, errno: EMFILE))
      var limit = rlimit(rlim_cur: 64, rlim_max: 64)
      guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
        _exit(1)
      }
      var arrays: [NPYArray] = []
      func fill() -> NPYError.Fault {
        while true {
          do throws(NPYError) {
            arrays.append(try NPYArray(path: path))
          } catch {
            return error.fault
          }
        }
      }
      for _ in 0..<20 {
        guard fill() == isAtLimit else { _exit(2) }
        guard arrays.count > 10 else { _exit(3) }
        // More than one: other threads of the process may open something meanwhile.
        arrays.removeLast(5)
        do throws(NPYError) {
          _ = try NPYArray(path: path).cropRegion(.all, as: Float.self)
        } catch {
          _exit(error.fault == isAtLimit ? 4 : 5)
        }
      }
      _exit(0)
    }
  }
}

/// Opens and crops a file through a mapping, so that the handler is installed and was used.
private func useTheGuard() throws {
  let array = try NPYArray(path: Fixtures.path("shape_2x3_C.npy"), access: .mapped)
  _ = try array.cropRegion(.all, as: Float.self)
}

/// Touches a page that the test took away from a mapping of its own.
func touchLostPage() {
  guard let descriptor = try? openedFile() else { _exit(90) }
  let address = unsafe mmap(nil, 8192, PROT_READ, MAP_SHARED, descriptor, 0)
  guard unsafe address != MAP_FAILED, ftruncate(descriptor, 0) == 0 else { _exit(89) }
  let byte = unsafe address?.load(fromByteOffset: 4096, as: UInt8.self)
  _exit(91 + Int32(byte ?? 0))
}

/// The descriptor of a file of two pages, whose folder is gone: what ends the process leaves nothing.
private func openedFile() throws -> Int32 {
  let folder = try TemporaryFolder()
  let path = try folder.file("lost", [UInt8](repeating: 1, count: 8192))
  return unsafe open(path, O_RDWR)
}
