/// As many axes as NumPy 2 has (`NPY_MAXDIMS`).
let mostAxes = 64

/// The order in which the elements of an array follow each other.
public enum MemoryOrder: String, Hashable, Sendable {
  /// The last axis is contiguous, as in C.
  case c = "C"
  /// The first axis is contiguous, as in Fortran.
  case fortran = "F"
}

/// The product of lengths that are not negative; nil where it passes `Int.max`.
///
/// A zero makes the product zero whatever the other lengths are, as it does the array.
func checkedProduct(_ factors: [Int]) -> Int? {
  guard !factors.contains(0) else { return 0 }
  var product = 1
  for factor in factors {
    let (value, overflow) = product.multipliedReportingOverflow(by: factor)
    guard !overflow else { return nil }
    product = value
  }
  return product
}

/// A shape as Python prints it: `()`, `(3,)`, `(3, 4)`.
func tupleText(_ lengths: [Int]) -> String {
  guard lengths.count != 1 else { return "(\(lengths[0]),)" }
  return "(" + lengths.map { String($0) }.joined(separator: ", ") + ")"
}
