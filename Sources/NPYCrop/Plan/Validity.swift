/// Which elements of a result are those of the array that the region names, and do not stand for
/// places outside: a product of selections along the axes, as the result itself.
enum Validity: Hashable, Sendable {
  case whole
  case part([AxisSelection])
  case none

  /// The part as a region of the result; nil where there are no such elements.
  func region(shape: [Int]) -> Region? {
    switch self {
    case .none: nil
    case .part(let axes): Region(axes)
    case .whole:
      shape.contains(0) ? nil : Region(origin: shape.map { _ in 0 }, size: shape)
    }
  }

  /// For each element whether it is such a one.
  ///
  /// - Throws: ``CropError/outOfMemory(byteCount:)``.
  func mask(shape: [Int], order: MemoryOrder) throws(CropError) -> [Bool] {
    guard let count = checkedProduct(shape), canAllocate(byteCount: count) else {
      throw .outOfMemory(byteCount: checkedProduct(shape) ?? .max)
    }
    guard case .part(let axes) = self, count > 0 else {
      return [Bool](repeating: self == .whole, count: count)
    }
    // From the fastest axis outwards: what is there is repeated for each index of the next.
    var mask = [true]
    mask.reserveCapacity(count)
    for axis in order == .c ? Array(shape.indices.reversed()) : Array(shape.indices) {
      let block = mask
      let valid = Self.flags(axes[axis], length: shape[axis])
      mask.removeAll(keepingCapacity: true)
      for isValid in valid {
        if isValid {
          mask += block
        } else {
          mask += repeatElement(false, count: block.count)
        }
      }
    }
    return mask
  }

  /// Which indices of an axis a selection has.
  private static func flags(_ selection: AxisSelection, length: Int) -> [Bool] {
    var flags = [Bool](repeating: false, count: length)
    switch selection.form {
    case .slice(let from, let to, _):
      for index in (from ?? 0)..<(to ?? length) { flags[index] = true }
    case .indices(let indices):
      for index in indices { flags[index] = true }
    case .index, .ellipsis, .newAxis: break
    }
    return flags
  }
}

extension CropPlan {
  /// The part of the result that is the array's own, as a region of the result; the rest is padding.
  ///
  /// Nil where nothing is the array's own.
  public var validRegion: Region? { validity.region(shape: shape) }

  /// Which elements of the result are the array's own.
  var validity: Validity {
    if isFixedOutside { return .none }
    var isWhole = true
    for index in 0..<segments.count where segments[index].origin != .array { isWhole = false }
    guard !isWhole else { return .whole }
    var selections: [AxisSelection] = []
    for axis in 0..<axes.count {
      let own = segments(ofAxis: axis).filter { $0.origin == .array }
      guard let first = own.first, elementCount > 0 else { return .none }
      if own.count == 1 {
        selections.append(.slice(from: first.outputStart, to: first.outputEnd))
      } else {
        selections.append(.indices(own.flatMap { Array($0.outputStart..<$0.outputEnd) }))
      }
    }
    return .part(selections)
  }
}
