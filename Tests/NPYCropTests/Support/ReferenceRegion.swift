@testable import NPYCrop

/// What a region takes of an array, computed with numbers of 128 bits, which nothing here overflows.
struct ReferenceRegion {
  /// What is taken along an axis of the array, or along one that it does not have.
  struct Axis {
    /// The axis of the array.
    let axis: Int?
    /// Whether the result has the axis.
    let isKept: Bool
    let count: Int128
    /// Whether an end of a slice is no index of the axis, and nothing says what that should mean.
    var isOutside = false
    /// The place at an index of the result's axis.
    let place: (Int128) -> Int128
  }

  let shape: [Int]
  let modes: [Padding.Mode]
  let axes: [Axis]

  /// - Returns: Nil for a region of more axes than the array has, of several ellipses or of a step of 0,
  ///   which are errors whatever the numbers are.
  init?(_ region: Region, shape: [Int], modes: [Padding.Mode]) {
    var taken: [AxisSelection?] = []
    for selection in region.selections {
      if case .ellipsis = selection.form { taken.append(nil) } else { taken.append(selection) }
    }
    let named = taken.count { if case .newAxis? = $0?.form { false } else { $0 != nil } }
    guard region.fault == nil, named <= shape.count, taken.count(where: { $0 == nil }) <= 1 else {
      return nil
    }
    let rest = [AxisSelection](repeating: .all, count: shape.count - named)
    if let ellipsis = taken.firstIndex(where: { $0 == nil }) {
      taken.replaceSubrange(ellipsis...ellipsis, with: rest)
    } else {
      taken += rest
    }
    var axis = 0
    var axes: [Axis] = []
    for selection in taken.compactMap(\.self) {
      if case .newAxis = selection.form {
        axes.append(Axis(axis: nil, isKept: true, count: 1) { _ in 0 })
        continue
      }
      guard
        let found = Self.axis(
          selection, axis, Int128(shape[axis]), isNumPy: region.convention == .numpy,
          isPadded: modes[axis] != .none)
      else { return nil }
      axes.append(found)
      axis += 1
    }
    self.shape = shape
    self.modes = modes
    self.axes = axes
  }

  private static func axis(
    _ selection: AxisSelection, _ axis: Int, _ size: Int128, isNumPy: Bool, isPadded: Bool
  ) -> Axis? {
    func index(_ number: Int) -> Int128 {
      isNumPy && !isPadded && number < 0 ? Int128(number) + size : Int128(number)
    }
    switch selection.form {
    case .index(let number):
      return Axis(axis: axis, isKept: false, count: 1) { _ in index(number) }
    case .indices(let numbers):
      return Axis(axis: axis, isKept: true, count: Int128(numbers.count)) { place in
        index(numbers[Int(place)])
      }
    case .slice(_, _, 0), .ellipsis, .newAxis, .paired, .mask:
      return nil
    case .slice(let from, let to, let by):
      let step = Int128(by)
      let isForward = step > 0
      let (low, high): (Int128, Int128) = isForward ? (0, size) : (-1, size - 1)
      var (start, end) = isForward ? (low, high) : (high, low)
      // As NumPy does, and within the axis it makes no difference.
      if let from { start = isPadded ? Int128(from) : min(max(index(from), low), high) }
      if let to { end = isPadded ? Int128(to) : min(max(index(to), low), high) }
      let isInside = [from, to].allSatisfy { $0.map { (0...size).contains(Int128($0)) } ?? true }
      let distance = isForward ? end - start : start - end
      let pace = step.magnitude
      let count = distance > 0 ? (UInt128(distance) + pace - 1) / pace : 0
      return Axis(
        axis: axis, isKept: true, count: Int128(count),
        isOutside: !isNumPy && !isPadded && !isInside
      ) { start + $0 * step }
    }
  }

  /// Whether the region is an error, since it leaves the array and may not.
  var isOutside: Bool { axes.contains(where: \.isOutside) }

  /// The lengths of the result.
  var resultShape: [Int128] { axes.filter(\.isKept).map(\.count) }

  /// Whether a place that is taken of an axis of the array fulfils a condition: any of a list, the first
  /// or the last of a slice.
  func hasPlace(ofAxis number: Int, where condition: (Int128) -> Bool) -> Bool {
    axes.contains { axis in
      guard axis.axis == number, axis.count > 0 else { return false }
      return (0..<min(axis.count, 4000)).contains { condition(axis.place($0)) }
        || condition(axis.place(axis.count - 1))
    }
  }

  /// The index of an element that stands at a place; the length of the axis for a value.
  private func index(_ place: Int128, _ axis: Int) -> Int {
    let length = Int128(shape[axis])
    guard !(0..<length).contains(place) else { return Int(place) }
    func modulo(_ period: Int128) -> Int128 { ((place % period) + period) % period }
    switch modes[axis] {
    case .edge: return place < 0 ? 0 : Int(length - 1)
    case .wrap: return Int(modulo(length))
    case .symmetric:
      let phase = modulo(2 * length)
      return Int(phase < length ? phase : 2 * length - 1 - phase)
    case .reflect:
      let phase = modulo(max(2 * length - 2, 1))
      return Int(phase < length ? phase : 2 * length - 2 - phase)
    default: return Int(length)
    }
  }

  /// The result, element by element, of an array whose elements are known.
  ///
  /// Along each axis the array has an index more, at which its value stands.
  func crop(
    of data: [UInt8], itemSize: Int, isFortran: Bool, value: [UInt8], fortranResult: Bool
  ) -> (shape: [Int], bytes: [UInt8]) {
    let wider = shape.map { $0 + 1 }
    var elements: [UInt8] = []
    for place in 0..<wider.reduce(1, *) {
      var (rest, source, stride, isOutside) = (place, 0, 1, false)
      // The same order as the array's own: its fastest axis first.
      for axis in isFortran ? Array(shape.indices) : shape.indices.reversed() {
        let index = rest % wider[axis]
        rest /= wider[axis]
        isOutside = isOutside || index == shape[axis]
        source += index * stride
        stride *= shape[axis]
      }
      elements += isOutside ? value : Array(data[source * itemSize..<(source + 1) * itemSize])
    }
    let oracle = Oracle(shape: wider, isFortran: isFortran, itemSize: itemSize, data: elements)
    return oracle.crop(
      axes.map { axis in
        guard let number = axis.axis else { return .new }
        let indices = (0..<axis.count).map { index(axis.place($0), number) }
        return axis.isKept ? .taken(indices) : .fixed(indices[0])
      }, fortranResult: fortranResult)
  }
}
