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

/// Has new memory that is going to be filled whole come in large pages, if it is large.
///
/// The first write to each page is a fault: 256 MiB in pages of 4 KiB take 130 ms to fill, of which 115 are faults, and
/// 27 ms in pages of 2 MiB (Linux 6.18, an AMD EPYC). Of blocks below 8 MiB the C library keeps the pages, as a
/// rule, and the question would take 2 % of the time that the crop does.
@usableFromInline
func prepareToFill(_ memory: UnsafeMutableRawBufferPointer) {
  if memory.count >= 8 << 20 { unsafe SystemCall.askForHugePages(memory) }
}
