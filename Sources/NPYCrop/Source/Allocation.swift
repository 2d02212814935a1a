/// Whether a block of so many bytes can be had, which an array's allocation would answer by ending
/// the process.
///
/// Below a mebibyte it is not asked: the question takes 1.6 µs, as copying 64 KiB does (Linux 6.18, an Intel
/// Xeon). Large blocks have to fit in what is left of the process' control groups, too: the kernel grants
/// addresses beyond their limits, and ends the process when it writes there.
func canAllocate(byteCount: Int) -> Bool {
  guard byteCount >= 1 << 20 else { return true }
  // Room for an array's own head.
  let (wanted, overflow) = byteCount.addingReportingOverflow(64)
  guard !overflow else { return false }
  // Asked of the kernel: the optimiser takes a malloc that is freed at once for granted.
  guard SystemCall.canMap(byteCount: wanted) else { return false }
  return wanted < MemoryLimit.leastAsked || MemoryLimit.ofProcess.allows(byteCount: wanted)
}
