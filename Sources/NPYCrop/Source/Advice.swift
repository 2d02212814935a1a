/// How the pages of a file are going to be used: a hint to the kernel.
///
/// The corresponding C function is `madvise`.
@nonexhaustive
public enum Advice: Hashable, Sendable {
  /// **MADV_NORMAL**: read some pages ahead. Right where windows lie close together.
  case normal

  /// **MADV_RANDOM**: read only the pages that are touched, one by one. Wrong for a file that will be read
  /// whole.
  case random

  /// **MADV_SEQUENTIAL**: read far ahead. Right for windows that walk through the file.
  case sequential

  /// **MADV_WILLNEED**: begin to read the whole file now.
  case willNeed
}
