/// A product of one segment an axis: a strided copy, with its axes merged where both sides are
/// contiguous.
///
/// All offsets and products of counts and strides are places of the array or of the result, which
/// can be counted (`Bounds`, 1, 3 and 5).
struct CropBox: Hashable, Sendable {
  /// The loops of the copy, outermost first.
  private(set) var loops = InlineVector(
    filler: BoxLoop(count: 0, sourceStride: 0, outputStride: 0))
  /// The byte of the file that the first element comes from.
  private(set) var sourceOffset: Int
  /// The byte of the result that it goes to.
  private(set) var outputOffset: Int
  /// The axis of the array whose fill the box shows, which has no source; nil for a copy.
  fileprivate(set) var fillAxis: Int?

  init(sourceOffset: Int, fillAxis: Int? = nil) {
    self.sourceOffset = sourceOffset
    outputOffset = 0
    self.fillAxis = fillAxis
  }

  /// Adds the walk of a segment inside the loops that are there.
  @inline(__always)
  fileprivate mutating func append(
    _ segment: CropPlan.Segment, along axis: PlannedAxis
  ) {
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

  /// Adds a loop inside those that are there; one with a single turn is none.
  @inline(__always)
  fileprivate mutating func append(_ inner: BoxLoop) {
    guard inner.count != 1 else { return }
    let last = loops.count - 1
    guard last >= 0, let merged = loops[last].merged(with: inner) else {
      loops.append(inner)
      return
    }
    loops[last] = merged
  }
}

extension CropBox {
  /// The bytes of the file that the box lies in, from its first to its last.
  func sourceRange(itemSize: Int) -> Range<Int> {
    var (low, high) = (sourceOffset, sourceOffset)
    for index in 0..<loops.count {
      let reach = (loops[index].count - 1) &* loops[index].sourceStride
      if reach < 0 { low &+= reach } else { high &+= reach }
    }
    return low..<high + itemSize
  }

  /// The loop whose turns lie farthest apart in the file; nil for a single element.
  var widestLoop: Int? {
    (0..<loops.count).max {
      loops[$0].sourceStride.magnitude < loops[$1].sourceStride.magnitude
    }
  }

  /// The box in two: the first half of a loop's turns, and the rest.
  func split(atLoop cut: Int) -> (CropBox, CropBox) {
    let half = loops[cut].count / 2
    return (
      part(0..<half, ofLoop: cut), part(half..<loops[cut].count, ofLoop: cut)
    )
  }

  private func part(_ turns: Range<Int>, ofLoop cut: Int) -> CropBox {
    var part = CropBox(
      sourceOffset: sourceOffset &+ turns.lowerBound &* loops[cut].sourceStride,
      fillAxis: fillAxis)
    part.outputOffset = outputOffset &+ turns.lowerBound &* loops[cut].outputStride
    for index in 0..<loops.count {
      let count = index == cut ? turns.count : loops[index].count
      guard count > 1 else { continue }
      part.loops.append(
        BoxLoop(
          count: count, sourceStride: loops[index].sourceStride,
          outputStride: loops[index].outputStride))
    }
    return part
  }
}

/// One loop of a box: how many turns, and how far apart they are in bytes on either side.
struct BoxLoop: BitwiseCopyable, Hashable, Sendable {
  let count: Int
  let sourceStride: Int
  let outputStride: Int

  /// This loop around an inner one as a single loop, where the inner one's end is the next turn.
  fileprivate func merged(with inner: BoxLoop) -> BoxLoop? {
    let (source, overflow) = inner.sourceStride.multipliedReportingOverflow(by: inner.count)
    guard !overflow, sourceStride == source, outputStride == inner.outputStride &* inner.count
    else { return nil }
    return BoxLoop(
      count: count &* inner.count, sourceStride: inner.sourceStride,
      outputStride: inner.outputStride)
  }
}

extension CropPlan {
  /// Runs `body` on every box of the plan: the product of the axes' segments.
  ///
  /// A box along which a value is filled in takes the axes inside of it whole, if that value is the
  /// same for all: a frame around an array is then two boxes an axis.
  @inline(__always)
  func forEachBox<Failure: Error>(
    _ body: (borrowing CropBox) throws(Failure) -> Void
  ) throws(Failure) {
    guard byteCount > 0 else { return }
    guard !isBox else {
      try body(box())
      return
    }
    try forEachBox(
      within: CropBox(sourceOffset: sourceOffset, fillAxis: fixedFillAxis), depth: 0, body)
  }

  /// The axis of the result at a depth of loops, its slowest at depth 0.
  @inline(__always)
  private func axis(atDepth depth: Int) -> Int {
    order == .c ? depth : axes.count - 1 - depth
  }

  /// The box of a plan that is one: `isBox`, and not empty.
  @inline(__always)
  func box() -> CropBox {
    var box = CropBox(sourceOffset: sourceOffset)
    // Read once: each access to an element of the plan's own lists copies the list.
    let (axes, segments) = (axes, segments)
    for depth in 0..<axes.count {
      let planned = axes[axis(atDepth: depth)]
      box.append(segments[planned.firstSegment], along: planned)
    }
    return box
  }

  /// Runs `body` on the boxes that begin with the loops of one, which the axes at `depth` and below
  /// are added to.
  private func forEachBox<Failure: Error>(
    within box: CropBox, depth: Int, _ body: (borrowing CropBox) throws(Failure) -> Void
  ) throws(Failure) {
    guard depth < axes.count else {
      try body(box)
      return
    }
    let axis = axis(atDepth: depth)
    if box.fillAxis != nil, fill.isUniform {
      var whole = copy box
      whole.append(
        Segment(outputStart: 0, count: axes[axis].count, sourceStart: 0, sourceStep: 0),
        along: axes[axis])
      try forEachBox(within: whole, depth: depth + 1, body)
      return
    }
    for index in segmentRange(ofAxis: axis) {
      let segment = segments[index]
      var next = copy box
      next.append(segment, along: axes[axis])
      // Where several axes are outside the last one counts, as if they were padded in turn.
      if let fillAxis = segment.fillAxis { next.fillAxis = max(fillAxis, box.fillAxis ?? 0) }
      try forEachBox(within: next, depth: depth + 1, body)
    }
  }
}
