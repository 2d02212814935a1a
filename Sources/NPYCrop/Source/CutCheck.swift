/// How it is checked after a copy out of a mapping that no byte of it was cut off meanwhile.
///
/// A file that is cut within a page keeps the page, and its rest reads as zeros without any signal.
/// So each copy is followed by a check that cannot succeed if such zeros were read. Which one that is
/// depends on the order of three steps of the kernel: the new size counts (S), lost pages leave the
/// mappings (U), the rest of the last page is cleared (Z).
///
/// | file system | order | check | why it is sound | ns |
/// |---|---|---|---|---|
/// | ext4, Linux 6.18 | S, U, Z | ``page``: load from the array's last page | who reads zeros of Z comes after U, so the page is gone; and after S no fault brings it back | 2 |
/// | ext4, other kernels | S, U, Z | ``size``: `lseek` | who reads zeros of Z comes after S. Linux 6.16 and 6.17 map large folios beyond the size, and ``page`` was tested with no other than 6.18 | 120 |
/// | tmpfs | S, U, Z | ``size`` | the same. A huge page whose end was cut off is mapped whole again, so ``page`` shows nothing | 120 |
/// | btrfs | S, U, Z | ``size`` | the same | 120 |
/// | XFS; overlayfs over it | Z, S, U, all with the inode's I/O lock | ``byte``: `pread` of a byte that the copy needs | it waits for the lock, so either it comes before Z, or it finds the new size | 260 |
/// | all others | unknown | ``byte`` | as good as reading the file with `pread` | 260 |
///
/// The times are of one call on an AMD EPYC under Linux 6.18. A file system that is not listed gets the
/// most expensive check.
enum CutCheck {
  case page
  case size
  case byte
}
