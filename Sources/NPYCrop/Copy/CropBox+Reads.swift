extension CropBox {
  /// Runs `body` on parts of the box, each with the bytes that it is read with: from its first to its
  /// last, counted as ``sourceOffset`` is.
  ///
  /// - Parameters:
  ///   - itemSize: The size of an element.
  ///   - limit: As many bytes as are read with a part; a single element may have more.
  ///   - gap: Reading on across so many bytes that are not wanted costs less than another read.
  ///   - areRunsWhole: Whether what is one stretch on both sides is a part however long it is.
  ///   - isAlone: Whether no bytes that are wanted lie within the gap before or after the box.
  ///   - body: Is called in the order of the box's loops, the widest first; with whether the part is alone.
  /// - Throws: What `body` throws.
  borrowing func forEachRead<Failure: Error>(
    itemSize: Int, limit: Int, gap: Int, areRunsWhole: Bool, isAlone: Bool = false,
    _ body: (borrowing CropBox, Range<Int>, Bool) throws(Failure) -> Void
  ) throws(Failure) {
    let range = sourceRange(itemSize: itemSize)
    guard !(areRunsWhole && isRun(itemSize: itemSize)),
      range.count > limit || !hasSmallGaps(itemSize: itemSize, gap), let widest = widestLoop
    else {
      try body(self, range, isAlone)
      return
    }
    let loop = loops[widest]
    var turn = part(0..<1, ofLoop: widest)
    let distance = Int(clamping: loop.sourceStride.magnitude)
    if distance - turn.sourceRange(itemSize: itemSize).count > gap {
      for _ in 0..<loop.count {
        try turn.forEachRead(
          itemSize: itemSize, limit: limit, gap: gap, areRunsWhole: areRunsWhole, isAlone: true,
          body)
        turn.sourceOffset &+= loop.sourceStride
        turn.outputOffset &+= loop.outputStride
      }
      return
    }
    let (first, rest) = split(atLoop: widest)
    for half in [first, rest] {
      try half.forEachRead(
        itemSize: itemSize, limit: limit, gap: gap, areRunsWhole: areRunsWhole, body)
    }
  }

  /// Whether no more than a small gap lies between the turns of any loop.
  private func hasSmallGaps(itemSize: Int, _ gap: Int) -> Bool {
    // The bytes from the first to the last of one turn: those of the narrower loops.
    var turnBytes = itemSize
    var last: UInt = 0
    for _ in 0..<loops.count {
      // The next wider one; of several with one stride, one.
      var next: BoxLoop?
      for index in 0..<loops.count where loops[index].sourceStride.magnitude > last {
        let loop = loops[index]
        if let found = next, found.sourceStride.magnitude <= loop.sourceStride.magnitude {
          continue
        }
        next = loop
      }
      guard let loop = next else { return true }
      last = loop.sourceStride.magnitude
      let stride = Int(clamping: last)
      guard stride - turnBytes <= gap else { return false }
      // Within the box, whose bytes can be counted.
      turnBytes &+= (loop.count &- 1) &* stride
    }
    return true
  }
}
