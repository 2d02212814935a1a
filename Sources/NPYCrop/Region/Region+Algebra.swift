// Boxes in terms of other boxes. Every sum is checked, and nothing is clamped unless asked to; what is
// not checked is the distance of a range's ends (`Bounds`, 7).

extension Region {
  /// A box of a size around a center: `size[k] / 2` elements before index `center[k]` of each axis
  /// `k`, and the rest from it on.
  ///
  /// - Parameters:
  ///   - center: The index in the middle; of two in the middle the second.
  ///   - size: The number of elements along each axis; a negative one, or another number of sizes
  ///     than of centers, is an error of the crop.
  public init(center: [Int], size: [Int]) {
    guard center.count == size.count else {
      self.init(origin: center, size: size)
      return
    }
    var origin: [Int] = []
    for axis in center.indices {
      let (start, overflow) = center[axis].subtractingReportingOverflow(size[axis] / 2)
      guard !overflow else {
        self.init(
          [], convention: .strict,
          fault: .invalidSize(axis: axis, origin: center[axis], size: size[axis]))
        return
      }
      origin.append(start)
    }
    self.init(origin: origin, size: size)
  }

  /// The first index of a box along each of its axes; nil for a region that is not a box.
  public var origin: [Int]? { ranges?.map(\.lowerBound) }

  /// The number of elements of a box along each of its axes; nil for a region that is not a box.
  public var size: [Int]? { ranges?.map { $0.upperBound - $0.lowerBound } }

  /// Whether a box has no elements; false for a region that is not a box.
  public var isEmpty: Bool { ranges?.contains(where: \.isEmpty) ?? false }

  /// The part that two boxes share: of size 0 along an axis where they share nothing.
  ///
  /// - Throws: ``RegionError/notABox(text:)``, ``RegionError/rankMismatch(origin:size:)`` for an invalid box,
  ///   ``RegionError/ranksDiffer(region:other:)``.
  public func intersection(_ other: Region) throws(RegionError) -> Region {
    try combined(with: other) { first, second in
      let start = max(first.lowerBound, second.lowerBound)
      return start..<max(start, min(first.upperBound, second.upperBound))
    }
  }

  /// The smallest box that holds both; if one is empty, the other.
  ///
  /// - Throws: ``RegionError/notABox(text:)``, ``RegionError/rankMismatch(origin:size:)`` for an invalid box,
  ///   ``RegionError/ranksDiffer(region:other:)``, and
  ///   ``RegionError/invalidSize(axis:origin:size:)`` where its size cannot be counted.
  public func union(_ other: Region) throws(RegionError) -> Region {
    let (mine, others) = (try box(), try other.box())
    guard mine.count == others.count else {
      throw .ranksDiffer(region: mine.count, other: others.count)
    }
    if mine.contains(where: \.isEmpty) { return other }
    if others.contains(where: \.isEmpty) { return self }
    return try combined(with: other) { first, second in
      min(first.lowerBound, second.lowerBound)..<max(first.upperBound, second.upperBound)
    }
  }

  /// The box moved by so many elements along each axis.
  ///
  /// - Throws: ``RegionError/notABox(text:)``, ``RegionError/rankMismatch(origin:size:)`` for an invalid box,
  ///   ``RegionError/ranksDiffer(region:other:)``, and
  ///   ``RegionError/invalidSize(axis:origin:size:)`` where an end cannot be counted.
  public func translated(by distances: [Int]) throws(RegionError) -> Region {
    try changed(by: distances) { range, distance in
      let (start, startOverflow) = range.lowerBound.addingReportingOverflow(distance)
      let (end, endOverflow) = range.upperBound.addingReportingOverflow(distance)
      return startOverflow || endOverflow ? nil : (start, end)
    }
  }

  /// The box with so many elements more at both ends of each axis.
  ///
  /// - Throws: ``RegionError/notABox(text:)``, ``RegionError/rankMismatch(origin:size:)`` for an invalid box,
  ///   ``RegionError/ranksDiffer(region:other:)``, and
  ///   ``RegionError/invalidSize(axis:origin:size:)`` where an end cannot be counted, or a
  ///   negative margin leaves less than nothing.
  public func expanded(by margins: [Int]) throws(RegionError) -> Region {
    try changed(by: margins) { range, margin in
      let (start, startOverflow) = range.lowerBound.subtractingReportingOverflow(margin)
      let (end, endOverflow) = range.upperBound.addingReportingOverflow(margin)
      return startOverflow || endOverflow ? nil : (start, end)
    }
  }

  /// The box with so many elements more at both ends of every axis.
  ///
  /// - Throws: ``RegionError/notABox(text:)``, ``RegionError/rankMismatch(origin:size:)`` and
  ///   ``RegionError/invalidSize(axis:origin:size:)``.
  public func expanded(by margin: Int) throws(RegionError) -> Region {
    try expanded(by: try box().map { _ in margin })
  }

