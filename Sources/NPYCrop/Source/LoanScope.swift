internal import CFaultGuard

/// The place in a thread's stack where a source keeps the state of a loan.
@safe
struct LoanScope {
  let state: UnsafeMutablePointer<npy_guard_scope>

  fileprivate init(_ state: UnsafeMutablePointer<npy_guard_scope>) { unsafe self.state = state }
}

/// Runs `body`, which stays in its thread and takes back what is lent to it, with the scope of a loan.
@inline(__always)
func withLoanScope(_ body: (LoanScope) -> LoanResult) -> LoanResult {
  // Sound: the scope is in this frame until it is left, and nothing is thrown in between.
  unsafe withUnsafeTemporaryAllocation(of: npy_guard_scope.self, capacity: 1) { state in
    guard let address = state.baseAddress else { return .lost }
    return unsafe body(LoanScope(address))
  }
}
