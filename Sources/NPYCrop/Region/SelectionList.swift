/// What the selections of a region are added to, one axis after the other: a plan, or the layout of a slice.
protocol SelectionList: ~Copyable {
  /// Takes one index along an axis, which the result does not have.
  ///
  /// - Parameters:
  ///   - index: An index of the axis.
  ///   - stride: The bytes from one index of the axis to the next.
  mutating func fix(index: Int, stride: Int)

  /// Adds an axis of the result whose elements lie evenly spaced along an axis of the array.
  ///
  /// - Parameters:
  ///   - count: Its length.
  ///   - start: The index of its first element.
  ///   - step: The distance between its elements: 0 for an axis that is new.
  ///   - stride: The bytes from one index of the array's axis to the next.
  ///   - axis: The array's axis; nil for an axis that is new.
  mutating func append(count: Int, from start: Int, step: Int, stride: Int, axis: Int?)

  /// Adds an axis of the result that takes some elements of an axis.
  ///
  /// - Parameters:
  ///   - numbers: What names them, any numbers.
  ///   - convention: How they do.
  ///   - axis: The array's axis.
  ///   - size: Its length.
  ///   - stride: The bytes from one index of it to the next.
  /// - Throws: ``RegionError`` where a number names no element, or where there can be no list.
  mutating func append(
    elements numbers: [Int], in convention: Region.Convention, axis: Int, size: Int, stride: Int
  ) throws(RegionError)

  /// Adds what is selected along an axis in another way than within the array.
  ///
  /// - Returns: False where the selection is to be added as it is.
  mutating func appendPadded(
    _ selection: AxisSelection, axis: Int, size: Int, stride: Int
  ) throws(RegionError) -> Bool
}

extension SelectionList where Self: ~Copyable {
  @inline(__always)
  mutating func appendPadded(
    _ selection: AxisSelection, axis: Int, size: Int, stride: Int
  ) throws(RegionError) -> Bool { false }

  /// Adds the axes of a region.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - layout: Of which array.
  /// - Throws: ``RegionError`` where the region does not fit the array.
  @inline(__always)
  mutating func add(_ region: borrowing Region, of layout: borrowing ArrayLayout)
    throws(RegionError)
  {
    if let fault = region.fault { throw fault }
    let rank = layout.shape.count
    let expansion = try region.ellipsisLength(rank: rank)
    let convention = region.convention
    var axis = 0
    // Not a copy of each, which would count its references.
    let selections = region.selections.span
    for number in selections.indices {
      try add(
        number, of: selections, axis: &axis, expansion: expansion, convention, layout)
    }
    addRest(from: axis, of: layout)
  }

  /// Adds the axes that a region does not mention, whole.
  @inline(__always)
  mutating func addRest(from first: Int, of layout: borrowing ArrayLayout) {
    var axis = first
    while axis < layout.shape.count {
      appendWhole(axis, of: layout)
      axis += 1
    }
  }

  /// Adds the axes of one of a region's selections.
  @inline(__always)
  mutating func add(
    _ number: Int, of selections: Span<AxisSelection>, axis: inout Int, expansion: Int,
    _ convention: Region.Convention, _ layout: borrowing ArrayLayout
  ) throws(RegionError) {
    if axis < layout.shape.count,
      case let (size, stride) = (layout.shape[axis], layout.strides[axis]),
      try appendPadded(selections[number], axis: axis, size: size, stride: stride)
    {
      axis += 1
      return
    }
    switch selections[number].form {
    case .newAxis:
      append(count: 1, from: 0, step: 0, stride: 0, axis: nil)
    case .ellipsis:
      for _ in 0..<expansion {
        appendWhole(axis, of: layout)
        axis += 1
      }
    case .index(let number):
      fix(
        index: try convention.index(number, axis: axis, size: layout.shape[axis]),
        stride: layout.strides[axis])
      axis += 1
    case .indices(let numbers):
      try append(
        elements: numbers, in: convention, axis: axis, size: layout.shape[axis],
        stride: layout.strides[axis])
      axis += 1
    case .slice(let from, let to, let step):
      let size = layout.shape[axis]
      let walk: (start: Int, count: Int)
      if step == 1, let from, let to, from >= 0, from <= to, to <= size {
        // As nearly all are, and the same in either convention.
        walk = (from, to &- from)
      } else {
        walk = try convention.walk(from: from, to: to, by: step, axis: axis, size: size)
      }
      append(
        count: walk.count, from: walk.start, step: step, stride: layout.strides[axis], axis: axis)
      axis += 1
    case .paired, .mask:
      // Plans take them all together.
      throw .listInSlice(axis: axis)
    }
  }

  @inline(__always)
  private mutating func appendWhole(_ axis: Int, of layout: borrowing ArrayLayout) {
    append(count: layout.shape[axis], from: 0, step: 1, stride: layout.strides[axis], axis: axis)
  }
}
