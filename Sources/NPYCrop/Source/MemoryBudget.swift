/// How much of a mapped file may be in the memory of the process.
///
/// A process is charged for the pages of a mapped file that it has touched, until it gives them back. With a budget,
/// pages of finished crops are given back when the next crop would exceed it, and a crop that exceeds it
/// alone is read with `pread(2)`.
public struct MemoryBudget: Hashable, Sendable {
  /// The bytes of pages and of page tables: `RssFile` of the file and its part of `VmPTE` in
  /// `/proc/self/status`.
  public let byteCount: Int
  /// Whether pages that are given back leave the system's page cache, too.
  public let dropsPageCache: Bool

  /// - Parameters:
  ///   - count: The number of bytes. With less than some 5 MiB the file is read, and nothing is mapped. Before Linux
  ///     6.14, and on processors other than x86-64, page tables stay: 4 KiB more are needed for each 2 MiB of the file.
  ///   - droppingPageCache: Whether pages that are given back leave the system's page cache, too, which other
  ///     programs may use. For one pass through a file that nobody needs again.
  /// - Returns: The budget.
  public static func bytes(_ count: Int, droppingPageCache: Bool = false) -> MemoryBudget {
    MemoryBudget(byteCount: count, dropsPageCache: droppingPageCache)
  }
}
