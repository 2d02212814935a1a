import Synchronization

/// Threads for work that waits for a disk, so that no thread of the concurrency pool has to.
///
/// Each is made when it is needed, and ends when there is no more work: none waits for any. What a process has of
/// them is of no use to a child of `fork`, which begins anew.
enum WaitingThreads {
  /// More at once are no faster on any disk, and each takes memory.
  private static var most: Int { 64 }

  private struct State {
    var process: Int32 = 0
    var running = 0
    var waiting: [Job] = []
    /// How many of `waiting` have begun.
    var begun = 0
  }

  typealias Job = @Sendable () -> Void
  private static let state = Mutex(State())

  /// Has a job run on a thread that may wait.
  static func submit(_ job: @escaping Job) {
    let job = ForcedFailure.carried(job)
    let isThreadNeeded = state.withLock { state in
      let process = SystemCall.processNumber
      if state.process != process { state = State(process: process) }
      guard state.running < most else {
        state.waiting.append(job)
        return false
      }
      state.running += 1
      return true
    }
    guard isThreadNeeded else { return }
    let isMade = SystemCall.startThread {
      var next: Job? = job
      while let job = next {
        job()
        next = nextJob()
      }
    }
    // Where the system has no more threads, this one has to wait.
    guard !isMade else { return }
    job()
    while let job = nextJob() { job() }
  }

  /// The next job; nil where a thread is no longer needed.
  private static func nextJob() -> Job? {
    state.withLock { state in
      guard state.begun < state.waiting.count else {
        (state.waiting, state.begun) = ([], 0)
        state.running -= 1
        return nil
      }
      defer { state.begun += 1 }
      return state.waiting[state.begun]
    }
  }
}
