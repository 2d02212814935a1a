/// Where windows lie in an array: anywhere, or at one of a few places.
struct Positions {
  /// The number of places along each axis.
  private let limits: [Int]
  /// The few places; none where a window may lie anywhere.
  let places: [[Int]]

  /// - Parameters:
  ///   - shape: That of the array.
  ///   - window: That of the window, which must fit in the array.
  ///   - isPooled: Whether to choose 32 places, whose pages can be kept in memory however large
  ///     the file is.
  init(shape: [Int], window: [Int], isPooled: Bool) {
    let limits = zip(shape, window).map { $0 - $1 + 1 }
    self.limits = limits
    var random = SplitMix64(seed: 7)
    places = (0..<(isPooled ? 32 : 0)).map { _ in limits.map { random.next(below: $0) } }
  }

  /// Replaces `position` by another one, without allocating.
  func draw(_ position: inout [Int], from random: inout SplitMix64) {
    if places.isEmpty {
      for axis in limits.indices { position[axis] = random.next(below: limits[axis]) }
    } else {
      position = places[random.next(below: places.count)]
    }
  }
}
