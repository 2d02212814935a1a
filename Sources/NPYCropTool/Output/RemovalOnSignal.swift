import Glibc

/// Makes a file that is removed when a signal ends the program; from now on, and until the program
/// ends.
///
/// A thread waits for the signals in place of a handler, in which little may be called. It ends the
/// program by the same signal, so that whoever waits for it learns what happened. A signal that comes
/// while the file is made waits for that thread, which thus finds the file.
///
/// - Parameters:
///   - name: The file.
///   - make: A system call that makes the file.
/// - Returns: What the call returned; `errno` is as it left it.
func makeRemovedOnSignal(_ name: FileName, _ make: () -> Int32) -> Int32 {
  let task = Removal(
    name: name.cString,
    signals: [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM, SIGUSR1, SIGUSR2, SIGXCPU])
  var signals = task.set
  var former = sigset_t()
  // Sound: the sets are read and written by the calls that they are handed to, and no longer.
  guard unsafe pthread_sigmask(SIG_BLOCK, &signals, &former) == 0 else { return make() }
  let answer = make()
  let failure = errno
  if answer < 0 || !startWaiting(task) { unsafe _ = pthread_sigmask(SIG_SETMASK, &former, nil) }
  errno = failure
  return answer
}

/// Starts the thread that waits for the signals; false where there can be none.
private func startWaiting(_ task: Removal) -> Bool {
  var thread = pthread_t()
  let argument = unsafe Unmanaged.passRetained(task)
  // Sound: the thread takes back the one reference that it is given; where it does not start, it is
  // taken back here.
  let failure = unsafe pthread_create(
    &thread, nil,
    { argument in
      guard let argument = unsafe argument else { return nil }
      unsafe Unmanaged<Removal>.fromOpaque(argument).takeRetainedValue().wait()
      return nil
    }, argument.toOpaque())
  if failure != 0 { unsafe argument.release() }
  return failure == 0
}

/// A file to remove, and the signals that would leave it there.
private final class Removal: Sendable {
  private let name: [CChar]
  let set: sigset_t

  init(name: [CChar], signals: [Int32]) {
    self.name = name
    var set = sigset_t()
    unsafe _ = sigemptyset(&set)
    for signal in signals where Self.endsProgram(signal) { unsafe _ = sigaddset(&set, signal) }
    self.set = set
  }

  /// Whether a signal is not ignored, as SIGHUP is under nohup.
  ///
  /// A handler is no reason to leave the file there: it can only be the one of Swift's runtime that
  /// tells of crashes.
  private static func endsProgram(_ signal: Int32) -> Bool {
    var action = sigaction()
    // Sound: sigaction writes one `sigaction`, in which each kind of handler is one address.
    guard unsafe sigaction(signal, nil, &action) == 0 else { return false }
    return unsafe unsafeBitCast(action.__sigaction_handler, to: Int.self)
      != unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Waits for one of the signals, removes the file and lets the signal end the program.
  func wait() {
    var signals = set
    var signal: Int32 = 0
    // Sound: sigwait reads the set and writes the number, and the others keep nothing.
    guard unsafe sigwait(&signals, &signal) == 0 else { return }
    unsafe _ = unlink(name)
    _ = Glibc.signal(signal, SIG_DFL)
    unsafe _ = pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    _ = raise(signal)
  }
}
