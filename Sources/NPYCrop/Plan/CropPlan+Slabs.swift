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
      var slab = plan.part(start..<Swift.min(start + turns, count), ofAxis: cutAxis)
      for (place, axis) in outerAxes.enumerated() {
        slab = slab.part(position[place]..<position[place] + 1, ofAxis: axis)
      }
      advance(past: count)
      return slab
    }

    private mutating func advance(past count: Int) {
      guard var next = position else { return }
      next[outerAxes.count] += turns
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

  /// The part of the result with indices `range` along one axis.
  private func part(_ range: Range<Int>, ofAxis cut: Int) -> CropPlan {
    var part = CropPlan(layout: layout, order: order)
    part.sourceOffset = sourceOffset
    for axis in 0..<axes.count {
      let kept = axis == cut ? range : 0..<axes[axis].count
      part.axes.append(
        PlannedAxis(
          count: kept.count, sourceStride: axes[axis].sourceStride,
          firstSegment: part.segments.count))
      let range = segmentRange(ofAxis: axis)
      for index in firstSegment(in: range, endingAfter: kept.lowerBound)..<range.upperBound {
        let segment = segments[index]
        guard segment.outputStart < kept.upperBound else { break }
        let covered = segment.outputStart..<segment.outputStart + segment.count
        let common = covered.clamped(to: kept)
        guard !common.isEmpty else { continue }
        let skipped = common.lowerBound - segment.outputStart
        part.segments.append(
          Segment(
            outputStart: common.lowerBound - kept.lowerBound, count: common.count,
            sourceStart: segment.sourceStart &+ skipped &* segment.sourceStep,
            sourceStep: segment.sourceStep))
      }
    }
    // Smaller than the whole, which could be counted.
    _ = part.layOut()
    return part
  }

  /// The first of an axis' segments that reaches past an index, found without a look at all: a
  /// list of indices may have as many segments as indices.
  private func firstSegment(in range: Range<Int>, endingAfter index: Int) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = low + (high - low) / 2
      if segments[middle].outputStart + segments[middle].count > index {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low
  }
}
