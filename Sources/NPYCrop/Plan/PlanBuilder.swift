/// Builds the plan of one window, and checks the region's numbers against the array.
///
/// It cannot be copied, and a plan that is used only once is run where it was built: copying one costs as
/// much as a small crop.
@usableFromInline
struct PlanBuilder: SegmentList, ~Copyable {
  /// The plan, which is closed once `finish` was called.
  private(set) var plan: CropPlan
  /// The last index that is read along the axis that is being built.
  private var farthestSource = 0
  /// The bytes from one index of that axis to the next.
  private var lastStride = 0
  /// The bytes from the start to the end of the last element that is read.
  private var reach: Int
  /// What goes on past the ends of the array's axes; nil where nothing does.
  var padding: Padding?
  /// The places where all else is taken, where there is a list.
  private(set) var list: PlaceList?
  /// Whether it may have one: not the windows of a batch, which are places themselves.
  var takesLists = true

  /// Begins a plan of no axes, which takes the element at index (0, 0, …).
  @inline(__always)
  init(layout: ArrayLayout, order: MemoryOrder, fill: Fill = .zero, conversion: Conversion? = nil) {
    plan = CropPlan(layout: layout, order: order, fill: fill, conversion: conversion)
    reach = layout.itemSize
  }

  /// Builds the plan of a region.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - layout: The array.
  ///   - order: The order of the result.
  ///   - padding: The padding outside the array.
  ///   - fill: The values among that, of the result's type.
  ///   - conversion: What the elements become.
  /// - Throws: ``RegionError`` where the region does not fit the array.
  @inline(__always)
  init(
    _ region: Region, of layout: ArrayLayout, order: MemoryOrder, padding: Padding = .none,
    fill: Fill = .zero, conversion: Conversion? = nil
  ) throws(RegionError) {
    self.init(layout: layout, order: order, fill: fill, conversion: conversion)
    try add(region, padding: padding)
  }

  /// Begins a plan of no axes for what another one is for, from the same start.
  init(like whole: CropPlan) {
    self.init(
      layout: whole.layout, order: whole.order, fill: whole.fill, conversion: whole.conversion)
    plan.place.sourceOffset = whole.place.sourceOffset
    plan.piece.source = whole.piece.source
    plan.piece.isFixedOutside = whole.piece.isFixedOutside
    plan.piece.fixedFillAxis = whole.piece.fixedFillAxis
  }

  /// The array that the plan is for.
  var layout: ArrayLayout { plan.layout }

  /// The number of segments of all axes.
  var segmentCount: Int { plan.piece.segments.count }

  // MARK: - Axes

  /// Moves the start along an axis that the result does not have, to an index of the array.
  @inline(__always)
  mutating func fix(index: Int, stride: Int) {
    plan.place.sourceOffset &+= index &* stride
  }

  /// Takes a place outside the array along an axis that the result does not have.
  ///
  /// - Parameters:
  ///   - index: The element that stands for it; nil for the fill.
  ///   - stride: The bytes from one index of the axis to the next.
  ///   - axis: The axis of the array.
  mutating func fixOutside(index: Int?, stride: Int, ofAxis axis: Int) {
    plan.piece.isFixedOutside = true
    if let index { fix(index: index, stride: stride) } else { plan.piece.fixedFillAxis = axis }
  }

  /// Adds an axis of the result, which the segments that follow fill.
  ///
  /// - Parameters:
  ///   - count: Its length.
  ///   - stride: The bytes from one index of the array's axis to the next; 0 for an axis that is new.
  @inline(__always)
  mutating func append(count: Int, stride: Int) {
    plan.piece.axes.append(
      PlannedAxis(count: count, sourceStride: stride, firstSegment: plan.piece.segments.count))
    farthestSource = 0
    lastStride = stride
  }

  /// Adds a segment to the last axis.
  @inline(__always)
  mutating func append(_ segment: AxisSegment) {
    plan.piece.append(segment)
    // Along an axis that goes backwards, none lies farther than the first.
    guard lastStride > 0 else { return }
    let farthest = max(farthestSource, segment.farthestSource)
    reach &+= (farthest &- farthestSource) &* lastStride
    farthestSource = farthest
  }

  /// Adds an axis that one segment fills.
  @inline(__always)
  mutating func append(count: Int, from start: Int, step: Int, stride: Int) {
    append(count: count, stride: stride)
    append(
      AxisSegment(outputStart: 0, count: count, sourceStart: start, sourceStep: step))
  }

  /// Adds an axis that takes the elements at the given indices, one segment a run.
  mutating func append(indices: [Int], stride: Int) {
    append(count: indices.count, stride: stride)
    appendRuns(of: indices, from: 0, origin: .array)
  }

  /// Adds the axes of a list of places, which the whole window has once at most.
  mutating func append(_ list: PlaceList) {
    for length in list.shape { append(count: length, from: 0, step: 0, stride: 0) }
    keep(list)
  }

  /// Takes the window at the places of a list whose axes were added.
  mutating func keep(_ list: PlaceList) {
    reach &+= max(list.bounds.highest, 0)
    self.list = list
  }

  // MARK: - The end

  /// Closes the plan: counts the elements and gives them their places in a result without gaps.
  ///
  /// - Throws: ``RegionError`` where it has too many axes, or is too big to be counted.
  @inline(__always)
  mutating func finish() throws(RegionError) {
    let axes = plan.piece.axes.count
    guard axes <= mostAxes else { throw .tooManyResultAxes(count: axes, limit: mostAxes) }
    guard close() else {
      throw .resultTooBig(shape: plan.windowShape, itemSize: plan.outputItemSize)
    }
  }

  /// The window that was closed as its only box; nil if it has several, none, or one of fill.
  @inline(__always)
  mutating func box() -> CropBox? {
    list == nil && plan.piece.isBox ? plan.piece.boxInPlace() : nil
  }

  /// The plan that was closed, moved out and not copied.
  @inline(__always)
  consuming func closed() -> CropPlan { plan }

  /// Closes a plan that takes no more than one that was closed before.
  mutating func finishPart() -> CropPlan {
    // Smaller than the whole.
    _ = close()
    return plan
  }

  @inline(__always)
  private mutating func close() -> Bool {
    let itemSize = plan.outputItemSize
    guard plan.piece.layOut(itemSize: itemSize) else { return false }
    plan.elementCount = plan.piece.elementCount
    plan.outputByteCount = plan.elementCount &* itemSize
    plan.sourceEnd = plan.place.sourceOffset &+ reach
    if let list { plan.take(list) }
    return true
  }
}

extension CropPlan {
  /// Plans the copy of a region out of an array of a layout, as `PlanBuilder` does.
  init(
    _ region: Region, of layout: ArrayLayout, order: MemoryOrder, padding: Padding = .none,
    fill: Fill = .zero, conversion: Conversion? = nil
  ) throws(RegionError) {
    self = try PlanBuilder(
      region, of: layout, order: order, padding: padding, fill: fill, conversion: conversion
    ).closed()
  }
}
