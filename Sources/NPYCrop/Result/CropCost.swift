/// What a crop by a plan costs, as far as can be told before it: ``CroppableArray/cost(of:)``.
public struct CropCost: Hashable, Sendable {
  /// The bytes of the result.
  public let byteCount: Int
  /// The number of contiguous runs that are copied: ``CropPlan/runCount``.
  public let runCount: Int
  /// The bytes of the file that the crop needs, in the order of the file; those of one page or of
  /// neighbouring pages are one range.
  public let fileRanges: [Range<Int>]
  /// The bytes of a page.
  public let pageSize: Int
  /// The pages of the file under these ranges.
  public let pageCount: Int
  /// Those of the pages that are in the page cache now; nil where the kernel does not tell.
  ///
  /// It tells on ext4, XFS and btrfs, from Linux 6.5 on, for files that the process may write.
  public let cachedPageCount: Int?
  /// How the bytes are read: ``Access/mapped`` or ``Access/positionedReads``.
  ///
  /// A first crop that would be mapped may be read after all, once two of its pages were touched. With a
  /// ``MemoryBudget`` it is that of the first window; others may differ.
  public let access: Access

  /// The bytes of the pages that are not cached, which have to be read from the disk; nil where
  /// ``cachedPageCount`` is.
  ///
  /// More is read where the kernel reads ahead: see <doc:ColdFilesAndMemory>.
  public var diskByteCount: Int? { cachedPageCount.map { (pageCount - $0) * pageSize } }
}
