extension CropBox {
  /// Adds the loops of a region of ranges and indices to an empty box, for a result in C order.
  ///
  /// A plan of the region would cost more than the copy of a few elements.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - layout: Of which array.
  /// - Returns: The bytes of the result; nil for every other region, for one without elements, and for one that is
  ///   wrong: `PlanBuilder` takes all of them, and says what is wrong.
  @inline(__always)
  mutating func addPlain(_ region: borrowing Region, of layout: borrowing ArrayLayout) -> Int? {
    let rank = layout.shape.count
    let selections = region.selections.span
    guard region.fault == nil, region.ellipsisCount == 0, selections.count == region.selectedCount,
      selections.count <= rank, rank <= InlineVector<BoxLoop>.inlineCapacity
    else { return nil }
    var bytes = layout.itemSize
    for axis in 0..<rank {
      let size = layout.shape[axis]
      var (from, count) = (0, size)
      if axis < selections.count {
        switch selections[axis].form {
        case .slice(let start, let end, 1):
          from = start ?? 0
          let to = end ?? size
          guard from >= 0, from < to, to <= size else { return nil }
          count = to &- from
        case .index(let index):
          guard index >= 0, index < size else { return nil }
          (from, count) = (index, 1)
        default: return nil
        }
      }
      // Too big to be counted, or without elements (`Bounds`, 5).
      let (product, overflow) = bytes.multipliedReportingOverflow(by: count)
      guard !overflow, product > 0 else { return nil }
      bytes = product
      let stride = layout.strides[axis]
      sourceOffset &+= from &* stride
      append(count: count, sourceStride: stride)
    }
    layOut(itemSize: layout.itemSize)
    return bytes
  }
}
