import Glibc

/// Whether a block of so many bytes can be had, which an array's allocation would answer by ending
/// the process.
///
/// Below a mebibyte the question costs more than it tells.
func canAllocate(byteCount: Int) -> Bool {
  guard byteCount >= 1 << 20 else { return true }
  // Room for an array's own head.
  let (wanted, overflow) = byteCount.addingReportingOverflow(64)
  // Sound: the block is freed at once and never read.
  guard !overflow, let block = unsafe malloc(wanted) else { return false }
  unsafe free(block)
  return true
}
