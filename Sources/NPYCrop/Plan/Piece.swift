/// How a window is copied, wherever it lies: for each axis of it the segments that fill it, seen from
/// the byte of the source at which all axes have index 0.
///
/// Windows that differ in that byte alone share one piece.
struct Piece: Hashable, Sendable {
  /// Which of the sources that the plan is run on has the bytes.
  var source = 0
  var axes = InlineVector(filler: PlannedAxis(count: 0, sourceStride: 0, firstSegment: 0))
  var segments = InlineVector(
    filler: AxisSegment(outputStart: 0, count: 0, sourceStart: 0, sourceStep: 0))
  /// The order of the elements.
  let order: MemoryOrder
  /// Whether an axis that the window does not have is taken at a place outside the array, so that every
  /// element stands for a place outside.
  var isFixedOutside = false
  /// The last of these axes that shows its fill.
  var fixedFillAxis: Int?
  /// The number of elements.
  private(set) var elementCount = 1
  /// Whether no axis has more than one segment, and all are of the array's elements.
  ///
  /// Known from the building: each look at an element of the lists copies them.
  private var isProduct = true

  @inline(__always)
  init(order: MemoryOrder) { self.order = order }

  /// Whether it is a single box, which is none of fill: an axis without elements may have no segment.
  var isBox: Bool { isProduct && elementCount > 0 && fixedFillAxis == nil }

  /// The length of each axis.
  var shape: [Int] {
    var shape: [Int] = []
    shape.reserveCapacity(axes.count)
    for axis in 0..<axes.count { shape.append(axes[axis].count) }
    return shape
  }

  /// Where the segments of an axis stand among all of them.
  @inline(__always)
  func segmentRange(ofAxis axis: Int) -> Range<Int> {
    let end = axis + 1 < axes.count ? axes[axis + 1].firstSegment : segments.count
    return axes[axis].firstSegment..<end
  }

  /// Adds a segment to the last axis.
  @inline(__always)
  mutating func append(_ segment: AxisSegment) {
    segments.append(segment)
    isProduct = isProduct && segments.count <= axes.count && segment.fillAxis == nil
  }

  /// Gives each axis its stride in a result without gaps; false where that is too big to be counted
  /// (`Bounds`, 5).
  mutating func layOut(itemSize: Int) -> Bool {
    let rank = axes.count
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

// MARK: - At the places of a list

extension Piece {
  /// What is taken at each place of a list: one index along each of its axes, at the same distances.
  func place(withoutAxes list: Range<Int>) -> Piece {
    var place = self
    for axis in list {
      let planned = axes[axis]
      place.elementCount /= max(planned.count, 1)
      place.axes[axis] = PlannedAxis(
        count: 1, sourceStride: 0, outputStride: planned.outputStride,
        firstSegment: planned.firstSegment)
      place.segments[planned.firstSegment] = AxisSegment(
        outputStart: 0, count: 1, sourceStart: 0, sourceStep: 0)
    }
    return place
  }

  /// The same where an axis that the window does not have is outside the array, and shows its fill.
  func outside(ofAxis axis: Int) -> Piece {
    var piece = self
    piece.isFixedOutside = true
    piece.fixedFillAxis = max(axis, fixedFillAxis ?? 0)
    return piece
  }
}

// MARK: - As boxes

extension Piece {
  /// Runs `body` on every box of the piece: the product of the axes' segments.
  ///
  /// A box along which a value is filled in takes the axes inside of it whole, if that value is the
  /// same for all: a frame around an array is then two boxes an axis.
  @inline(__always)
  func forEachBox<Failure: Error>(
    isFillUniform: Bool, _ body: (borrowing CropBox) throws(Failure) -> Void
  ) throws(Failure) {
    guard elementCount > 0 else { return }
    guard !isBox else {
      try body(box())
      return
    }
    try forEachBox(within: CropBox(fillAxis: fixedFillAxis), depth: 0, isFillUniform, body)
  }

  /// The axis at a depth of loops, the slowest at depth 0.
  @inline(__always)
  private func axis(atDepth depth: Int) -> Int {
    order == .c ? depth : axes.count - 1 - depth
  }

  /// The box of a piece that is one: `isBox`.
  @inline(__always)
  func box() -> CropBox {
    // Read once: each look at an element of a list that may not be changed copies the list.
    let (axes, segments) = (axes, segments)
    return CropBox(rank: axes.count, order: order) { index in
      let axis = axes[index]
      return (axis, segments[axis.firstSegment])
    }
  }

  /// As `box()`, without a copy of the lists, which stay as they are.
  @inline(__always)
  mutating func boxInPlace() -> CropBox {
    CropBox(rank: axes.count, order: order) { index in
      let axis = axes.update(index) { $0 }
      return (axis, segments.update(axis.firstSegment) { $0 })
    }
  }

  /// Runs `body` on the boxes that begin with the loops of one, which the axes at `depth` and below
  /// are added to.
  private func forEachBox<Failure: Error>(
    within box: CropBox, depth: Int, _ isFillUniform: Bool,
    _ body: (borrowing CropBox) throws(Failure) -> Void
  ) throws(Failure) {
    guard depth < axes.count else {
      try body(box)
      return
    }
    let axis = axis(atDepth: depth)
    if box.fillAxis != nil, isFillUniform {
      var whole = copy box
      whole.append(
        AxisSegment(
          outputStart: 0, count: axes[axis].count, sourceStart: 0, sourceStep: 0),
        along: axes[axis])
      try forEachBox(within: whole, depth: depth + 1, isFillUniform, body)
      return
    }
    // Elements that stand for places outside are copied backwards or one by one: they come last, when the cache has
    // them.
    for isImage in [false, true] {
      for index in segmentRange(ofAxis: axis) {
        let segment = segments[index]
        guard (segment.origin == .image) == isImage else { continue }
        var next = copy box
        next.append(segment, along: axes[axis])
        // Where several axes are outside the last one counts, as if they were padded in turn.
        if let fillAxis = segment.fillAxis { next.fillAxis = max(fillAxis, box.fillAxis ?? 0) }
        try forEachBox(within: next, depth: depth + 1, isFillUniform, body)
      }
    }
  }
}

extension CropBox {
  /// The box of axes that have one segment each.
  @inline(__always)
  fileprivate init(
    rank: Int, order: MemoryOrder, _ axis: (Int) -> (PlannedAxis, AxisSegment)
  ) {
    self.init()
    for depth in 0..<rank {
      let (planned, segment) = axis(order == .c ? depth : rank - 1 - depth)
      append(segment, along: planned)
    }
  }

  /// Adds the walk of a segment inside the loops that are there.
  @inline(__always)
  fileprivate mutating func append(_ segment: AxisSegment, along axis: PlannedAxis) {
    let (sourceStride, outputStride) = (axis.sourceStride, axis.outputStride)
    sourceOffset &+= segment.sourceStart &* sourceStride
    outputOffset &+= segment.outputStart &* outputStride
    if segment.repeats != 1 {
      append(
        BoxLoop(
          count: segment.repeats, sourceStride: 0, outputStride: segment.period &* outputStride))
    }
    append(
      BoxLoop(
        count: segment.count, sourceStride: segment.sourceStep &* sourceStride,
        outputStride: outputStride))
  }
}
