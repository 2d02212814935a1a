// Places along an axis that goes on past both of its ends, as segments of the axis itself.
//
// All sums here are of places, of phases, which are less than a period, and of output indices, which
// are less than the walk's count (`Bounds`, 4).

extension Padding.Mode {
  /// After how many places outside the axis shows the same elements again; nil where it never does,
  /// or so late that places cannot be counted.
  fileprivate func period(length: Int) -> Int? {
    guard length <= Bounds.farthestPlace / 2 else { return nil }
    return switch self {
    case .wrap: length
    case .symmetric: 2 * length
    case .reflect: max(2 * length - 2, 1)
    case .none, .constant, .edge: nil
    }
  }
}

/// The elements of an axis that stand for places outside it, by the index maps of `numpy.pad`.
private struct AxisImage {
  let mode: Padding.Mode
  /// The length of the axis, more than 0.
  let length: Int
  /// The number of places after which the image repeats.
  let period: Int

  /// The index of the element at a phase, a place modulo the period: ascending in the first
  /// `length` phases, then descending.
  func index(atPhase phase: Int) -> Int {
    guard phase >= length else { return phase }
    return period - phase - (mode == .symmetric ? 1 : 0)
  }

  /// A place modulo the period.
  func phase(of place: Int) -> Int {
    let remainder = place % period
    return remainder < 0 ? remainder + period : remainder
  }
}

extension PlanBuilder {
  /// As many segments as padding may make of a region: more than any sensible walk has, and few
  /// enough to be kept.
  private static var mostSegments: Int { 1 << 20 }

  /// Adds an axis of places, inside the array's axis or not.
  mutating func append(
    padded axis: Int, mode: Padding.Mode, _ walk: AxisWalk
  ) throws(RegionError) {
    append(count: walk.count, stride: layout.strides[axis])
    let inside = walk.inside(length: layout.shape[axis])
    try appendOutside(0..<inside.lowerBound, axis, mode, walk)
    if !inside.isEmpty {
      append(
        CropPlan.Segment(
          outputStart: inside.lowerBound, count: inside.count,
          sourceStart: walk.start + inside.lowerBound * walk.step, sourceStep: walk.step))
    }
    try appendOutside(inside.upperBound..<walk.count, axis, mode, walk)
  }

  /// Adds the segments of output indices whose places are all on the same side of the axis.
  private mutating func appendOutside(
    _ outputs: Range<Int>, _ axis: Int, _ mode: Padding.Mode, _ walk: AxisWalk
  ) throws(RegionError) {
    guard let first = outputs.first else { return }
    let length = layout.shape[axis]
    let place = walk.start + first * walk.step
    if case .constant = mode {
      append(
        CropPlan.Segment(
          outputStart: first, count: outputs.count, sourceStart: 0, sourceStep: 0,
          origin: .fill(axis: axis)))
      return
    }
    guard length > 0 else { throw .emptyAxisPadding(axis: axis, mode: mode) }
    // A single element is its own neighbour, mirror image and repetition.
    if mode == .edge || length == 1 {
      append(
        CropPlan.Segment(
          outputStart: first, count: outputs.count, sourceStart: place < 0 ? 0 : length - 1,
          sourceStep: 0, origin: .image))
      return
    }
    guard let period = mode.period(length: length) else {
      throw .placeTooFar(axis: axis, place: place)
    }
    let image = AxisImage(mode: mode, length: length, period: period)
    // The same phases come again after so many steps; a step is as good as its remainder.
    var pace = image.phase(of: walk.step)
    if pace > period - pace { pace -= period }
    let cycle = period / greatestCommonDivisor(pace, period)
    let phase = image.phase(of: place)
    let repeats = outputs.count / cycle
    guard repeats > 1 else {
      try appendWalk(image, outputs, axis, phase: phase, pace: pace, repeats: 1)
      return
    }
    try appendWalk(
      image, first..<first + cycle, axis, phase: phase, pace: pace, repeats: repeats)
    try appendWalk(
      image, first + repeats * cycle..<outputs.upperBound, axis, phase: phase, pace: pace,
      repeats: 1)
  }

