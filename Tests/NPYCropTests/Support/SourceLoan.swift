@testable import NPYCrop

/// What the bytes were worth that a source lent to `body`; lost where it lends none.
func withLoan(of source: any Source, _ body: (UnsafeRawPointer) -> Void) -> LoanResult {
  withLoanScope { scope in
    guard let start = unsafe source.lend(in: scope, outline: nil) else { return .lost }
    unsafe body(start)
    return source.takeBack(scope, after: nil)
  }
}
