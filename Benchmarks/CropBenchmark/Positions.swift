/// Where windows lie in an array: anywhere, or at one of a few places.
struct Positions {
  /// The number of places along each axis.
  private let limits: [Int]
  /// The first place along each axis, and the distance to the next.
  private let first: [Int]
  private let step: [Int]
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
    first = limits.map { _ in 0 }
    step = limits.map { _ in 1 }
    var random = SplitMix64(seed: 7)
    places = (0..<(isPooled ? 32 : 0)).map { _ in limits.map { random.next(below: $0) } }
  }

  /// Windows of an array of two axes that reach out of it at the left, and some of them at the top or
  /// the bottom: half a window at most.
  init(acrossBorderOf shape: [Int], window: [Int]) {
    let reach = window[1] / 2 - 1
    limits = [shape[0] - 2, reach]
    first = [-reach, -1]
    step = [1, -1]
    places = []
  }

  /// Replaces `position` by another one, without allocating.
  func draw(_ position: inout [Int], from random: inout SplitMix64) {
    if places.isEmpty {
      for axis in limits.indices {
        position[axis] = first[axis] + step[axis] * random.next(below: limits[axis])
      }
    } else {
      position = places[random.next(below: places.count)]
    }
  }
}
