/// An array of indices along one axis, as in NumPy's advanced indexing.
///
/// Lists may share one collection of numbers: those of the coordinates of points, which are never copied.
struct IndexList: Hashable, Sendable {
  /// The numbers, of which some are the list's.
  let numbers: [Int]
  /// Where the first one stands.
  let start: Int
  /// How far the next one stands from it.
  let stride: Int
  /// The shape of the array.
  let shape: [Int]

  /// All numbers of a collection.
  init(_ numbers: [Int]) {
    self.init(numbers, shape: [numbers.count])
  }

  /// All numbers of a collection, as an array of a shape in C order.
  init(_ numbers: [Int], shape: [Int]) {
    (self.numbers, self.shape) = (numbers, shape)
    (start, stride) = (0, 1)
  }

  /// The coordinates along one axis of points that stand one after the other.
  ///
  /// - Parameters:
  ///   - axis: Which of the coordinates of each point.
  ///   - rank: The number of coordinates of a point.
  ///   - coordinates: A whole number of points.
  init(axis: Int, ofRank rank: Int, in coordinates: [Int]) {
    numbers = coordinates
    (start, stride) = (axis, rank)
    shape = [coordinates.count / rank]
  }

  /// The number of indices; nil where the shape is not that of the numbers.
  var count: Int? {
    guard !shape.contains(where: { $0 < 0 }), let count = checkedProduct(shape),
      stride > 1 || count == numbers.count
    else { return nil }
    return count
  }

  /// The index at a place of the flat array.
  subscript(place: Int) -> Int { numbers[start &+ place &* stride] }
}

extension IndexList: CustomStringConvertible {
  /// The list as NumPy text, nested as the array is; of a long one the first numbers.
  var description: String {
    guard let count, let text = nestedText(shape, count: count, item: { String(self[$0]) }) else {
      return "[\((numbers.prefix(3).map { String($0) } + ["…"]).joined(separator: ", "))]"
    }
    return text
  }
}

/// An array as NumPy text; nil where it is too long to be read.
///
/// - Parameters:
///   - shape: Lengths that are not negative.
///   - count: The number of elements.
///   - item: The text of an element, by its place in C order.
/// - Returns: The text, with brackets for each axis.
func nestedText(_ shape: [Int], count: Int, item: (Int) -> String) -> String? {
  // An array without elements has brackets all the same.
  guard let brackets = checkedProduct(shape.map { max($0, 1) }), brackets <= 1000 else {
    return nil
  }
  return nestedText(shape[...], of: (0..<count).map(item)[...])
}

private func nestedText(_ shape: ArraySlice<Int>, of items: ArraySlice<String>) -> String {
  guard let length = shape.first else { return items.first ?? "" }
  guard length > 0 else { return "[]" }
  let inner = items.count / length
  let parts = (0..<length).map { index in
    let start = items.startIndex + index * inner
    return nestedText(shape.dropFirst(), of: items[start..<start + inner])
  }
  return "[\(parts.joined(separator: ", "))]"
}
