/// Which elements of some axes are taken: a boolean array of NumPy's indexing, or a part of one.
struct ElementMask: Hashable, Sendable {
  /// The lengths of the axes that it is for.
  let shape: [Int]
  /// The place of the first flag among all elements in C order; those before it are not taken.
  let start: Int
  /// For each element from there on whether it is taken; those after the last are not.
  let flags: [Bool]

  /// How many elements are taken.
  let trueCount: Int

  init(shape: [Int], start: Int, flags: [Bool]) {
    self.shape = shape
    self.start = start
    self.flags = flags
    trueCount = Self.trueCount(flags)
  }

  /// Whether there are no more flags than elements.
  var isValid: Bool {
    guard !shape.contains(where: { $0 < 0 }), let count = checkedProduct(shape), start >= 0,
      start <= count
    else { return false }
    return flags.count <= count - start
  }

  /// How many flags are true.
  static func trueCount(_ flags: [Bool]) -> Int {
    var count = 0
    for flag in flags { count &+= flag ? 1 : 0 }
    return count
  }
}

extension ElementMask: CustomStringConvertible {
  /// The mask as NumPy text; of a large one its shape.
  var description: String {
    guard shape.count == 1, flags.count == shape[0], flags.count <= 1000 else {
      return "mask of shape \(tupleText(shape))"
    }
    return "[\(flags.map { $0 ? "True" : "False" }.joined(separator: ", "))]"
  }
}
