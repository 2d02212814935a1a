/// A product of one segment an axis: a strided copy, with its axes merged where both sides are
/// contiguous.
struct CropBox: Hashable, Sendable {
  /// The loops of the copy, outermost first.
  private(set) var loops = InlineVector(
    filler: BoxLoop(count: 0, sourceStride: 0, outputStride: 0))
  /// The byte of the file that the first element comes from.
  private(set) var sourceOffset: Int
  /// The byte of the result that it goes to.
  private(set) var outputOffset: Int

  init(sourceOffset: Int) {
    self.sourceOffset = sourceOffset
    outputOffset = 0
  }

  /// Adds a loop inside those that are there; one with a single turn is none.
  @inline(__always)
  fileprivate mutating func append(
    _ segment: CropPlan.Segment, sourceStride: Int, outputStride: Int
  ) {
    sourceOffset &+= segment.sourceStart &* sourceStride
    outputOffset &+= segment.outputStart &* outputStride
    guard segment.count != 1 else { return }
    let inner = BoxLoop(
      count: segment.count, sourceStride: segment.sourceStep &* sourceStride,
      outputStride: outputStride)
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
      sourceOffset: sourceOffset &+ turns.lowerBound &* loops[cut].sourceStride)
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
  @inline(__always)
  func forEachBox<Failure: Error>(
    _ body: (borrowing CropBox) throws(Failure) -> Void
  ) throws(Failure) {
    guard byteCount > 0 else { return }
    guard segments.count > axes.count else {
      try body(box { _ in 0 })
      return
    }
    // An odometer over the segments of each axis, the last axis fastest.
    var chosen = [Int](repeating: 0, count: axes.count)
    while true {
      try body(box { axis in chosen[axis] })
      var axis = axes.count - 1
      while axis >= 0 {
        chosen[axis] += 1
        if chosen[axis] < segmentRange(ofAxis: axis).count { break }
        chosen[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}

extension CropPlan {
  /// The box of the segments that `chosen` gives for each axis.
  @inline(__always)
  private func box(_ chosen: (Int) -> Int) -> CropBox {
    var box = CropBox(sourceOffset: sourceOffset)
    for position in 0..<axes.count {
      let axis = order == .c ? position : axes.count - 1 - position
      let planned = axes[axis]
      box.append(
        segments[planned.firstSegment + chosen(axis)], sourceStride: planned.sourceStride,
        outputStride: planned.outputStride)
    }
    return box
  }
}
