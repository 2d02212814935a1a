// All indices of a piece lie within the whole, which could be counted (`Bounds`, 5), as long as no two
// that are counted from the axis' start are added.

extension CropPlan {
  /// The plan in slabs of at most so many bytes, one after the other in the result's memory.
  ///
  /// A slab is never less than one element, so an element larger than the limit is a slab of its own. An
  /// empty result has no slabs.
  ///
  /// - Parameter byteCount: The maximum size of a slab in bytes, unless one element is larger.
  /// - Returns: The slabs, in the order of the result's memory, each made when it is asked for.
  public func slabs(ofAtMost byteCount: Int) -> Slabs {
    Slabs(of: self, limit: max(byteCount, 0))
  }

  /// The slabs of a plan.
  ///
  /// A slab of one window has some indices of one axis and a single index of each slower axis. A slab of a
  /// plan of many windows has some windows, or a part of one.
  public struct Slabs: Sequence, IteratorProtocol, Sendable {
    private let plan: CropPlan
    private let limit: Int
    /// The slabs of the window that is cut; nil before the first and where windows are taken whole.
    private var cut: WindowSlabs?
    /// The windows that are left, in the order of the result.
    private var windows: ArraySlice<Place> = []
    /// The windows that are done.
    private var done = 0

    fileprivate init(of plan: CropPlan, limit: Int) {
      self.plan = plan
      self.limit = limit
      guard plan.elementCount > 0 else { return }
      if plan.windowCount == nil {
        cut = WindowSlabs(of: plan, limit: limit)
      } else if let parts = plan.parts {
        windows =
          (0..<parts.count).map { parts.place($0, from: plan.place) }
          .sorted { $0.outputOffset < $1.outputOffset }[...]
      }
    }

    /// The next slab; nil after the last.
    public mutating func next() -> CropPlan? {
      if let (slab, _) = cut?.next() { return slab }
      guard let window = windows.first else { return nil }
      let count = Swift.min(limit / Swift.max(plan.windowByteCount, 1), windows.count)
      guard count == 0 else {
        defer { (windows, done) = (windows.dropFirst(count), done + count) }
        return plan.part(windows.prefix(count), from: done)
      }
      (windows, done) = (windows.dropFirst(), done + 1)
      cut = WindowSlabs(of: plan.window(at: window), limit: limit)
      return cut?.next()?.slab
    }
  }

  /// The slabs of a plan of one window, which is not empty.
  private struct WindowSlabs {
    private let plan: CropPlan
    /// The axes that a slab has one index of, slowest first.
    private var outerAxes: [Int] = []
    /// The axis that is cut, if the whole is too large.
    private var cutAxis: Int?
    private var turns = 1
    /// The index of the next slab along the outer axes and the one that is cut; nil at the end.
    private var position: [Int]?

    init(of plan: CropPlan, limit: Int) {
      self.plan = plan
      var rowBytes = plan.byteCount
      let axisCount = plan.piece.axes.count
      var axes = plan.order == .c ? Array(0..<axisCount) : (0..<axisCount).reversed()
      while rowBytes > limit, !axes.isEmpty {
        if let cutAxis { outerAxes.append(cutAxis) }
        let axis = axes.removeFirst()
        rowBytes /= plan.piece.axes[axis].count
        cutAxis = axis
      }
      if cutAxis != nil { turns = max(limit / max(rowBytes, 1), 1) }
      position = [Int](repeating: 0, count: outerAxes.count + 1)
    }

    /// The next slab, and the first index of the window that it takes along each axis where it does not
    /// begin at 0; nil after the last.
    mutating func next() -> (slab: CropPlan, start: [(axis: Int, index: Int)])? {
      guard let position else { return nil }
      guard let cutAxis else {
        self.position = nil
        return (plan, [])
      }
      let start = position[outerAxes.count]
      let count = plan.piece.axes[cutAxis].count
      var slab = plan.part(start..<start + min(turns, count - start), ofAxis: cutAxis)
      for (place, axis) in outerAxes.enumerated() {
        slab = slab.part(position[place]..<position[place] + 1, ofAxis: axis)
      }
      advance(past: count)
      return (slab, Array(zip(outerAxes + [cutAxis], position)))
    }

