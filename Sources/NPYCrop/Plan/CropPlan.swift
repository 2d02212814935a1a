/// How a region is copied out of an array: for each axis of the result, the segments that fill it.
///
/// A plan is a value made without touching the file. It can be kept and used again, tells its
/// cost before it runs, and can be cut into slabs that fit in memory.
public struct CropPlan: Hashable, Sendable {
  private(set) var axes = InlineVector(
    filler: PlannedAxis(count: 0, sourceStride: 0, firstSegment: 0))
  private(set) var segments = InlineVector(
    filler: Segment(outputStart: 0, count: 0, sourceStart: 0, sourceStep: 0))
  /// The byte of the file at which all axes have index 0, fixed indices included.
  private(set) var sourceOffset: Int
  /// The array that the plan is for.
  let layout: ArrayLayout
  /// The order of the result's elements.
  public let order: MemoryOrder
  /// The number of elements of the result.
  public private(set) var elementCount = 1

  var itemSize: Int { layout.itemSize }

  /// The size of the result in bytes.
  public var byteCount: Int { elementCount &* itemSize }

  /// The length of each axis of the result.
  public var shape: [Int] {
    var shape: [Int] = []
    shape.reserveCapacity(axes.count)
    for axis in 0..<axes.count { shape.append(axes[axis].count) }
    return shape
  }

  /// The segments that fill an axis of the result.
  public func segments(ofAxis axis: Int) -> [Segment] {
    (0..<axes.count).contains(axis) ? segmentRange(ofAxis: axis).map { segments[$0] } : []
  }

  /// Where the segments of an axis stand among those of the plan.
  @inline(__always)
  func segmentRange(ofAxis axis: Int) -> Range<Int> {
    let end = axis + 1 < axes.count ? axes[axis + 1].firstSegment : segments.count
    return axes[axis].firstSegment..<end
  }

  /// A plan of no axes, which takes the element at index (0, 0, …).
  init(layout: ArrayLayout, order: MemoryOrder) {
    self.layout = layout
    self.order = order
    sourceOffset = layout.offset
  }

  // MARK: - Building

  /// Moves the start along an axis that the result does not have.
  mutating func fix(index: Int, stride: Int) {
    sourceOffset &+= index &* stride
  }

  /// Adds an axis that one segment fills.
  mutating func append(count: Int, from start: Int, step: Int, stride: Int) {
    axes.append(PlannedAxis(count: count, sourceStride: stride, firstSegment: segments.count))
    segments.append(
      Segment(outputStart: 0, count: count, sourceStart: start, sourceStep: step))
  }

  /// Adds an axis that takes the elements at the given indices, one segment a run.
  mutating func append(indices: [Int], stride: Int) {
    axes.append(
      PlannedAxis(count: indices.count, sourceStride: stride, firstSegment: segments.count))
    var start = 0
    while start < indices.count {
      var end = start + 1
      let step = end < indices.count ? indices[end] - indices[start] : 1
      while end < indices.count, indices[end] - indices[end - 1] == step { end += 1 }
      segments.append(
        Segment(
          outputStart: start, count: end - start, sourceStart: indices[start], sourceStep: step))
      start = end
    }
  }

  /// Counts the elements and lays the result out, once all axes are there.
  mutating func finish() throws(RegionError) {
    guard axes.count <= mostAxes else {
      throw .tooManyResultAxes(count: axes.count, limit: mostAxes)
    }
    guard layOut() else { throw .resultTooBig(shape: shape, itemSize: itemSize) }
  }

  /// Gives each axis its stride in the result; false where the result is too big to be counted.
  private mutating func layOut() -> Bool {
    let (itemSize, rank) = (itemSize, axes.count)
    var count = 1
    var bytes = max(itemSize, 1)
    for position in 0..<rank {
      let axis = order == .c ? rank - 1 - position : position
      let length = axes.update(axis) { planned in
        planned.outputStride = count &* itemSize
        return planned.count
      }
      // As for the array itself, an axis of no elements does not excuse the others.
      let (product, overflow) = bytes.multipliedReportingOverflow(by: max(length, 1))
      guard !overflow else { return false }
      bytes = product
      count &*= length
    }
    elementCount = count
    return true
  }

  // MARK: - Slabs

  /// The part of the result with indices `range` along its axis `axis`.
  func part(_ range: Range<Int>, ofAxis cut: Int) -> CropPlan {
    var part = CropPlan(layout: layout, order: order)
    part.sourceOffset = sourceOffset
    for axis in 0..<axes.count {
      let planned = axes[axis]
      let kept = axis == cut ? range : 0..<planned.count
      part.axes.append(
        PlannedAxis(
          count: kept.count, sourceStride: planned.sourceStride,
          firstSegment: part.segments.count))
      for index in segmentRange(ofAxis: axis) {
        let segment = segments[index]
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

  /// The plan in pieces of at most so many bytes, one after the other in the result's memory.
  ///
  /// A piece is never less than one element, so an element larger than the limit is a piece of
  /// its own. An empty result has no pieces.
  ///
  /// - Parameter byteCount: The size that no piece shall pass.
  /// - Returns: The pieces, in the order of the result's memory.
  public func slabs(ofAtMost byteCount: Int) -> [CropPlan] {
    guard elementCount > 0 else { return [] }
    guard self.byteCount > byteCount else { return [self] }
    let slowestFirst = order == .c ? Array(0..<axes.count) : Array((0..<axes.count).reversed())
    guard let axis = slowestFirst.first(where: { axes[$0].count > 1 }) else { return [self] }
    let count = axes[axis].count
    let rowBytes = self.byteCount / count
    guard rowBytes <= byteCount else {
      return (0..<count).flatMap { part($0..<$0 + 1, ofAxis: axis).slabs(ofAtMost: byteCount) }
    }
    let rows = max(byteCount / max(rowBytes, 1), 1)
    return stride(from: 0, to: count, by: rows).map {
      part($0..<min($0 + rows, count), ofAxis: axis)
    }
  }
}
