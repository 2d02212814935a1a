import Glibc

/// Whether a block of so many bytes can be had, which an array's allocation would answer by ending
/// the process.
///
/// Below a mebibyte the question costs more than it tells. Large blocks have to fit in what is left of
/// the process' control groups, too: the kernel grants addresses beyond their limits, and ends the process
/// when it writes there.
func canAllocate(byteCount: Int) -> Bool {
  guard byteCount >= 1 << 20 else { return true }
  // Room for an array's own head.
  let (wanted, overflow) = byteCount.addingReportingOverflow(64)
  guard !overflow else { return false }
  // Asked of the kernel: the optimiser takes a malloc that is freed at once for granted.
  // Sound: the pages are never touched, and are given back at once.
  let block = unsafe mmap(nil, wanted, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
  guard let block = unsafe block, unsafe block != MAP_FAILED else { return false }
  unsafe _ = munmap(block, wanted)
  return wanted < MemoryLimit.leastAsked || MemoryLimit.ofProcess.allows(byteCount: wanted)
}

/// The number of processors that the process may use.
///
/// The corresponding C function is `sysconf`.
func processorCount() -> Int { max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1) }
