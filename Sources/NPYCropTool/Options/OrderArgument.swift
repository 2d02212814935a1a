import ArgumentParser
import NPYCrop

/// A memory order by NumPy's letter.
enum OrderArgument: String, ExpressibleByArgument, CaseIterable {
  case c = "C"
  case fortran = "F"

  var order: MemoryOrder { self == .c ? .c : .fortran }
}
