/// Adds up where the places of paired lists are: for each place the bytes that its index along each axis is away
/// from index 0.
struct ListSum {
  private let layout: ArrayLayout
  private let convention: Region.Convention
  private let order: MemoryOrder
  /// The shape that all lists are broadcast to.
  let shape: [Int]
  /// The bytes, in the order of the result.
  private var offsets: [Int]
  /// Which places are the array's own; nil as long as all are.
  private var own: [Bool]?
  /// The last axis that each place is outside of and shows the fill of, or -1; nil as long as none is.
  private var fillAxes: [Int]?

  /// - Parameters:
  ///   - layout: The array.
  ///   - convention: How indices are understood.
  ///   - order: The order of the result.
  ///   - shape: The shape that all lists are broadcast to.
  /// - Throws: ``RegionError`` where it is too big to be counted.
  init(
    _ layout: ArrayLayout, _ convention: Region.Convention, order: MemoryOrder, shape: [Int]
  ) throws(RegionError) {
    guard let count = checkedProduct(shape) else {
      throw .resultTooBig(shape: shape, itemSize: layout.itemSize)
    }
    self.layout = layout
    self.convention = convention
    self.order = order
    self.shape = shape
    offsets = [Int](repeating: 0, count: count)
  }

  /// The shape that shapes are broadcast to.
  ///
  /// - Throws: ``RegionError/listShapes(_:)`` where they cannot be.
  static func broadcast(_ shapes: [[Int]]) throws(RegionError) -> [Int] {
    let rank = shapes.map(\.count).max() ?? 0
    var common = [Int](repeating: 1, count: rank)
    for shape in shapes {
      for (index, length) in shape.enumerated() where length != 1 {
        let axis = rank - shape.count + index
        guard common[axis] == 1 || common[axis] == length else { throw .listShapes(shapes) }
        common[axis] = length
      }
    }
    return common
  }

  // MARK: - Lists and masks

  /// Adds the indices of a list along an axis.
  ///
  /// - Parameters:
  ///   - list: The list.
  ///   - axis: The axis of the array.
  ///   - padding: The padding mode of the axis.
  ///   - length: How many indices the axis has for this; all if nil.
  /// - Throws: ``RegionError`` where one of them is outside, or nothing stands for it.
  mutating func add(
    _ list: IndexList, axis: Int, padding: Padding.Mode = .none, length: Int? = nil
  ) throws(RegionError) {
    // As NumPy, which looks at no index where nothing is taken.
    guard !offsets.isEmpty else { return }
    let size = length ?? layout.shape[axis]
    if padding != .none { return try addPadded(list, axis: axis, padding) }
    guard isInOrder(list.shape) else {
      var distances = [Int](repeating: 0, count: list.count ?? 0)
      try convention.add(
        list, axis: axis, size: size, stride: layout.strides[axis], to: &distances)
      forEachPlace(of: list.shape) { place, source in offsets[place] &+= distances[source] }
      return
    }
    // No method: it would have a copy of what it changes.
    try convention.add(
      list, axis: axis, size: size, stride: layout.strides[axis], to: &offsets)
  }

  private mutating func addPadded(
    _ list: IndexList, axis: Int, _ mode: Padding.Mode
  ) throws(RegionError) {
    let padded = PaddedAxis(axis: axis, length: layout.shape[axis], mode: mode)
    let stride = layout.strides[axis]
    let count = list.count ?? 0
    var distances = [Int](repeating: 0, count: count)
    var (areOwn, isOutside) = (
      [Bool](repeating: true, count: count), [Bool](repeating: false, count: count)
    )
    var isAnyForeign = false
    for index in 0..<count {
      let number = list[index]
      switch try padded.source(of: number) {
      case .array: distances[index] = number &* stride
      case .image(let image):
        distances[index] = image &* stride
        (areOwn[index], isAnyForeign) = (false, true)
      case .fill:
        (areOwn[index], isOutside[index], isAnyForeign) = (false, true, true)
      }
    }
    if isAnyForeign {
      if own == nil { own = [Bool](repeating: true, count: offsets.count) }
      if isOutside.contains(true), fillAxes == nil {
        fillAxes = [Int](repeating: -1, count: offsets.count)
      }
    }
    forEachPlace(of: list.shape) { place, source in
      offsets[place] &+= distances[source]
      if !areOwn[source] { own?[place] = false }
      // The last axis counts, and axes come in order.
      if isOutside[source] { fillAxes?[place] = axis }
    }
  }

  /// Adds the elements that a mask takes, from an axis on.
  mutating func add(_ mask: ElementMask, axis: Int) {
    let distances = distances(of: mask, axis: axis)
    if isInOrder([distances.count]) {
      for place in offsets.indices { offsets[place] &+= distances[place] }
    } else {
      forEachPlace(of: [distances.count]) { place, source in
        offsets[place] &+= distances[source]
      }
    }
  }