  /// The box with so many elements less at both ends of each axis.
  ///
  /// - Throws: ``RegionError/notABox(text:)``, ``RegionError/rankMismatch(origin:size:)`` for an invalid box,
  ///   ``RegionError/ranksDiffer(region:other:)``, and
  ///   ``RegionError/invalidSize(axis:origin:size:)`` where less than nothing would be left, or an end cannot be counted.
  public func inset(by margins: [Int]) throws(RegionError) -> Region {
    try changed(by: margins) { range, margin in
      let (start, startOverflow) = range.lowerBound.addingReportingOverflow(margin)
      let (end, endOverflow) = range.upperBound.subtractingReportingOverflow(margin)
      return startOverflow || endOverflow ? nil : (start, end)
    }
  }

  /// The box with so many elements less at both ends of every axis.
  ///
  /// - Throws: ``RegionError/notABox(text:)``, ``RegionError/rankMismatch(origin:size:)`` and
  ///   ``RegionError/invalidSize(axis:origin:size:)``.
  public func inset(by margin: Int) throws(RegionError) -> Region {
    try inset(by: try box().map { _ in margin })
  }

  /// The smallest box around this one whose ends are multiples of a number of each axis, such as the
  /// tiles or the chunks of a file.
  ///
  /// - Throws: ``RegionError/notABox(text:)``, ``RegionError/rankMismatch(origin:size:)`` for an invalid box,
  ///   ``RegionError/ranksDiffer(region:other:)``,
  ///   ``RegionError/invalidAlignment(axis:alignment:)`` for a number less than 1, and
  ///   ``RegionError/invalidSize(axis:origin:size:)`` where an end cannot be counted.
  public func aligned(to alignments: [Int]) throws(RegionError) -> Region {
    for (axis, alignment) in alignments.enumerated() where alignment < 1 {
      throw .invalidAlignment(axis: axis, alignment: alignment)
    }
    return try changed(by: alignments) { range, alignment in
      func remainder(_ place: Int) -> Int {
        let remainder = place % alignment
        return remainder < 0 ? remainder + alignment : remainder
      }
      let before = remainder(range.lowerBound)
      let after = remainder(range.upperBound)
      let (start, startOverflow) = range.lowerBound.subtractingReportingOverflow(before)
      let (end, endOverflow) = range.upperBound.addingReportingOverflow(
        after == 0 ? 0 : alignment - after)
      return startOverflow || endOverflow ? nil : (start, end)
    }
  }

  /// Whether the box has the element at an index.
  ///
  /// - Throws: ``RegionError/notABox(text:)``, ``RegionError/rankMismatch(origin:size:)`` for an invalid box,
  ///   ``RegionError/ranksDiffer(region:other:)``.
  public func contains(_ index: [Int]) throws(RegionError) -> Bool {
    let ranges = try box()
    guard ranges.count == index.count else {
      throw .ranksDiffer(region: ranges.count, other: index.count)
    }
    return zip(ranges, index).allSatisfy { $0.contains($1) }
  }

  /// Whether the box has all elements of another; an empty one is in every box.
  ///
  /// - Throws: ``RegionError/notABox(text:)``, ``RegionError/rankMismatch(origin:size:)`` for an invalid box,
  ///   ``RegionError/ranksDiffer(region:other:)``.
  public func contains(_ other: Region) throws(RegionError) -> Bool {
    let (ranges, others) = (try box(), try other.box())
    guard ranges.count == others.count else {
      throw .ranksDiffer(region: ranges.count, other: others.count)
    }
    if others.contains(where: \.isEmpty) { return true }
    return zip(ranges, others).allSatisfy {
      $0.lowerBound <= $1.lowerBound && $1.upperBound <= $0.upperBound
    }
  }

  // MARK: - Boxes as ranges

  /// The ranges of a box, or what is wrong with it.
  private func box() throws(RegionError) -> [Range<Int>] {
    if let fault { throw fault }
    guard let ranges else { throw .notABox(text: description) }
    return ranges
  }

  /// The range that a box takes of each of its axes; nil for a region that is not a box, and for one that
  /// is so large that its size cannot be counted.
  var ranges: [Range<Int>]? {
    guard fault == nil else { return nil }
    var ranges: [Range<Int>] = []
    ranges.reserveCapacity(selections.count)
    for selection in selections {
      // In NumPy text a negative number depends on the array.
      guard case .slice(let from?, let to?, 1) = selection.form,
        convention == .strict || (from >= 0 && to >= 0),
        !to.subtractingReportingOverflow(from).overflow
      else { return nil }
      ranges.append(from..<max(from, to))
    }
    return ranges
  }

  private func combined(
    with other: Region, _ combine: (Range<Int>, Range<Int>) -> Range<Int>
  ) throws(RegionError) -> Region {
    let (ranges, others) = (try box(), try other.box())
    guard ranges.count == others.count else {
      throw .ranksDiffer(region: ranges.count, other: others.count)
    }
    return try Self.checked(
      zip(ranges, others).map { combine($0, $1) }.map { ($0.lowerBound, $0.upperBound) })
  }

