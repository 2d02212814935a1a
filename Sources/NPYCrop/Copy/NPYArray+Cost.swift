// What a crop would cost, without making it.

extension CroppableArray {
  /// Tells what a crop by a plan would cost now, and reads nothing of the file.
  ///
  /// Takes time and memory in proportion to the stretches of the file that lie more than a page apart, and a system
  /// call for each of the ``CropCost/fileRanges``. What is in the page cache may change at any time.
  ///
  /// - Parameter plan: A plan of this array, or of one of the same layout, type and conversion.
  /// - Returns: The cost.
  /// - Throws: ``NPYError`` with a ``CropError`` where the plan is for another array, or with
  ///   ``FileError/closed``.
  public func cost(of plan: CropPlan) throws(NPYError) -> CropCost {
    try untyped.check(plan, as: Self.itemKind)
    do {
      return try plan.cost(on: untyped.source)
    } catch {
      throw untyped.failure(error)
    }
  }
}

extension CropPlan {
  /// What a run of the plan would cost.
  fileprivate func cost(on source: any Source) throws(FileError) -> CropCost {
    let visit = try source.enter()
    defer { source.leave(visit) }
    let pageSize = SystemCall.pageSize
    var found: [Range<Int>] = []
    var first: SourceStretches?
    forEachBox(in: 0..<placeCount, ofSource: 0) { box, place in
      guard box.fillAxis == nil else { return }
      // Less than a page between two has no page of its own.
      let stretches = SourceStretches(
        of: box, at: place.sourceOffset, itemSize: itemSize, gap: pageSize - 1)
      first = first ?? stretches
      for number in 0..<stretches.count { found.append(stretches[number]) }
    }
    found.sort { $0.lowerBound < $1.lowerBound }
    var ranges: [Range<Int>] = []
    // Those of one page, or of neighbouring ones, are one: so no page is counted twice.
    for range in found {
      let firstPage = range.lowerBound / pageSize
      if let last = ranges.last, firstPage <= (last.upperBound - 1) / pageSize + 1 {
        ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        ranges.append(range)
      }
    }
    var (pages, cached) = (0, Int?.some(0))
    for range in ranges {
      let count = SystemCall.pageCount(of: range)
      pages += count
      if let sum = cached {
        cached = source.cachedPageCount(in: range).map { sum + min($0, count) }
      }
    }
    // As a run would have it: of many boxes only a first read is told about.
    let isBox = parts == nil && piece.isBox
    var outline =
      isBox || source.loanTerms == .outline ? outline(of: 0..<placeCount, ofSource: 0) : nil
    outline?.isFetched = source.lookingTime() != nil && cached.map { $0 < pages } ?? false
    return CropCost(
      byteCount: byteCount, runCount: runCount, fileRanges: ranges, pageSize: pageSize,
      pageCount: pages, cachedPageCount: cached, access: source.way(of: outline, first))
  }
}
