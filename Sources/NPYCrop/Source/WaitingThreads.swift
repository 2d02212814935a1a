/// Threads for work that waits for a disk, so that no thread of the concurrency pool has to.
///
/// Each is made when it is needed, and ends when there is no more work: none waits for any. A child of `fork` has none
/// of its parent's threads, and begins anew.
enum WaitingThreads {
  typealias Job = @Sendable () -> Void

  /// More at once are no faster on any disk, and each takes memory.
  private static var most: Int { 64 }

  private struct State: Sendable {
    var process: Int32 = 0
    var running = 0
    /// Jobs that wait for a thread, from `begun` on; those before it are gone.
    var waiting: [Job?] = []
    var begun = 0
    /// What a parent process had waiting: who waits for it is not in this one.
    var abandoned: [Job?] = []
  }

  private static let state = ProcessMutex(State())

  /// Has a job run on a thread that may wait.
  static func submit(_ job: @escaping Job) {
    let job = ForcedFailure.carried(job)
    guard takesThread(for: job) else { return }
    let isMade = SystemCall.startThread {
      job()
      while let job = nextJob() { job() }
    }
    // Where the system has no more threads, this one has to wait.
    guard !isMade else { return }
    job()
    while let job = nextJob() { job() }
  }

  /// Whether a thread is to be made for a job, which is kept if not.
  private static func takesThread(for job: @escaping Job) -> Bool {
    state.withLock { state in
      let own = SystemCall.processNumber
      if state.process != own {
        state = State(process: own, abandoned: state.abandoned + state.waiting)
      }
      guard state.running < most else {
        state.waiting.append(job)
        return false
      }
      state.running += 1
      return true
    }
  }

  /// The next job; nil where a thread is no longer needed.
  private static func nextJob() -> Job? {
    state.withLock { state in
      guard state.begun < state.waiting.count, let job = state.waiting[state.begun] else {
        (state.waiting, state.begun) = ([], 0)
        state.running -= 1
        return nil
      }
      // Whatever it holds ends with it, outside of the lock.
      state.waiting[state.begun] = nil
      state.begun += 1
      if state.begun > 1024, state.begun > state.waiting.count / 2 {
        state.waiting.removeFirst(state.begun)
        state.begun = 0
      }
      return job
    }
  }
}
