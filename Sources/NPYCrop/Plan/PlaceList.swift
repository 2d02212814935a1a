/// The places of a plan that differ in nothing but where they are.
///
/// Those of points, of lists that are paired up, and of a long list of indices: one number each, and no piece, box or plan of
/// its own. An object that never changes: plans share it, and their slabs have parts of it.
final class PlaceList: Sendable {
  /// For each place in order of the copy the byte of its first element, counted from where the plan is seen from.
  ///
  /// Each is a sum of indices times their strides (`Bounds`, 3).
  let offsets: [Int]
  /// Where each of the places stands in the result, counted in places; nil where they are in the result's order.
  let targets: [Int]?
  /// The places that stand outside the array, where a value is filled in: they are no part of ``offsets``.
  let outside: [Outside]
  /// Which elements of the list are the array's own, in the order of the result; nil where all are.
  let own: [Bool]?
  /// The axes of the result that the list has; none where each place is a window.
  let axes: Range<Int>
  /// The length of each of these axes.
  let shape: [Int]
  /// The least and the greatest of the offsets; 0 and 0 if there are none.
  let bounds: (lowest: Int, highest: Int)

  /// A place that has no source.
  struct Outside: BitwiseCopyable, Hashable, Sendable {
    /// Where it stands in the result.
    let target: Int
    /// The axis of the array whose fill it shows.
    let axis: Int
  }

  init(
    offsets: [Int], targets: [Int]? = nil, outside: [Outside] = [], own: [Bool]? = nil,
    axes: Range<Int>, shape: [Int]
  ) {
    self.offsets = offsets
    self.targets = targets
    self.outside = outside
    self.own = own
    self.axes = axes
    self.shape = shape
    var (lowest, highest) = (offsets.first ?? 0, offsets.first ?? 0)
    for offset in offsets {
      lowest = min(lowest, offset)
      highest = max(highest, offset)
    }
    bounds = (lowest, highest)
  }

  /// How many places are copied or filled, one after the other.
  var count: Int { offsets.count + outside.count }

  /// Where a place stands in the result, counted in places.
  @inline(__always)
  func target(of index: Int) -> Int {
    guard index < offsets.count else { return outside[index - offsets.count].target }
    return targets.map { $0[index] } ?? index
  }

  /// Whether no place lies before the one that is copied ahead of it.
  var isInFileOrder: Bool {
    for index in offsets.indices.dropFirst() where offsets[index] < offsets[index - 1] {
      return false
    }
    return true
  }

  /// The same places in the order of the source, so that the copy goes through it once.
  func inFileOrder() -> PlaceList {
    var order = Array(offsets.indices)
    order.sort { offsets[$0] < offsets[$1] }
    return PlaceList(
      offsets: order.map { offsets[$0] }, targets: order.map { target(of: $0) },
      outside: outside, own: own, axes: axes, shape: shape)
  }

  // MARK: - Parts

  /// The list with some indices of one of its axes alone, in the order of the result.
  ///
  /// - Parameters:
  ///   - ranges: The indices, in ascending order.
  ///   - axis: Which of the list's axes.
  ///   - order: The order of the result.
  /// - Returns: The list of them.
  func part(_ ranges: [Range<Int>], ofAxis axis: Int, order: MemoryOrder) -> PlaceList {
    let length = shape[axis]
    let kept = ranges.reduce(0) { $0 + $1.count }
    var shape = shape
    shape[axis] = kept
    guard ranges != [0..<length] else { return self }
    // The list's elements that one index of the axis has together, and how many such groups there are.
    let faster = order == .c ? self.shape[(axis + 1)...] : self.shape[..<axis]
    let inner = checkedProduct(Array(faster)) ?? 0
    let outer = inner > 0 && length > 0 ? targetCount / (inner * length) : 0
    // In the result's order, whatever the order of the copy.
    var (source, isOutside) = ([Int](), [Int: Int]())
    if targets == nil {
      source = offsets
    } else {
      source = [Int](repeating: 0, count: targetCount)
      for index in offsets.indices { source[target(of: index)] = offsets[index] }
    }
    for place in outside { isOutside[place.target] = place.axis }
    var (offsets, targets, others): ([Int], [Int], [Outside]) = ([], [], [])
    var flags: [Bool]? = own == nil ? nil : []
    var target = 0
    offsets.reserveCapacity(min(outer * kept * inner, targetCount))
    for group in 0..<outer {
      for range in ranges {
        let first = (group * length + range.lowerBound) * inner
        let covered = first..<first + range.count * inner
        if let own { flags?.append(contentsOf: own[covered]) }
        guard !isOutside.isEmpty else {
          offsets.append(contentsOf: source[covered])
          target += covered.count
          continue
        }
        for place in covered {
          if let axis = isOutside[place] {
            others.append(Outside(target: target, axis: axis))
          } else {
            offsets.append(source[place])
            targets.append(target)
          }
          target += 1
        }
      }
    }
    return PlaceList(
      offsets: offsets, targets: outside.isEmpty ? nil : targets, outside: others, own: flags,
      axes: axes, shape: shape)
  }

  /// The number of elements of the list.
  private var targetCount: Int { count }
}

extension PlaceList: Hashable {
  static func == (left: PlaceList, right: PlaceList) -> Bool {
    left === right
      || left.offsets == right.offsets && left.targets == right.targets
        && left.outside == right.outside && left.own == right.own && left.axes == right.axes
        && left.shape == right.shape
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(offsets)
    hasher.combine(outside)
    hasher.combine(shape)
  }
}
