/// Why a region that fits the array cannot be delivered as it was asked for.
@nonexhaustive
public enum CropError: Error, Hashable, Sendable {
  /// Another element type was asked for than the file has.
  case elementType(found: ElementType, requested: ElementType)

  /// The caller's memory does not have the size of the result.
  case outputSize(needed: Int, available: Int)

  /// A plan was made for another array.
  case foreignPlan
}

extension CropError: CustomStringConvertible {
  /// What was asked, what there is and what to do.
  public var description: String {
    switch self {
    case .elementType(let found, let requested):
      "the file holds \(found.name) (\(found)), \(requested.name) was asked for; "
        + "ask for the file's own type, or for a RawCrop"
    case .outputSize(let needed, let available):
      "the region has \(needed) elements, the memory for it \(available)"
    case .foreignPlan:
      "the plan was made for another array"
    }
  }
}
