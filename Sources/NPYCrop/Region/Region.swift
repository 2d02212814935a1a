/// What to take out of an array: a selection for each axis, as in NumPy's basic indexing.
///
/// ```swift
/// let window: Region = [10..<74, 20..<84]           // rows 10 to 73, columns 20 to 83
/// let same = Region(origin: [10, 20], size: [64, 64])
/// let odd: Region = [5, .ellipsis, .slice(by: -2), .newAxis]
/// let text = try Region(numpy: "10:74, ::-1, ..., -1")
/// ```
///
/// Axes are in the order of the shape (z, y, x), never x first. Trailing axes that are not mentioned are taken
/// whole. Swift ranges and indices are strict: negative ones, and those outside the array, are an error. In
/// NumPy text negative indices count from the end, and slices are clamped to the array. On a padded axis
/// neither holds: see ``Padding``.
public struct Region: Hashable, Sendable {
  /// How indices are understood.
  enum Convention: Hashable, Sendable {
    /// As in Swift: everything within the array.
    case strict
    /// As in NumPy: from the end where negative, slices clamped.
    case numpy
  }

  let selections: [AxisSelection]
  let convention: Convention
  /// What was wrong with the numbers the region was made of, to be thrown by the crop.
  let fault: RegionError?
  /// How many axes of an array are selected, those of an ellipsis not counted.
  let selectedCount: Int
  let ellipsisCount: Int
  /// Whether it has lists that are paired, or masks.
  let isPaired: Bool

  init(
    _ selections: [AxisSelection], convention: Convention, fault: RegionError? = nil
  ) {
    self.selections = selections
    self.convention = convention
    self.fault = fault
    var (selected, ellipses, isPaired) = (0, 0, false)
    for selection in selections {
      switch selection.form {
      case .newAxis: break
      case .ellipsis: ellipses += 1
      case .index, .indices, .slice: selected += 1
      case .paired: (selected, isPaired) = (selected + 1, true)
      case .mask(let mask): (selected, isPaired) = (selected + mask.shape.count, true)
      }
    }
    selectedCount = selected
    ellipsisCount = ellipses
    self.isPaired = isPaired
  }

  /// One selection for each axis, in the order of the shape.
  ///
  /// - Parameter axes: As many selections as axes are to be mentioned; the rest are taken whole.
  public init(_ axes: some Sequence<AxisSelection>) {
    self.init(Array(axes), convention: .strict)
  }

  /// One range for each axis, in the order of the shape.
  ///
  /// - Parameter ranges: As many as axes are to be mentioned; the rest are taken whole.
  public init(_ ranges: [Range<Int>]) {
    self.init(ranges.map(\.axisSelection))
  }

  /// A box: `size[k]` elements from index `origin[k]` on along each axis `k`.
  ///
  /// A size that is negative, or another number of sizes than of origins, is an error of the crop.
  ///
  /// - Parameters:
  ///   - origin: The first index along each axis.
  ///   - size: The number of elements along each axis.
  public init(origin: [Int], size: [Int]) {
    guard origin.count == size.count else {
      self.init(
        [], convention: .strict, fault: .rankMismatch(origin: origin.count, size: size.count))
      return
    }
    var selections: [AxisSelection] = []
    selections.reserveCapacity(origin.count)
    for axis in origin.indices {
      let (end, overflow) = origin[axis].addingReportingOverflow(size[axis])
      guard size[axis] >= 0, !overflow else {
        self.init(
          [], convention: .strict,
          fault: .invalidSize(axis: axis, origin: origin[axis], size: size[axis]))
        return
      }
      selections.append(AxisSelection(.slice(from: origin[axis], to: end, by: 1)))
    }
    self.init(selections)
  }

  /// The whole array.
  public static var all: Region { Region([AxisSelection(.ellipsis)]) }
}

extension Region: ExpressibleByArrayLiteral {
  /// One selection for each axis, in the order of the shape.
  public init(arrayLiteral selections: any RegionAxis...) {
    self.init(selections.map { $0.axisSelection })
  }
}

/// Something that selects along one axis of an array: an index, a range, a slice, a list of
/// indices, or one of the words ``RegionAxis/ellipsis`` and ``RegionAxis/newAxis``.
public protocol RegionAxis: Sendable {
  /// The selection.
  var axisSelection: AxisSelection { get }
}

/// A selection along one axis.
public struct AxisSelection: RegionAxis, Hashable, Sendable {
  enum Form: Hashable, Sendable {
    case index(Int)
    case slice(from: Int?, to: Int?, by: Int)
    case indices([Int])
    /// A list that is paired up with the others of the region, element by element.
    indirect case paired(IndexList)
    /// The elements of as many axes as the mask has, which is paired up with the lists.
    indirect case mask(ElementMask)
    case ellipsis
    case newAxis
  }

