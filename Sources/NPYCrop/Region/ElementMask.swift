/// Which elements of some axes are taken: a boolean array of NumPy's indexing, or a part of one.
struct ElementMask: Hashable, Sendable {
  /// The lengths of the axes that it is for.
  let shape: [Int]
  /// The place of the first flag among all elements in C order; those before it are not taken.
  let start: Int
  /// For each element from there on whether it is taken; those after the last are not.
  let flags: [Bool]
  /// Whether there may be fewer flags than elements.
  private let isPart: Bool

  /// How many elements are taken.
  let trueCount: Int

  /// A mask that has a flag for each element.
  init(shape: [Int], flags: [Bool]) {
    self.init(shape: shape, start: 0, flags: flags, isPart: false)
  }

  /// The part of a mask from an element on.
  init(partOf shape: [Int], from start: Int, flags: [Bool]) {
    self.init(shape: shape, start: start, flags: flags, isPart: true)
  }

  private init(shape: [Int], start: Int, flags: [Bool], isPart: Bool) {
    self.shape = shape
    self.start = start
    self.flags = flags
    self.isPart = isPart
    trueCount = Self.trueCount(flags)
  }

  /// Whether there are as many flags as elements; of a part no more.
  var isValid: Bool {
    guard !shape.contains(where: { $0 < 0 }), let count = checkedProduct(shape), start >= 0,
      start <= count
    else { return false }
    return isPart ? flags.count <= count - start : flags.count == count
  }

  /// How many flags are true.
  static func trueCount(_ flags: [Bool]) -> Int {
    var count = 0
    for flag in flags { count &+= flag ? 1 : 0 }
    return count
  }
}

extension ElementMask: CustomStringConvertible {
  /// The mask as NumPy text, nested as the array is; of a large one, and of one without elements, its shape.
  var description: String {
    guard !isPart, isValid, !flags.isEmpty, !shape.isEmpty,
      let text = nestedText(shape, count: flags.count, item: { flags[$0] ? "True" : "False" })
    else { return "mask of shape \(tupleText(shape))" }
    return text
  }
}