  /// Adds the segments of a walk through the phases of an image.
  private mutating func appendWalk(
    _ image: AxisImage, _ outputs: Range<Int>, _ axis: Int, phase: Int, pace: Int, repeats: Int
  ) throws(RegionError) {
    // Each segment goes as far as an axis is long, at most: a walk that needs too many is refused
    // before any is made. The whole way is that of the region's own walk, or shorter.
    guard (outputs.count - 1) * abs(pace) / image.length <= Self.mostSegments else {
      throw .tooScattered(axis: axis, limit: Self.mostSegments)
    }
    var (output, phase) = (outputs.lowerBound, phase)
    while output < outputs.upperBound {
      let isAscending = phase < image.length
      let piece = isAscending ? 0..<image.length : image.length..<image.period
      let rest = outputs.upperBound - output
      // How many steps stay within the piece.
      let turns =
        if pace > 0 {
          (piece.upperBound - phase - 1) / pace + 1
        } else if pace < 0 {
          (phase - piece.lowerBound) / -pace + 1
        } else {
          rest
        }
      let count = min(turns, rest)
      append(
        CropPlan.Segment(
          outputStart: output, count: count, sourceStart: image.index(atPhase: phase),
          sourceStep: isAscending ? pace : -pace, origin: .image, repeats: repeats,
          period: repeats > 1 ? outputs.count : 0))
      guard plan.piece.segments.count <= Self.mostSegments else {
        throw .tooScattered(axis: axis, limit: Self.mostSegments)
      }
      output += count
      // Less than two periods away.
      phase = image.phase(of: phase + count * pace)
    }
  }

  /// Where an index outside an axis leads: to an element, or nil for the fill.
  private static func image(
    of place: Int, _ axis: Int, _ mode: Padding.Mode, length: Int
  ) throws(RegionError) -> Int? {
    if case .constant = mode { return nil }
    guard length > 0 else { throw .emptyAxisPadding(axis: axis, mode: mode) }
    if mode == .edge { return place < 0 ? 0 : length - 1 }
    guard let period = mode.period(length: length) else {
      throw .placeTooFar(axis: axis, place: place)
    }
    let image = AxisImage(mode: mode, length: length, period: period)
    return image.index(atPhase: image.phase(of: place))
  }

  /// Takes the place at an index along an axis that the result does not have.
  mutating func fix(
    padded axis: Int, mode: Padding.Mode, index: Int
  ) throws(RegionError) {
    let length = layout.shape[axis]
    guard !(0..<length).contains(index) else {
      fix(index: index, ofAxis: axis)
      return
    }
    fixOutside(index: try Self.image(of: index, axis, mode, length: length), ofAxis: axis)
  }

  /// Adds an axis of the places at the given indices.
  mutating func append(
    padded axis: Int, mode: Padding.Mode, indices: [Int]
  ) throws(RegionError) {
    let length = layout.shape[axis]
    append(count: indices.count, stride: layout.strides[axis])
    var start = 0
    while start < indices.count {
      let isInside = (0..<length).contains(indices[start])
      var sources: [Int] = []
      var end = start
      while end < indices.count, (0..<length).contains(indices[end]) == isInside {
        let index = indices[end]
        if isInside {
          sources.append(index)
        } else if let image = try Self.image(of: index, axis, mode, length: length) {
          sources.append(image)
        }
        end += 1
      }
      if sources.isEmpty {
        append(
          CropPlan.Segment(
            outputStart: start, count: end - start, sourceStart: 0, sourceStep: 0,
            origin: .fill(axis: axis)))
      } else {
        appendRuns(of: sources, from: start, origin: isInside ? .array : .image)
      }
      start = end
    }
  }
}

private func greatestCommonDivisor(_ first: Int, _ second: Int) -> Int {
  var (large, small) = (second.magnitude, first.magnitude)
  while small != 0 { (large, small) = (small, large % small) }
  return Int(clamping: large)
}
