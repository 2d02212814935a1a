import NPYCrop

/// What `npycrop crop --explain` says of a crop that it does not make.
struct CostReport {
  let array: NPYArray
  let plan: CropPlan
  let cost: CropCost

  /// The report as lines of a name and a value.
  var text: String {
    lines(of: [
      ("file", printable(array.path)),
      ("dtype", array.elementType.name),
      ("shape", tuple(plan.shape)),
      ("result", bytes(cost.byteCount)),
      ("runs", "\(cost.runCount) contiguous"),
      ("file ranges", ranges),
      ("pages", "\(cost.pageCount) of \(cost.pageSize) bytes"),
      ("in the page cache", cached),
      ("read from disk", cost.diskByteCount.map(bytes) ?? "unknown"),
      ("read by", cost.access == .mapped ? "a mapping" : "pread"),
    ]).joined(separator: "\n")
  }

  private var ranges: String {
    guard let first = cost.fileRanges.first, let last = cost.fileRanges.last else { return "none" }
    return "\(cost.fileRanges.count), from byte \(first.lowerBound) to byte \(last.upperBound)"
  }

  private var cached: String {
    guard let count = cost.cachedPageCount else {
      return "unknown: the kernel does not tell for this file"
    }
    return "\(count) of \(cost.pageCount) pages"
  }

  private func bytes(_ count: Int) -> String { "\(count) bytes\(approximately(count))" }
}
