/// Runs `body` where functions that are `async` too mean the form that is not.
func inThisTask<Result>(_ body: () throws -> Result) rethrows -> Result { try body() }
