// All indices of a piece lie within the whole, which could be counted (`Bounds`, 5), as long as no two
// that are counted from the axis' start are added.

extension CropPlan {
  /// The plan in pieces of at most so many bytes, one after the other in the result's memory.
  ///
  /// A piece is never less than one element, so an element larger than the limit is a piece of
  /// its own. An empty result has no pieces.
  ///
  /// - Parameter byteCount: The size that no piece shall pass.
  /// - Returns: The pieces, in the order of the result's memory, each made when it is asked for.
  public func slabs(ofAtMost byteCount: Int) -> Slabs {
    Slabs(of: self, limit: max(byteCount, 0))
  }

  /// The pieces of a plan, each with so many turns of one axis and a single one of the slower axes.
  public struct Slabs: Sequence, IteratorProtocol, Sendable {
    private let plan: CropPlan
    /// The axes that a piece has one index of, slowest first.
    private var outerAxes: [Int] = []
    /// The axis that is cut, if the whole is too large.
    private var cutAxis: Int?
    private var turns = 1
    /// The index of the next piece along the outer axes and the one that is cut; nil at the end.
    private var position: [Int]?

    fileprivate init(of plan: CropPlan, limit: Int) {
      self.plan = plan
      guard plan.elementCount > 0 else { return }
      var rowBytes = plan.byteCount
      var axes = plan.order == .c ? Array(0..<plan.axes.count) : (0..<plan.axes.count).reversed()
      while rowBytes > limit, !axes.isEmpty {
        if let cutAxis { outerAxes.append(cutAxis) }
        let axis = axes.removeFirst()
        rowBytes /= plan.axes[axis].count
        cutAxis = axis
      }
      if cutAxis != nil { turns = Swift.max(limit / Swift.max(rowBytes, 1), 1) }
      position = [Int](repeating: 0, count: outerAxes.count + 1)
    }

    /// The next piece; nil after the last.
    public mutating func next() -> CropPlan? {
      guard let position else { return nil }
      guard let cutAxis else {
        self.position = nil
        return plan
      }
      let start = position[outerAxes.count]
      let count = plan.axes[cutAxis].count
      var slab = plan.part(start..<start + Swift.min(turns, count - start), ofAxis: cutAxis)
      for (place, axis) in outerAxes.enumerated() {
        slab = slab.part(position[place]..<position[place] + 1, ofAxis: axis)
      }
      advance(past: count)
      return slab
    }

    private mutating func advance(past count: Int) {
      guard var next = position else { return }
      // No further than the end, which can be counted.
      next[outerAxes.count] += Swift.min(turns, count - next[outerAxes.count])
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
        limit = plan.axes[outerAxes[place]].count
      }
      position = next
    }
  }

  /// The part of the result at its ends: of each axis longer than twice as much, the first and the
  /// last `count` indices, one after the other.
  ///
  /// What NumPy shows of an array that it summarises.
  ///
  /// - Parameter count: How many indices at each end; NumPy's `edgeitems`.
  /// - Returns: A plan for the same array.
  public func edges(_ count: Int) -> CropPlan {
    var part = emptied()
    let count = max(count, 0)
    for axis in 0..<axes.count {
      let length = axes[axis].count
      // Only where it is less than half of a length is its double a number.
      let isCut = count <= length / 2 && length > 2 * count
      let ends = isCut ? [0..<count, length - count..<length] : [0..<length]
      part.append(
        PlannedAxis(
          count: isCut ? 2 * count : length, sourceStride: axes[axis].sourceStride,
          firstSegment: part.segments.count))
      for end in ends {
        part.appendSegments(ofAxis: axis, of: self, within: end, at: end.lowerBound > 0 ? count : 0)
      }
    }
    // Smaller than the whole.
    _ = part.layOut()
    return part
  }

  /// A plan of the same kind without axes.
  private func emptied() -> CropPlan {
    var part = CropPlan(layout: layout, order: order, fill: fill, conversion: conversion)
    part.sourceOffset = sourceOffset
    part.isFixedOutside = isFixedOutside
    part.fixedFillAxis = fixedFillAxis
    return part
  }

  /// The part of the result with indices `range` along one axis.
  private func part(_ range: Range<Int>, ofAxis cut: Int) -> CropPlan {
    var part = emptied()
    for axis in 0..<axes.count {
      let kept = axis == cut ? range : 0..<axes[axis].count
      part.append(
        PlannedAxis(
          count: kept.count, sourceStride: axes[axis].sourceStride,
          firstSegment: part.segments.count))
      guard axis == cut else {
        for index in segmentRange(ofAxis: axis) { part.append(segments[index]) }
        continue
      }
      part.appendSegments(ofAxis: axis, of: self, within: kept, at: 0)
    }
    // Smaller than the whole.
    _ = part.layOut()
    return part
  }

  /// The segments from `first` on that are repeated together; one alone, if it is not repeated.
  private func cycle(from first: Int, to end: Int) -> Range<Int> {
    let (start, repeats) = (segments[first].outputStart, segments[first].repeats)
    var last = first + 1
    while repeats > 1, last < end, segments[last].repeats == repeats,
      segments[last].outputStart - start < segments[first].period
    { last += 1 }
    return first..<last
  }

  /// Adds to the last axis, from an index on, what lies within `kept` of an axis of another plan.
  private mutating func appendSegments(
    ofAxis axis: Int, of plan: CropPlan, within kept: Range<Int>, at start: Int
  ) {
    let range = plan.segmentRange(ofAxis: axis)
    var index = plan.firstSegment(in: range, endingAfter: kept.lowerBound)
    while index < range.upperBound, plan.segments[index].outputStart < kept.upperBound {
      let cycle = plan.cycle(from: index, to: range.upperBound)
      appendSegments(cycle.map { plan.segments[$0] }, within: kept, at: start)
      index = cycle.upperBound
    }
  }

  /// Adds to the last axis what lies within `kept` of segments that are repeated together.
  private mutating func appendSegments(
    _ cycle: [Segment], within kept: Range<Int>, at offset: Int
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
          Segment(
            outputStart: part.lowerBound - kept.lowerBound + offset, count: part.count,
            sourceStart: segment.sourceStart
              &+ (part.lowerBound - start) &* segment.sourceStep,
            sourceStep: segment.sourceStep, origin: segment.origin,
            repeats: isWhole ? repeats : 1, period: isWhole && repeats > 1 ? period : 0))
      }
      output = end
    }
  }

  /// The first of an axis' segments that reaches past an index, or the first that is repeated with
  /// it.
  ///
  /// Found without a look at all: a list of indices may have as many segments as indices.
  private func firstSegment(in range: Range<Int>, endingAfter index: Int) -> Int {
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