  /// The distances of the elements that a mask takes, in C order.
  private func distances(of mask: ElementMask, axis: Int) -> [Int] {
    let count = mask.trueCount
    guard let length = mask.shape.last else { return [Int](repeating: 0, count: count) }
    let strides = Array(layout.strides[axis..<axis + mask.shape.count])
    guard count > 0, let last = strides.last else { return [] }
    // One more, so that each element is written and counted only if it is taken.
    var distances = [Int](repeating: 0, count: count + 1)
    var (taken, flag) = (0, 0)
    let flags = mask.flags.span
    while flag < flags.count {
      // To the end of a row of the fastest axis.
      var (rest, distance) = ((mask.start + flag) / length, 0)
      for axis in strides.indices.dropLast().reversed() {
        distance &+= rest % mask.shape[axis] &* strides[axis]
        rest /= mask.shape[axis]
      }
      let first = (mask.start + flag) % length
      let row = min(length - first, flags.count - flag)
      distance &+= first &* last
      for index in flag..<flag + row {
        distances[taken] = distance
        taken &+= flags[index] ? 1 : 0
        distance &+= last
      }
      flag += row
    }
    distances.removeLast()
    return distances
  }

  // MARK: - Broadcasting

  /// Whether the elements of a list of a shape stand in the order of the result, none of them repeated.
  private func isInOrder(_ other: [Int]) -> Bool {
    other == shape && (order == .c || shape.count < 2)
  }

  /// Runs `body` on each place of the result, and on the place of a list that is broadcast there.
  private func forEachPlace(of other: [Int], _ body: (Int, Int) -> Void) {
    // How far the list goes on for each axis of the result.
    var steps = [Int](repeating: 0, count: shape.count)
    var step = 1
    for (index, length) in other.enumerated().reversed() {
      if length != 1 { steps[shape.count - other.count + index] = step }
      step &*= length
    }
    let axes = order == .c ? Array(shape.indices) : shape.indices.reversed()
    var turns = [Int](repeating: 0, count: shape.count)
    var source = 0
    for place in offsets.indices {
      body(place, source)
      for axis in axes.reversed() {
        turns[axis] += 1
        source &+= steps[axis]
        if turns[axis] < shape[axis] { break }
        source &-= steps[axis] &* shape[axis]
        turns[axis] = 0
      }
    }
  }

  // MARK: - The end

  /// The places as those of windows, which have no axis of the list.
  consuming func windows() -> PlaceList { PlaceList(offsets: offsets, axes: 0..<0, shape: []) }

  /// The places as a list.
  ///
  /// - Parameter first: The axis of the result that is the list's first.
  /// - Returns: The list.
  consuming func list(from first: Int) -> PlaceList {
    let axes = first..<first + shape.count
    guard let fillAxes else {
      return PlaceList(offsets: offsets, own: own, axes: axes, shape: shape)
    }
    var (inside, targets, outside): ([Int], [Int], [PlaceList.Outside]) = ([], [], [])
    for place in offsets.indices {
      if fillAxes[place] >= 0 {
        outside.append(PlaceList.Outside(target: place, axis: fillAxes[place]))
      } else {
        inside.append(offsets[place])
        targets.append(place)
      }
    }
    return PlaceList(
      offsets: inside, targets: outside.isEmpty ? nil : targets, outside: outside, own: own,
      axes: axes, shape: shape)
  }
}

extension Region.Convention {
  /// Adds the distances of a list's indices, without a branch for each: few lists have one that is wrong.
  ///
  /// - Parameters:
  ///   - list: The list.
  ///   - axis: The axis, for errors.
  ///   - size: How many indices it has.
  ///   - stride: The bytes from one to the next.
  ///   - sums: What they are added to: one for each index of the list.
  /// - Throws: ``RegionError/indexOutOfRange(axis:index:size:)``.
  fileprivate func add(
    _ list: IndexList, axis: Int, size: Int, stride: Int, to sums: inout [Int]
  ) throws(RegionError) {
    let wrap = self == .numpy ? size : 0
    let (numbers, step) = (list.numbers.span, list.stride)
    var place = list.start
    var farthest: UInt = 0
    var span = sums.mutableSpan
    for index in span.indices {
      let number = numbers[place]
      // A negative number and one that is not have a sum.
      let found = number &+ (number &>> (Int.bitWidth - 1) & wrap)
      farthest = max(farthest, UInt(bitPattern: found))
      span[index] &+= found &* stride
      place &+= step
    }
    guard farthest >= UInt(size), !sums.isEmpty else { return }
    for place in sums.indices { _ = try index(list[place], axis: axis, size: size) }
  }
}
