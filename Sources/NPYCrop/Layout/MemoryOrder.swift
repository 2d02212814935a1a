/// As many axes as NumPy 2 has (`NPY_MAXDIMS`).
let mostAxes = 64

/// The order in which the elements of an array follow each other.
public enum MemoryOrder: String, Hashable, Sendable {
  /// The last axis is contiguous, as in C.
  case c = "C"
  /// The first axis is contiguous, as in Fortran.
  case fortran = "F"
}

/// A shape as Python prints it: `()`, `(3,)`, `(3, 4)`.
func tupleText(_ lengths: [Int]) -> String {
  guard lengths.count != 1 else { return "(\(lengths[0]),)" }
  return "(" + lengths.map { String($0) }.joined(separator: ", ") + ")"
}
