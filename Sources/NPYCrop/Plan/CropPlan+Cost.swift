extension CropPlan {
  /// The number of stretches of neighbouring elements that are copied: rows of a window, or single
  /// elements where the region steps over some.
  ///
  /// Values that are filled in are none.
  public var runCount: Int {
    // No more than the result has elements.
    var runs = 0
    forEachBox { box in
      guard box.fillAxis == nil else { return }
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
  /// A page that the region comes back to after others, as with a list of indices in no order,
  /// counts each time. Takes time in proportion to ``runCount``.
  ///
  /// - Parameter pageSize: The bytes of a page, more than 0.
  /// - Returns: The number of pages.
  public func pageCount(pageSize: Int = 4096) -> Int {
    guard pageSize > 0 else { return 0 }
    var pages = 0
    forEachBox { box in
      guard box.fillAxis == nil else { return }
      // From run to run through the file, whichever way the copy goes.
      var touched = 0..<0
      box.forEachSourceRun(itemSize: itemSize) { run in
        let range = run.lowerBound / pageSize..<(run.upperBound - 1) / pageSize + 1
        pages &+= range.count - range.clamped(to: touched).count
        touched = range
      }
    }
    return pages
  }
}

extension CropBox {
  /// Runs `body` on the bytes of the file that each run of the box lies in, the run being the loop
  /// whose elements are neighbours in the file.
  fileprivate func forEachSourceRun(itemSize: Int, _ body: (Range<Int>) -> Void) {
    var outer: [BoxLoop] = []
    var run = BoxLoop(count: 1, sourceStride: itemSize, outputStride: 0)
    for index in 0..<loops.count where loops[index].sourceStride != 0 {
      let loop = loops[index]
      if loop.sourceStride.magnitude == UInt(itemSize), loop.count > run.count {
        if run.count > 1 { outer.append(run) }
        run = loop
      } else {
        outer.append(loop)
      }
    }
    // Slowest in the file first, so that runs that share a page follow each other.
    outer.sort { $0.sourceStride.magnitude > $1.sourceStride.magnitude }
    var turns = [Int](repeating: 0, count: outer.count)
    var start = sourceOffset
    if run.sourceStride < 0 { start &+= (run.count - 1) &* run.sourceStride }
    while true {
      body(start..<start + run.count * itemSize)
      var index = outer.count - 1
      while index >= 0 {
        turns[index] += 1
        start &+= outer[index].sourceStride
        if turns[index] < outer[index].count { break }
        start &-= outer[index].sourceStride &* outer[index].count
        turns[index] = 0
        index -= 1
      }
      if index < 0 { return }
    }
  }
}
