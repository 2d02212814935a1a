@testable import NPYCrop

#if DEBUG
  /// Runs `body` with system calls made to fail.
  func forcing<Result>(
    _ failure: ForcedFailure, _ body: () throws -> Result
  ) throws -> Result {
    try ForcedFailure.$current.withValue(failure) { try body() }
  }
#endif
