extension CropBox {
  /// Runs `body` on parts of the box, each with the bytes that it is read with: from its first to its
  /// last, counted as ``sourceOffset`` is.
  ///
  /// - Parameters:
  ///   - itemSize: The size of an element.
  ///   - limit: As many bytes as are read with a part; a single element may have more.
  ///   - gap: Reading on across so many bytes that are not wanted costs less than another read.
  ///   - areRunsWhole: Whether what is one stretch on both sides is a part however long it is.
  ///   - body: Is called in the order of the box's loops, the widest first.
  /// - Throws: What `body` throws.
  func forEachRead<Failure: Error>(
    itemSize: Int, limit: Int, gap: Int, areRunsWhole: Bool,
    _ body: (CropBox, Range<Int>) throws(Failure) -> Void
  ) throws(Failure) {
    let range = sourceRange(itemSize: itemSize)
    guard !(areRunsWhole && isRun(itemSize: itemSize)),
      range.count > limit || !hasSmallGaps(range, gap), let loop = widestLoop
    else {
      try body(self, range)
      return
    }
    let (first, rest) = split(atLoop: loop)
    for half in [first, rest] {
      try half.forEachRead(
        itemSize: itemSize, limit: limit, gap: gap, areRunsWhole: areRunsWhole, body)
    }
  }

  /// Whether little is read in vain between the turns of the loop that lie farthest apart.
  private func hasSmallGaps(_ range: Range<Int>, _ gap: Int) -> Bool {
    guard let widest = widestLoop else { return true }
    let loop = loops[widest]
    let stride = Int(clamping: loop.sourceStride.magnitude)
    let turnBytes = range.count - (loop.count - 1) * stride
    return stride - turnBytes <= gap
  }
}
