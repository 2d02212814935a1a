import Glibc

/// Ends the process of an exit test with the verdict that a function gives.
///
/// `_exit` removes nothing: a test that calls it while it has a ``TemporaryFolder`` leaves the folder.
/// What the function made is gone when it has returned.
func endProcess(_ verdict: () throws -> Int32) rethrows -> Never {
  _exit(try verdict())
}
