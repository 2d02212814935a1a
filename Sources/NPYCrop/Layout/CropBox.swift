/// A strided copy: loops around single elements, and where they begin on both sides.
///
/// All offsets and products of counts and strides are places of the array or of the result, which
/// can be counted (`Bounds`, 1, 3 and 5).
struct CropBox: Sendable {
  /// The loops of the copy, outermost first.
  private(set) var loops = InlineVector(
    filler: BoxLoop(count: 0, sourceStride: 0, outputStride: 0))
  /// The byte that the first element comes from, counted from where the box is taken.
  var sourceOffset = 0
  /// The byte that it goes to, counted from where the box is put.
  var outputOffset = 0
  /// The axis of the array whose fill the box shows, which has no source; nil for a copy.
  var fillAxis: Int?
  /// How far the loops lead before the first element and after it, in bytes of the source.
  ///
  /// Known from the building: each look at a loop costs more than to add them up here.
  private var reach = (before: 0, after: 0)

  @inline(__always)
  init(fillAxis: Int? = nil) { self.fillAxis = fillAxis }

  /// Adds an innermost loop.
  ///
  /// A loop of one turn is left out. A loop that continues the one around it without a gap is merged with
  /// it.
  @inline(__always)
  mutating func append(_ inner: BoxLoop) {
    guard inner.count != 1 else { return }
    addReach(of: inner)
    let last = loops.count - 1
    guard last >= 0, let merged = loops[last].merged(with: inner) else {
      loops.append(inner)
      return
    }
    loops[last] = merged
  }

  // MARK: - A box that fills a result in C order without gaps

  /// Adds an innermost loop, which gets its stride in the result by `layOut`.
  @inline(__always)
  mutating func append(count: Int, sourceStride: Int) {
    // All strides of the result are 0 as yet: it has no gaps, so the source alone decides what is merged.
    append(BoxLoop(count: count, sourceStride: sourceStride, outputStride: 0))
  }

  /// Gives all loops their strides in the result.
  @inline(__always)
  mutating func layOut(itemSize: Int) {
    var stride = itemSize
    var index = loops.count - 1
    while index >= 0 {
      stride = loops.update(index) { loop in
        loop.outputStride = stride
        return stride &* loop.count
      }
      index -= 1
    }
  }
}

extension CropBox {
  /// The bytes that the box lies in, from its first to its last, counted as ``sourceOffset`` is.
  @inline(__always)
  borrowing func sourceRange(itemSize: Int) -> Range<Int> {
    sourceOffset &+ reach.before..<sourceOffset &+ reach.after &+ itemSize
  }

  @inline(__always)
  private mutating func addReach(of loop: BoxLoop) {
    let distance = (loop.count &- 1) &* loop.sourceStride
    if distance < 0 { reach.before &+= distance } else { reach.after &+= distance }
  }

  /// The loop whose turns lie farthest apart in the source; nil for a single element.
  var widestLoop: Int? {
    (0..<loops.count).max {
      loops[$0].sourceStride.magnitude < loops[$1].sourceStride.magnitude
    }
  }

  /// Whether the box is one stretch of the source and of the result.
  @inline(__always)
  borrowing func isRun(itemSize: Int) -> Bool {
    switch loops.count {
    case 0: true
    case 1: loops[0].sourceStride == itemSize && loops[0].outputStride == itemSize
    default: false
    }
  }

  /// The box in two: the first half of a loop's turns, and the rest.
  func split(atLoop cut: Int) -> (CropBox, CropBox) {
    let half = loops[cut].count / 2
    return (
      part(0..<half, ofLoop: cut), part(half..<loops[cut].count, ofLoop: cut)
    )
  }

  /// The box with some of a loop's turns alone.
  func part(_ turns: Range<Int>, ofLoop cut: Int) -> CropBox {
    var part = CropBox(fillAxis: fillAxis)
    part.sourceOffset = sourceOffset &+ turns.lowerBound &* loops[cut].sourceStride
    part.outputOffset = outputOffset &+ turns.lowerBound &* loops[cut].outputStride
    for index in 0..<loops.count {
      let count = index == cut ? turns.count : loops[index].count
      guard count > 1 else { continue }
      let loop = BoxLoop(
        count: count, sourceStride: loops[index].sourceStride,
        outputStride: loops[index].outputStride)
      part.addReach(of: loop)
      part.loops.append(loop)
    }
    return part
  }

  /// Runs `body` on the bytes that each run of the box lies in, the run being the loop whose elements
  /// are neighbours in the source.
  func forEachSourceRun(itemSize: Int, _ body: (Range<Int>) -> Void) {
    var outer: [BoxLoop] = []
    var run = BoxLoop(count: 1, sourceStride: itemSize, outputStride: 0)
    for index in 0..<loops.count where loops[index].sourceStride != 0 {
      let loop = loops[index]
      if loop.sourceStride.magnitude == UInt(itemSize), loop.count > run.count {
        if run.count > 1 { outer.append(run) }
        run = loop
      } else {
        outer.append(loop)
      }
    }
    // Slowest in the file first, so that runs that share a page follow each other.
    outer.sort { $0.sourceStride.magnitude > $1.sourceStride.magnitude }
    var turns = [Int](repeating: 0, count: outer.count)
    var start = sourceOffset
    if run.sourceStride < 0 { start &+= (run.count - 1) &* run.sourceStride }
    while true {
      body(start..<start + run.count * itemSize)
      var index = outer.count - 1
      while index >= 0 {
        turns[index] += 1
        start &+= outer[index].sourceStride
        if turns[index] < outer[index].count { break }
        start &-= outer[index].sourceStride &* outer[index].count
        turns[index] = 0
        index -= 1
      }
      if index < 0 { return }
    }
  }
}

/// One loop of a box: how many turns, and how far apart they are in bytes on either side.
struct BoxLoop: BitwiseCopyable, Hashable, Sendable {
  let count: Int
  let sourceStride: Int
  var outputStride: Int

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
