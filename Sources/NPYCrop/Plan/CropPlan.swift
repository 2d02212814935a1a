/// How a region is copied out of an array: for each axis of the result, the segments that fill it.
///
/// A plan is a value made without touching the file. It can be kept and used again, tells its
/// cost before it runs (``byteCount``, ``runCount``, ``pageCount(pageSize:)``), and can be cut into
/// slabs that fit in memory.
public struct CropPlan: Hashable, Sendable {
  var axes = InlineVector(
    filler: PlannedAxis(count: 0, sourceStride: 0, firstSegment: 0))
  var segments = InlineVector(
    filler: Segment(outputStart: 0, count: 0, sourceStart: 0, sourceStep: 0))
  /// The byte of the file at which all axes have index 0, fixed indices included.
  var sourceOffset: Int
  /// What stands where the region reaches outside along an axis that is padded with a value.
  let fill: Fill
  /// Whether an axis that the result does not have is taken at a place outside the array, so that
  /// no element of the result is one that the region names.
  var isFixedOutside = false
  /// The last of these axes that shows its fill.
  var fixedFillAxis: Int?
  /// The array that the plan is for.
  let layout: ArrayLayout
  /// The order of the result's elements.
  public let order: MemoryOrder
  /// The number of elements of the result.
  public private(set) var elementCount = 1
  // What many ask for is known from the building: each look at an element of the lists copies them.

  /// Whether each axis has one segment, of the array's elements.
  private var isProduct = true
  /// The last index that is read along the axis that is being built, and the axis' stride.
  private var farthestSource = 0
  private var lastStride = 0
  /// The bytes from `sourceOffset` to the end of the last element that is read.
  private var sourceReach: Int

  /// Whether it has a single box, which is none of fill.
  var isBox: Bool { isProduct && fixedFillAxis == nil }

  /// The byte of the file before which all lies that is read.
  var sourceEnd: Int { sourceOffset &+ sourceReach }

  /// What the elements are converted to; nil for what they are.
  var conversion: Conversion? { delivery.conversion }
  private let delivery: Delivered

  /// Aside from the plan, so that one that converts nothing is copied as if there were no conversions.
  private indirect enum Delivered: Hashable, Sendable {
    case unchanged
    case converted(Conversion)

    @inline(__always)
    var conversion: Conversion? {
      if case .converted(let conversion) = self { conversion } else { nil }
    }
  }

  /// The size of an element of the array.
  var itemSize: Int { layout.itemSize }
  /// The size of an element of the result.
  var outputItemSize: Int { conversion?.target.itemSize ?? layout.itemSize }

  /// The size of the result in bytes.
  public var byteCount: Int { elementCount &* outputItemSize }

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
  init(layout: ArrayLayout, order: MemoryOrder, fill: Fill, conversion: Conversion?) {
    self.layout = layout
    self.order = order
    self.fill = fill
    delivery = conversion.map { .converted($0) } ?? .unchanged
    sourceOffset = layout.offset
    sourceReach = layout.itemSize
  }

  // MARK: - Building

  /// Moves the start along an axis that the result does not have, to an index of the array.
  mutating func fix(index: Int, stride: Int) {
    sourceOffset &+= index &* stride
  }

  /// Adds an axis, which the segments that follow fill.
  @inline(__always)
  mutating func append(_ axis: PlannedAxis) {
    axes.append(axis)
    farthestSource = 0
    lastStride = axis.sourceStride
  }

  /// Adds a segment to the last axis.
  @inline(__always)
  mutating func append(_ segment: Segment) {
    segments.append(segment)
    isProduct = isProduct && segments.count <= axes.count && segment.fillAxis == nil
    let farthest = max(farthestSource, segment.farthestSource)
    sourceReach &+= (farthest &- farthestSource) &* lastStride
    farthestSource = farthest
  }

  /// Adds an axis that one segment fills.
  mutating func append(count: Int, from start: Int, step: Int, stride: Int) {
    append(PlannedAxis(count: count, sourceStride: stride, firstSegment: segments.count))
    append(
      Segment(outputStart: 0, count: count, sourceStart: start, sourceStep: step))
  }

  /// Adds an axis that takes the elements at the given indices, one segment a run.
  mutating func append(indices: [Int], stride: Int) {
    append(
      PlannedAxis(count: indices.count, sourceStride: stride, firstSegment: segments.count))
    appendRuns(of: indices, from: 0, origin: .array)
  }

  /// Adds the segments of a list of indices of the array to the last axis, one a run of even step.
  mutating func appendRuns(of indices: [Int], from outputStart: Int, origin: Segment.Origin) {
    var start = 0
    while start < indices.count {
      var end = start + 1
      let step = end < indices.count ? indices[end] - indices[start] : 1
      while end < indices.count, indices[end] - indices[end - 1] == step { end += 1 }
      append(
        Segment(
          outputStart: outputStart + start, count: end - start, sourceStart: indices[start],
          sourceStep: step, origin: origin))
      start = end
    }
  }

  /// Counts the elements and lays the result out, once all axes are there.
  mutating func finish() throws(RegionError) {
    guard axes.count <= mostAxes else {
      throw .tooManyResultAxes(count: axes.count, limit: mostAxes)
    }
    guard layOut() else { throw .resultTooBig(shape: shape, itemSize: outputItemSize) }
  }

  /// Gives each axis its stride in the result; false where the result is too big to be counted
  /// (`Bounds`, 5).
  mutating func layOut() -> Bool {
    let (itemSize, rank) = (outputItemSize, axes.count)
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
}