  /// The box with the ends that `change` gives for each axis, nil where they cannot be counted.
  private func changed(
    by numbers: [Int], _ change: (Range<Int>, Int) -> (start: Int, end: Int)?
  ) throws(RegionError) -> Region {
    let ranges = try box()
    guard ranges.count == numbers.count else {
      throw .ranksDiffer(region: ranges.count, other: numbers.count)
    }
    var ends: [(Int, Int)] = []
    for axis in ranges.indices {
      guard let changed = change(ranges[axis], numbers[axis]) else {
        throw .invalidSize(
          axis: axis, origin: ranges[axis].lowerBound,
          size: ranges[axis].upperBound - ranges[axis].lowerBound)
      }
      ends.append(changed)
    }
    return try Self.checked(ends)
  }

  /// A box of ends whose distance can be counted.
  private static func checked(_ ends: [(start: Int, end: Int)]) throws(RegionError) -> Region {
    for (axis, end) in ends.enumerated() {
      let (size, overflow) = end.end.subtractingReportingOverflow(end.start)
      guard !overflow, size >= 0 else {
        throw .invalidSize(axis: axis, origin: end.start, size: overflow ? .max : size)
      }
    }
    return Region(ends.map { AxisSelection(.slice(from: $0.start, to: $0.end, by: 1)) })
  }
}

extension Region {
  /// The part of the region that is inside an array.
  ///
  /// The region need not be a box. In a region of Swift ranges, negative coordinates lie before the array, as with padding. In NumPy text
  /// they count from the end.
  ///
  /// - Parameter shape: That of the array.
  /// - Returns: A region that can be cropped without padding, of size 0 along an axis where nothing
  ///   is inside.
  /// - Throws: ``RegionError/indexOutOfRange(axis:index:size:)`` for an index outside, since no axis is left
  ///   that could be empty; ``RegionError/invalidSize(axis:origin:size:)`` for a negative length of `shape`;
  ///   ``RegionError/placeTooFar(axis:place:)`` for a slice with a step that ends too far outside;
  ///   ``RegionError/pairedClipping`` for lists that are paired; and
  ///   ``RegionError/zeroStep(axis:)``, ``RegionError/tooManyAxes(selected:available:)``,
  ///   ``RegionError/severalEllipses``, ``RegionError/rankMismatch(origin:size:)``.
  public func clipped(to shape: [Int]) throws(RegionError) -> Region {
    if let fault { throw fault }
    for (axis, length) in shape.enumerated() where length < 0 {
      throw .invalidSize(axis: axis, origin: 0, size: length)
    }
    let expansion = try ellipsisLength(rank: shape.count)
    var axis = 0
    var clipped: [AxisSelection] = []
    for selection in selections {
      switch selection.form {
      case .newAxis:
        clipped.append(selection)
        continue
      case .ellipsis:
        clipped.append(selection)
        axis += expansion
        continue
      case .index(let index):
        let index = try convention.index(index, axis: axis, size: shape[axis])
        clipped.append(AxisSelection(.index(index)))
      case .indices(let indices):
        let inside =
          try convention == .strict
          ? indices.filter((0..<shape[axis]).contains)
          : indices.map { index throws(RegionError) in
            try convention.index(index, axis: axis, size: shape[axis])
          }
        clipped.append(AxisSelection(.indices(inside)))
      case .paired, .mask:
        // Places that are left out of one list are missing in the others.
        throw .pairedClipping
      case .slice(let from, let to, let step):
        clipped.append(try clippedSlice(from: from, to: to, by: step, axis, size: shape[axis]))
      }
      axis += 1
    }
    return Region(clipped)
  }

  private func clippedSlice(
    from: Int?, to: Int?, by step: Int, _ axis: Int, size: Int
  ) throws(RegionError) -> AxisSelection {
    var (start, step, count) = (0, step, 0)
    switch convention {
    case .numpy:
      let walk = try convention.walk(from: from, to: to, by: step, axis: axis, size: size)
      (start, count) = (walk.start, walk.count)
    case .strict where step == 1:
      start = max(from ?? 0, 0)
      count = max(min(to ?? size, size), start) - start
    case .strict:
      let walk = try AxisWalk(from: from, to: to, by: step, axis: axis, size: size)
      let inside = walk.inside(length: size)
      start = walk.start + (inside.isEmpty ? 0 : inside.lowerBound * walk.step)
      step = walk.step
      count = inside.count
    }
    guard count > 0 else {
      // Nothing, at the place inside that is nearest.
      let place = min(max(start, 0), size)
      return AxisSelection(.slice(from: place, to: place, by: 1))
    }
    // An index inside, as all of these are.
    let last = start + (count - 1) * step
    let end = step > 0 ? last + 1 : last > 0 ? last - 1 : nil
    return AxisSelection(.slice(from: start, to: end, by: step))
  }
}
