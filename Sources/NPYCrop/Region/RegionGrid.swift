/// Windows that lie over an array in regular steps: a collection that holds none of them.
///
/// ```swift
/// let tiles = try Region.grid(over: slide.shape, size: [512, 512], step: [448, 448], edge: .padded)
/// let batch = try slide.padded(.reflect).cropRegions(tiles.prefix(64))
/// ```
///
/// The last axis goes fastest. Every element of the array is in a window, unless the edge is
/// ``Edge/dropped``.
public struct RegionGrid: RandomAccessCollection, Hashable, Sendable {
  /// What happens to the last window of an axis where the steps do not end with the axis.
  @nonexhaustive
  public enum Edge: Hashable, Sendable {
    /// It is moved back until it ends with the axis, and overlaps the one before it by more than the
    /// others do. A window larger than the axis takes all of it.
    case shifted
    /// It reaches outside: crop with padding.
    case padded
    /// It is smaller than the others.
    case partial
    /// It is left out: no window holds the elements after the last whole one.
    case dropped
  }

  /// The shape of the array.
  public let shape: [Int]
  /// The number of elements of a window along each axis.
  public let size: [Int]
  /// The number of elements from one window to the next along each axis.
  public let step: [Int]
  /// What happens to the last window of an axis.
  public let edge: Edge
  /// The number of windows along each axis.
  public let counts: [Int]
  /// The number of windows.
  public let count: Int

  /// The first position, 0.
  public var startIndex: Int { 0 }
  /// The position after the last.
  public var endIndex: Int { count }

  fileprivate init(
    over shape: [Int], size: [Int], step: [Int], edge: Edge
  ) throws(RegionError) {
    for numbers in [size, step] where numbers.count > shape.count {
      throw .ranksDiffer(region: shape.count, other: numbers.count)
    }
    // An axis without elements has no windows, whatever their size.
    let size = size + shape[size.count...].map { Swift.max($0, 1) }
    let step = step + size[step.count...]
    var counts: [Int] = []
    for axis in shape.indices {
      let (length, size, step) = (shape[axis], size[axis], step[axis])
      guard length >= 0, size >= 1 else {
        throw .gridSize(axis: axis, size: size, length: length)
      }
      guard step >= 1, step <= size || edge == .dropped else {
        throw .gridStep(axis: axis, step: step, size: size)
      }
      if edge == .dropped {
        counts.append(length < size ? 0 : (length - size) / step + 1)
      } else {
        counts.append(length == 0 ? 0 : length <= size ? 1 : (length - size - 1) / step + 2)
      }
      // The last window begins inside, and ends there, too, unless it is padded.
      let last = Swift.max(counts[axis] - 1, 0) * step
      guard edge != .padded || !last.addingReportingOverflow(size).overflow else {
        throw .invalidSize(axis: axis, origin: last, size: size)
      }
    }
    guard let count = checkedProduct(counts) else { throw .gridTooBig(counts: counts) }
    self.shape = shape
    self.size = size
    self.step = step
    self.edge = edge
    self.counts = counts
    self.count = count
  }

  /// The window at a position: a box that leaves the array only where the edge is ``Edge/padded``.
  ///
  /// For a position that the collection does not have, the box reaches outside the array, if that has axes.
  public subscript(position: Int) -> Region {
    var rest = position
    var selections = [AxisSelection](repeating: .all, count: shape.count)
    for axis in shape.indices.reversed() {
      // The slowest axis takes what is left, and so leads outside where that is too much.
      let isSlowest = axis == 0
      let count = Swift.max(counts[axis], 1)
      let index = isSlowest ? rest : rest % count
      rest /= count
      selections[axis] = window(index, axis)
    }
    return Region(selections)
  }

  private func window(_ index: Int, _ axis: Int) -> AxisSelection {
    let (length, size) = (shape[axis], size[axis])
    guard (0..<counts[axis]).contains(index) else { return Self.noWindow(index, size, step[axis]) }
    // Each window begins inside, and ends where the making has checked.
    let start = index * step[axis]
    let isInside = size <= length - start
    switch edge {
    case .shifted where !isInside: return (Swift.max(length - size, 0)..<length).axisSelection
    case .partial where !isInside: return (start..<length).axisSelection
    case .shifted, .padded, .partial, .dropped: return (start..<start + size).axisSelection
    }
  }

  /// The window for an index outside the grid, its ends clamped to `Int`.
  private static func noWindow(_ index: Int, _ size: Int, _ step: Int) -> AxisSelection {
    let (start, overflow) = index.multipliedReportingOverflow(by: step)
    guard !overflow else { return (index < 0 ? Int.min ..< .min : .max ..< .max).axisSelection }
    let (end, endOverflow) = start.addingReportingOverflow(size)
    return (start..<(endOverflow ? .max : end)).axisSelection
  }
}

extension Region {
  /// Windows of one size over an array, in regular steps.
  ///
  /// - Parameters:
  ///   - shape: That of the array.
  ///   - size: The number of elements of a window along each axis. Missing trailing axes are taken whole:
  ///     `[512, 512]` for an image of shape `[height, width, 3]`.
  ///   - step: The number of elements from one window to the next along each axis; where it is missing, the
  ///     size, so that windows adjoin (a last one that is ``RegionGrid/Edge/shifted`` overlaps the one before).
  ///   - edge: What happens to the last window of an axis.
  /// - Returns: The windows, none of which is stored.
  /// - Throws: ``RegionError/ranksDiffer(region:other:)`` for more numbers than axes,
  ///   ``RegionError/gridSize(axis:size:length:)`` for a size less than 1 or a negative length,
  ///   ``RegionError/gridStep(axis:step:size:)``, ``RegionError/invalidSize(axis:origin:size:)`` if the last
  ///   padded window ends out of range, ``RegionError/gridTooBig(counts:)``.
  public static func grid(
    over shape: [Int], size: [Int], step: [Int]? = nil, edge: RegionGrid.Edge = .shifted
  ) throws(RegionError) -> RegionGrid {
    try RegionGrid(over: shape, size: size, step: step ?? [], edge: edge)
  }
}

extension RegionGrid: CustomStringConvertible {
  /// How many windows of which size, and over what.
  public var description: String {
    "\(count) windows of size \(tupleText(size)) over shape \(tupleText(shape))"
  }
}