  let form: Form
  /// Whether an end of a slice is beyond all integers, and stands here as the last of them: NumPy
  /// clamps it, but it is no place.
  let isEndless: Bool

  init(_ form: Form, isEndless: Bool = false) {
    self.form = form
    self.isEndless = isEndless
  }

  /// Whether it has a part in NumPy's pairing of lists.
  var isPaired: Bool {
    switch form {
    case .paired, .mask: true
    case .index, .slice, .indices, .ellipsis, .newAxis: false
    }
  }

  /// The selection itself.
  public var axisSelection: AxisSelection { self }
}

extension RegionAxis where Self == AxisSelection {
  /// The whole axis: NumPy's `:`.
  public static var all: AxisSelection { AxisSelection(.slice(from: nil, to: nil, by: 1)) }

  /// As many whole axes as the other selections leave: NumPy's `...`.
  public static var ellipsis: AxisSelection { AxisSelection(.ellipsis) }

  /// An axis of length 1 that the array does not have: NumPy's `newaxis`.
  public static var newAxis: AxisSelection { AxisSelection(.newAxis) }

  /// Every `step`-th element: NumPy's `from:to:by`.
  ///
  /// - Parameters:
  ///   - from: The first index. If nil, the first of the axis, or its last if `step` is negative.
  ///   - to: The index at which the slice stops, itself excluded. If nil, the slice goes on to the end of the
  ///     axis, or to its start if `step` is negative.
  ///   - step: The distance between elements; negative to go backwards, never 0.
  /// - Returns: The selection; a step of 0 is an error of the crop.
  public static func slice(
    from: Int? = nil, to: Int? = nil, by step: Int = 1
  ) -> AxisSelection {
    AxisSelection(.slice(from: from, to: to, by: step))
  }

  /// The elements at these indices, in this order, repeated where an index is.
  ///
  /// Lists along several axes select their product, as `np.ix_` does; ``RegionAxis/paired(_:)`` pairs them up.
  public static func indices(_ indices: [Int]) -> AxisSelection {
    AxisSelection(.indices(indices))
  }
}

extension Int: RegionAxis {
  /// The element at this index; the axis is dropped.
  public var axisSelection: AxisSelection { AxisSelection(.index(self)) }
}

extension Range: RegionAxis where Bound == Int {
  /// The elements within the range.
  public var axisSelection: AxisSelection {
    AxisSelection(.slice(from: lowerBound, to: upperBound, by: 1))
  }
}

extension ClosedRange: RegionAxis where Bound == Int {
  /// The elements within the range, its last included.
  public var axisSelection: AxisSelection {
    // A range that ends at Int.max is outside every array, or takes all of one as long as that; so does
    // one that ends before it.
    let (end, overflow) = upperBound.addingReportingOverflow(1)
    return AxisSelection(.slice(from: lowerBound, to: overflow ? .max : end, by: 1))
  }
}

extension PartialRangeFrom: RegionAxis where Bound == Int {
  /// The elements from the bound on.
  public var axisSelection: AxisSelection {
    AxisSelection(.slice(from: lowerBound, to: nil, by: 1))
  }
}

extension PartialRangeUpTo: RegionAxis where Bound == Int {
  /// The elements before the bound.
  public var axisSelection: AxisSelection {
    AxisSelection(.slice(from: nil, to: upperBound, by: 1))
  }
}

extension PartialRangeThrough: RegionAxis where Bound == Int {
  /// The elements up to the bound, itself included.
  public var axisSelection: AxisSelection {
    let (end, overflow) = upperBound.addingReportingOverflow(1)
    return AxisSelection(.slice(from: nil, to: overflow ? .max : end, by: 1))
  }
}

extension Region: CustomStringConvertible {
  /// The region as NumPy text, `10:74, ::-1, ..., 3`, or what is wrong with it.
  public var description: String {
    if let fault { return fault.description }
    guard !selections.isEmpty else { return "()" }
    let text = selections.map(\.description).joined(separator: ", ")
    // One pair of brackets around it all means nothing: a list alone needs a second.
    let lists = selections.count { if case .indices = $0.form { true } else { false } }
    if lists > 1, lists == selections.count { return "np.ix_(\(text))" }
    return selections.count == 1 && text.hasPrefix("[") ? "[\(text)]" : text
  }
}

extension AxisSelection: CustomStringConvertible {
  /// The selection as NumPy text.
  public var description: String {
    switch form {
    case .index(let index): return String(index)
    case .slice(let from, let to, let step):
      let ends = "\(from.map { String($0) } ?? ""):\(to.map { String($0) } ?? "")"
      return step == 1 ? ends : "\(ends):\(step)"
    case .indices(let indices):
      return "[\(indices.map { String($0) }.joined(separator: ", "))]"
    case .paired(let list): return list.description
    case .mask(let mask): return mask.description
    case .ellipsis: return "..."
    case .newAxis: return "newaxis"
    }
  }
}
