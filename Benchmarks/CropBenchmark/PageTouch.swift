import NPYCrop

/// Touches every page of mappings, and again after ten seconds: the kernel may have taken idle ones
/// out of the page tables.
struct PageTouch {
  private var last: Int?

  mutating func run(_ arrays: [NPYArray]) throws(BenchmarkError) {
    let now = monotonicNanoseconds()
    if let last, now - last < 10_000_000_000 { return }
    for array in arrays {
      let onePerPage: AxisSelection = .slice(by: max(pageSize / array.elementType.itemSize, 1))
      _ = try BenchmarkError.of { () throws(NPYError) in
        // Along the axis whose elements are neighbours.
        try array.cropRegion(
          array.header.order == .c ? [.ellipsis, onePerPage] : [onePerPage, .ellipsis])
      }
    }
    last = monotonicNanoseconds()
  }
}
