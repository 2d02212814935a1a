extension CropPlan {
  /// The number of contiguous runs that are copied: rows of a window, or single elements if the region skips
  /// some.
  ///
  /// Fill values are not counted.
  public var runCount: Int {
    // No more than the result has elements.
    var runs = 0
    forEachSourceBox { box, _ in
      var (elements, longest) = (1, 1)
      for loop in 0..<box.loops.count {
        elements &*= box.loops[loop].count
        guard box.loops[loop].sourceStride.magnitude == UInt(itemSize) else { continue }
        longest = max(longest, box.loops[loop].count)
      }
      runs &+= elements / longest
    }
    return runs
  }

  /// The number of pages of the file that the copy touches, for a file that is mapped.
  ///
  /// A page that the region comes back to after others, as with an unsorted list of indices,
  /// counts each time. Takes time in proportion to ``runCount``.
  ///
  /// - Parameter pageSize: The bytes of a page, more than 0.
  /// - Returns: The number of pages.
  public func pageCount(pageSize: Int = 4096) -> Int {
    guard pageSize > 0 else { return 0 }
    var pages = 0
    forEachSourceBox { box, place in
      // From run to run through the file, whichever way the copy goes.
      var touched = 0..<0
      box.forEachSourceRun(itemSize: itemSize) { run in
        let (first, last) = (
          place.sourceOffset + run.lowerBound, place.sourceOffset + run.upperBound - 1
        )
        let range = first / pageSize..<last / pageSize + 1
        pages &+= range.count - range.clamped(to: touched).count
        touched = range
      }
    }
    return pages
  }

  /// The bytes of the file that the copy reads, in the order of the file: found without touching it.
  ///
  /// Takes time in proportion to ``runCount``, and memory to the number of ranges.
  ///
  /// - Parameter gap: Ranges that no more bytes lie between are joined.
  /// - Returns: The ranges, of which no two overlap.
  public func fileRanges(joining gap: Int = 0) -> [Range<Int>] {
    fileRanges(ofSource: 0, joining: max(gap, 0))
  }

  /// The bytes of one of the sources that the copy reads.
  func fileRanges(ofSource source: Int, joining gap: Int = 0) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    forEachSourceBox(ofSource: source) { box, place in
      box.forEachSourceRun(itemSize: itemSize) { run in
        let range = place.sourceOffset + run.lowerBound..<place.sourceOffset + run.upperBound
        // Most follow each other: joined at once, they take no memory.
        if let last = ranges.last, let joined = last.joined(with: range, across: gap) {
          ranges[ranges.count - 1] = joined
        } else {
          ranges.append(range)
        }
      }
    }
    ranges.sort { $0.lowerBound < $1.lowerBound }
    var joined: [Range<Int>] = []
    for range in ranges {
      if let last = joined.last, let both = last.joined(with: range, across: gap) {
        joined[joined.count - 1] = both
      } else {
        joined.append(range)
      }
    }
    return joined
  }

  /// Runs `body` on the boxes that have a source, in the order in which they are copied.
  private func forEachSourceBox(
    ofSource only: Int? = nil, _ body: (borrowing CropBox, Place) -> Void
  ) {
    for source in only.map({ $0...$0 }) ?? 0...lastSource {
      forEachBox(in: 0..<placeCount, ofSource: source) { box, place in
        if box.fillAxis == nil { body(box, place) }
      }
    }
  }
}

extension Range<Int> {
  /// This range and one that begins within it or not far after it; nil for any other.
  func joined(with next: Range<Int>, across gap: Int) -> Range<Int>? {
    guard next.lowerBound >= lowerBound, next.lowerBound - upperBound <= gap else { return nil }
    return lowerBound..<Swift.max(upperBound, next.upperBound)
  }
}
