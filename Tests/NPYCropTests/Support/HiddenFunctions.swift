import Glibc

// Functions of the C library that Swift does not import.

/// Calls `fork`: the child, which has one thread, may go on as this one does.
func forked() -> pid_t {
  let name = unsafe dlsym(nil, "fork")
  return unsafe unsafeBitCast(name, to: (@convention(c) () -> pid_t).self)()
}

/// Calls `splice`: puts a page of a file into a pipe, which holds it in memory.
func splicePage(of file: Int32, at offset: Int, into pipe: Int32) -> Int {
  typealias Splice =
    @convention(c) (
      Int32, UnsafeMutablePointer<Int64>?, Int32, UnsafeMutablePointer<Int64>?, Int, UInt32
    ) -> Int
  let name = unsafe dlsym(nil, "splice")
  var offset = Int64(offset)
  return unsafe unsafeBitCast(name, to: Splice.self)(file, &offset, pipe, nil, 4096, 0)
}
