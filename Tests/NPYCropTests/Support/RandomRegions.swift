@testable import NPYCrop

/// Regions, padding and conversions of any numbers, more or less made for an array of a shape.
extension SeededRandom {
  /// A selection along an axis of a length.
  mutating func selection(length: Int) -> AxisSelection {
    switch below(12) {
    case 0: return .newAxis
    case 1: return number(near: length).axisSelection
    case 2: return isRare() ? 0.axisSelection : AxisSelection(.index(below(8)))
    case 3:
      // Long lists only where they are of the same place: those of many places are as many segments.
      if isRare() { return .indices([Int](repeating: number(near: length), count: 3000)) }
      return .indices(numbers(below(6), near: length))
    case 4: return .indices((0..<below(6)).map { _ in below(max(min(length, 1000), 1)) })
    case 5:
      let start = number(near: length)
      return (start...max(start, number(near: length))).axisSelection
    case 6: return isRare() ? (...number()).axisSelection : .all
    case 7: return (below(4)..<4 + below(4)).axisSelection
    case 8:
      // A few places anywhere.
      let start = number(near: length)
      let (end, overflow) = start.addingReportingOverflow(below(20))
      return .slice(from: start, to: overflow ? start : end)
    case 9:
      // All places that there are, or nearly.
      let (first, last) = (below(3) - 1 << 61, 1 << 61)
      let ends = (from: -last + below(3) - 1, to: last + below(4) - 1)
      if isRare() { return .slice(from: ends.to, to: ends.from, by: -1) }
      return .slice(from: first < 0 ? ends.from : first, to: ends.to, by: 1 + below(3))
    default:
      let step = isRare() ? 0 : one(of: [1, 1, -1, below(7) - 3, number(near: length)])
      return .slice(
        from: below(4) == 0 ? nil : number(near: length),
        to: below(4) == 0 ? nil : number(near: length), by: step)
    }
  }

  /// A region of selections for the axes of a shape, or for some, or for more.
  mutating func region(shape: [Int]) -> Region {
    switch below(16) {
    case 0: return Region(origin: numbers(shape.count), size: numbers(rank()))
    case 1: return Region(origin: numbers(shape.count), size: numbers(shape.count))
    case 2: return Region(center: numbers(shape.count), size: numbers(shape.count))
    default: break
    }
    var selections = shape.map { selection(length: $0) }
    if isRare() { selections = selections.dropLast() + [.ellipsis] }
    if isRare() { selections += [selection(length: 4), .newAxis] }
    if isRare() { selections += [AxisSelection](repeating: .newAxis, count: below(70)) }
    let convention: Region.Convention = below(3) == 0 ? .numpy : .strict
    return Region(selections, convention: convention)
  }

  /// A mode for each of so many axes; of all the same value, if one.
  mutating func modes(_ count: Int, value: FillValue) -> [Padding.Mode] {
    let choices: [Padding.Mode] = [
      .none, .constant(value), .edge, .reflect, .symmetric, .wrap,
    ]
    let uniform = one(of: choices)
    return below(3) == 0
      ? (0..<count).map { _ in one(of: choices) } : [Padding.Mode](repeating: uniform, count: count)
  }
}
