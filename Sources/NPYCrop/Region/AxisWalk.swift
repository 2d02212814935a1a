/// Places along an axis that goes on past both of its ends: a slice before any bounds are asked for.
struct AxisWalk: Hashable, Sendable {
  let start: Int
  let step: Int
  let count: Int

  /// The places of a slice; an end that is left out is that of the axis.
  ///
  /// The only way in: places that are farther out than `Bounds.farthestPlace` are refused, so that
  /// sums of places are integers (`Bounds`, 4).
  init(from: Int?, to: Int?, by step: Int, axis: Int, size: Int) throws(RegionError) {
    guard step != 0 else { throw .zeroStep(axis: axis) }
    let isForward = step > 0
    start = from ?? (isForward ? 0 : size - 1)
    let end = to ?? (isForward ? size : -1)
    guard isForward ? end > start : end < start else {
      self.step = step
      count = 0
      return
    }
    // Distances between any two integers, which need not be one.
    let distance = isForward ? UInt(bitPattern: end &- start) : UInt(bitPattern: start &- end)
    // `magnitude` is right even for Int.min, whose negation is no Int.
    let turns = (distance - 1) / step.magnitude
    // The last place is between two integers and so is one: what wraps on the way there wraps back.
    let last = start &+ Int(truncatingIfNeeded: turns) &* step
    for place in [start, last] where place.magnitude > UInt(Bounds.farthestPlace) {
      throw .placeTooFar(axis: axis, place: place)
    }
    // At most twice the farthest place.
    count = Int(truncatingIfNeeded: turns) + 1
    // A single place has no step, and any would overflow sooner or later.
    self.step = count > 1 ? step : isForward ? 1 : -1
  }

  /// Which of the places are inside an axis of a length: they follow each other.
  func inside(length: Int) -> Range<Int> {
    guard count > 0 else { return 0..<0 }
    // No place is beyond the farthest, so the axis may as well end there.
    let length = min(length, Bounds.farthestPlace + 1)
    // Seen so that the walk goes upwards: the distance to the first place inside, and to the first
    // after the end. Both are distances of two places, or one more.
    let entry = step > 0 ? -start : start - (length - 1)
    let exit = step > 0 ? length - start : start + 1
    func turns(_ distance: Int) -> Int {
      distance > 0 ? min((distance - 1) / abs(step) + 1, count) : 0
    }
    return turns(entry)..<max(turns(entry), turns(exit))
  }
}
