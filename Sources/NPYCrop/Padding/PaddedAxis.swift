// How a coordinate outside an axis finds its element: the index maps of `numpy.pad`, one for each mode.
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

/// An axis of the array that goes on past both of its ends: its places as segments of the axis itself.
struct PaddedAxis {
  /// Which axis of the array.
  let axis: Int
  /// The length of the axis.
  let length: Int
  /// The padding mode of the axis.
  let mode: Padding.Mode

  /// As many segments as padding may make of a region: more than any sensible walk has, and few
  /// enough to be kept.
  static var mostSegments: Int { 1 << 20 }

  /// Where the element at a place comes from.
  enum Source {
    /// The array itself, at the place.
    case array
    /// The element at an index of the array, which stands for the place outside.
    case image(Int)
    /// The value that the axis is padded with.
    case fill
  }

  /// Where the element at a place comes from.
  ///
  /// - Throws: ``RegionError`` where the axis has nothing that could stand for the place, or it is too
  ///   far outside.
  func source(of place: Int) throws(RegionError) -> Source {
    guard !(0..<length).contains(place) else { return .array }
    if case .constant = mode { return .fill }
    guard length > 0 else { throw .emptyAxisPadding(axis: axis) }
    if mode == .edge { return .image(place < 0 ? 0 : length - 1) }
    guard let period = mode.period(length: length) else {
      throw .placeTooFar(axis: axis, place: place)
    }
    let image = AxisImage(mode: mode, length: length, period: period)
    return .image(image.index(atPhase: image.phase(of: place)))
  }

  // MARK: - Lists of places

  /// Adds the segments of a list of places.
  ///
  /// - Throws: ``RegionError`` as for a single place.
  func appendSegments(
    of places: [Int], to list: inout some SegmentList & ~Copyable
  ) throws(RegionError) {
    var start = 0
    while start < places.count {
      let isInside = (0..<length).contains(places[start])
      var sources: [Int] = []
      var end = start
      while end < places.count, (0..<length).contains(places[end]) == isInside {
        switch try source(of: places[end]) {
        case .array: sources.append(places[end])
        case .image(let index): sources.append(index)
        case .fill: break
        }
        end += 1
      }
      if sources.isEmpty {
        list.append(fill(start..<end))
      } else {
        list.appendRuns(of: sources, from: start, origin: isInside ? .array : .image)
      }
      start = end
    }
  }

  /// The segment that fills some indices of the output axis with a value.
  private func fill(_ outputs: Range<Int>) -> AxisSegment {
    AxisSegment(
      outputStart: outputs.lowerBound, count: outputs.count, sourceStart: 0, sourceStep: 0,
      origin: .fill(axis: axis))
  }

  // MARK: - Walks

  /// Adds the segments of a walk.
  ///
  /// - Throws: ``RegionError`` as for a single place, and ``RegionError/tooScattered(axis:limit:)``.
  func appendSegments(
    of walk: AxisWalk, to list: inout some SegmentList & ~Copyable
  ) throws(RegionError) {
    let inside = walk.inside(length: length)
    try appendSegmentsOutside(0..<inside.lowerBound, walk, to: &list)
    if !inside.isEmpty {
      list.append(
        AxisSegment(
          outputStart: inside.lowerBound, count: inside.count,
          sourceStart: walk.start + inside.lowerBound * walk.step, sourceStep: walk.step))
    }
    try appendSegmentsOutside(inside.upperBound..<walk.count, walk, to: &list)
  }

  /// Adds the segments of output indices whose places are all on the same side of the axis.
  private func appendSegmentsOutside(
    _ outputs: Range<Int>, _ walk: AxisWalk, to list: inout some SegmentList & ~Copyable
  ) throws(RegionError) {
    guard let first = outputs.first else { return }
    let place = walk.start + first * walk.step
    if case .constant = mode {
      list.append(fill(outputs))
      return
    }
    guard length > 0 else { throw .emptyAxisPadding(axis: axis) }
    // A single element is its own neighbour, mirror image and repetition.
    if mode == .edge || length == 1 {
      list.append(
        AxisSegment(
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
      try appendSegments(of: image, outputs, from: phase, by: pace, repeats: 1, to: &list)
      return
    }
    try appendSegments(
      of: image, first..<first + cycle, from: phase, by: pace, repeats: repeats, to: &list)
    try appendSegments(
      of: image, first + repeats * cycle..<outputs.upperBound, from: phase, by: pace, repeats: 1,
      to: &list)
  }

  /// Adds the segments of a walk through the phases of an image.
  private func appendSegments(
    of image: AxisImage, _ outputs: Range<Int>, from start: Int, by pace: Int, repeats: Int,
    to list: inout some SegmentList & ~Copyable
  ) throws(RegionError) {
    // Each segment goes as far as an axis is long, at most: a walk that needs too many is refused
    // before any is made. The whole way is that of the region's own walk, or shorter.
    guard (outputs.count - 1) * abs(pace) / image.length <= Self.mostSegments else {
      throw .tooScattered(axis: axis, limit: Self.mostSegments)
    }
    var (output, phase) = (outputs.lowerBound, start)
    while output < outputs.upperBound {
      guard list.segmentCount < Self.mostSegments else {
        throw .tooScattered(axis: axis, limit: Self.mostSegments)
      }
      let isAscending = phase < image.length
      let half = isAscending ? 0..<image.length : image.length..<image.period
      let rest = outputs.upperBound - output
      // How many steps stay within this half of the period.
      let turns =
        if pace > 0 {
          (half.upperBound - phase - 1) / pace + 1
        } else if pace < 0 {
          (phase - half.lowerBound) / -pace + 1
        } else {
          rest
        }
      let count = min(turns, rest)
      list.append(
        AxisSegment(
          outputStart: output, count: count, sourceStart: image.index(atPhase: phase),
          sourceStep: isAscending ? pace : -pace, origin: .image, repeats: repeats,
          period: repeats > 1 ? outputs.count : 0))
      output += count
      // Less than two periods away.
      phase = image.phase(of: phase + count * pace)
    }
  }
}

private func greatestCommonDivisor(_ first: Int, _ second: Int) -> Int {
  var (large, small) = (second.magnitude, first.magnitude)
  while small != 0 { (large, small) = (small, large % small) }
  return Int(clamping: large)
}