    private mutating func advance(past count: Int) {
      guard var next = position else { return }
      // No further than the end, which can be counted.
      next[outerAxes.count] += min(turns, count - next[outerAxes.count])
      var place = outerAxes.count
      var limit = count
      while next[place] >= limit {
        next[place] = 0
        place -= 1
        guard place >= 0 else {
          position = nil
          return
        }
        next[place] += 1
        limit = plan.piece.axes[outerAxes[place]].count
      }
      position = next
    }
  }

  /// The plan of one window in parts that can be copied apart, each straight to its place in the result.
  ///
  /// - Parameter byteCount: The size that no part shall pass.
  /// - Returns: A plan of the same result.
  func divided(intoAtMost byteCount: Int) -> CropPlan {
    guard parts == nil, elementCount > 0 else { return self }
    var slabs = WindowSlabs(of: self, limit: max(byteCount, 0))
    var (pieces, places): ([Piece], [Place]) = ([], [])
    while let (slab, start) = slabs.next() {
      var piece = slab.piece
      var output = place.outputOffset
      for (axis, index) in start { output &+= index &* self.piece.axes[axis].outputStride }
      for axis in 0..<piece.axes.count {
        let stride = self.piece.axes[axis].outputStride
        piece.axes.update(axis) { $0.outputStride = stride }
      }
      places.append(
        Place(
          piece: pieces.count, sourceOffset: slab.place.sourceOffset, outputOffset: output))
      pieces.append(piece)
    }
    places.sortForCopy(of: pieces)
    return CropPlan(
      PlanParts(pieces: pieces, places: places, padded: PaddedWindows()), like: self,
      windowCount: nil, elementCount: elementCount, sourceEnd: sourceEnd,
      outputByteCount: outputByteCount)
  }

  /// The plan of some of the windows, from one on.
  private func part(_ places: ArraySlice<Place>, from first: Int) -> CropPlan {
    guard let parts else { return self }
    var places = places.map { place in
      Place(
        piece: place.piece, sourceOffset: place.sourceOffset,
        outputOffset: place.outputOffset &- first &* windowByteCount)
    }
    places.sortForCopy(of: parts.pieces)
    let padded = parts.padded.part(first..<first + places.count)
    let count = piece.elementCount &* places.count
    return CropPlan(
      PlanParts(pieces: parts.pieces, places: places, padded: padded), like: self,
      windowCount: places.count, elementCount: count, sourceEnd: sourceEnd,
      outputByteCount: count &* outputItemSize)
  }

  /// The plan of the window at one of the places.
  private func window(at place: Place) -> CropPlan {
    guard let parts else { return self }
    return CropPlan(parts.pieces[place.piece], at: place.sourceOffset, like: self)
  }

  /// The ends of the result: the first and the last `count` indices of each axis that is longer than
  /// `2 * count`.
  ///
  /// What NumPy shows of an array that it summarises, by its `edgeitems`.
  ///
  /// - Parameter count: How many indices at each end.
  /// - Returns: A plan for the same array. One of many windows is returned as it is.
  public func edgeItems(_ count: Int) -> CropPlan {
    guard windowCount == nil else { return self }
    var part = PlanBuilder(like: self)
    var list = parts?.list
    let count = max(count, 0)
    for axis in 0..<piece.axes.count {
      let length = piece.axes[axis].count
      // Only where it is less than half of a length is its double a number.
      let isCut = count <= length / 2 && length > 2 * count
      let ends = isCut ? [0..<count, length - count..<length] : [0..<length]
      if let places = list, places.axes.contains(axis) {
        list = places.part(ends, ofAxis: axis - places.axes.lowerBound, order: order)
        part.append(count: isCut ? 2 * count : length, from: 0, step: 0, stride: 0)
        continue
      }
      part.append(
        count: isCut ? 2 * count : length, stride: piece.axes[axis].sourceStride)
      for end in ends {
        part.appendSegments(
          ofAxis: axis, of: piece, within: end, at: end.lowerBound > 0 ? count : 0)
      }
    }
    if let list { part.keep(list) }
    return part.finishPart()
  }

  /// The part of the result with indices `range` along one axis.
  private func part(_ range: Range<Int>, ofAxis cut: Int) -> CropPlan {
    var part = PlanBuilder(like: self)
    for axis in 0..<piece.axes.count {
      let kept = axis == cut ? range : 0..<piece.axes[axis].count
      part.append(count: kept.count, stride: piece.axes[axis].sourceStride)
      guard axis == cut else {
        for index in piece.segmentRange(ofAxis: axis) { part.append(piece.segments[index]) }
        continue
      }
      part.appendSegments(ofAxis: axis, of: piece, within: kept, at: 0)
    }
    if let list = parts?.list {
      let isCut = list.axes.contains(cut)
      part.keep(
        isCut ? list.part([range], ofAxis: cut - list.axes.lowerBound, order: order) : list)
    }
    return part.finishPart()
  }
}

extension Piece {
  /// The segments from `first` on that are repeated together; one alone, if it is not repeated.
  fileprivate func cycle(from first: Int, to end: Int) -> Range<Int> {
    let (start, repeats) = (segments[first].outputStart, segments[first].repeats)
    var last = first + 1
    while repeats > 1, last < end, segments[last].repeats == repeats,
      segments[last].outputStart - start < segments[first].period
    { last += 1 }
    return first..<last
  }

  /// The first of an axis' segments that reaches past an index, or the first that is repeated with
  /// it.
  ///
  /// Found without a look at all: a list of indices may have as many segments as indices.
  fileprivate func firstSegment(in range: Range<Int>, endingAfter index: Int) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = low + (high - low) / 2
      if segments[middle].outputEnd > index {
        high = middle
      } else {
        low = middle + 1
      }
    }
    guard low < range.upperBound, segments[low].repeats > 1 else { return low }
    while low > range.lowerBound, segments[low - 1].repeats == segments[low].repeats,
      segments[low - 1].period == segments[low].period
    { low -= 1 }
    return low
  }
}

extension PlanBuilder {
  /// Adds to the last axis, from an index on, what lies within `kept` of an axis of a piece.
  fileprivate mutating func appendSegments(
    ofAxis axis: Int, of piece: Piece, within kept: Range<Int>, at start: Int
  ) {
    let range = piece.segmentRange(ofAxis: axis)
    var index = piece.firstSegment(in: range, endingAfter: kept.lowerBound)
    while index < range.upperBound, piece.segments[index].outputStart < kept.upperBound {
      let cycle = piece.cycle(from: index, to: range.upperBound)
      appendSegments(cycle.map { piece.segments[$0] }, within: kept, at: start)
      index = cycle.upperBound
    }
  }

  /// Adds to the last axis what lies within `kept` of segments that are repeated together.
  private mutating func appendSegments(
    _ cycle: [AxisSegment], within kept: Range<Int>, at offset: Int
  ) {
    guard let first = cycle.first, let last = cycle.last else { return }
    // A walk that is taken once is a cycle of its own length.
    let period = first.repeats > 1 ? first.period : first.count
    let common = (first.outputStart..<last.outputEnd).clamped(to: kept)
    var output = common.lowerBound
    while output < common.upperBound {
      let phase = (output - first.outputStart) % period
      // The start of the repeat that the output is in: what is in it, and its end, lie before the end
      // of the last one.
      let turn = output - phase
      let repeats = (common.upperBound - output) / period
      let isWhole = phase == 0 && repeats > 0
      let end =
        isWhole ? output + repeats * period : min(turn + period, common.upperBound)
      for segment in cycle {
        let start = turn + (segment.outputStart - first.outputStart)
        let covered = start..<start + segment.count
        let part = isWhole ? covered : covered.clamped(to: output..<end)
        guard !part.isEmpty else { continue }
        append(
          AxisSegment(
            outputStart: part.lowerBound - kept.lowerBound + offset, count: part.count,
            sourceStart: segment.sourceStart
              &+ (part.lowerBound - start) &* segment.sourceStep,
            sourceStep: segment.sourceStep, origin: segment.origin,
            repeats: isWhole ? repeats : 1, period: isWhole && repeats > 1 ? period : 0))
      }
      output = end
    }
  }
}
