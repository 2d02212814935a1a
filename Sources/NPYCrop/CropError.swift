/// Why a region that fits the array cannot be delivered as it was asked for.
@nonexhaustive
public enum CropError: Error, Hashable, Sendable {
  /// Another element type was asked for than the file has.
  case elementType(found: ElementType, requested: ElementType)

  /// The caller's memory does not have the size of the result, in bytes.
  case outputSize(needed: Int, available: Int)

  /// No memory for a result of so many bytes.
  case outOfMemory(byteCount: Int)

  /// A value to pad with that the array's type does not have.
  case fillValue(FillValue, elementType: ElementType)

  /// The task was cancelled between two windows of a batch.
  case cancelled

  /// A plan was made for an array of another layout.
  case foreignPlan(shape: [Int], planned: [Int])

  /// A plan that pads with a value was made for an array of another type.
  case foreignFill(found: ElementType, planned: ElementType)
}

extension CropError: CustomStringConvertible {
  /// What was asked, what there is and what to do.
  public var description: String {
    switch self {
    case .elementType(let found, let requested):
      "the file holds \(found.name) (\(found)), \(requested.name) was asked for; "
        + "ask for the file's own type, or for a RawCrop"
    case .outputSize(let needed, let available):
      "the region has \(needed) bytes, the memory for it \(available)"
    case .outOfMemory(let byteCount):
      "no memory for a result of \(byteCount) bytes; ask for a smaller region, or crop it in slabs"
    case .fillValue(let value, let type):
      "the padding value \(value) is no \(type.name) (\(type)); give one of the file's type"
    case .cancelled:
      "the task was cancelled before all windows were cropped"
    case .foreignFill(let found, let planned):
      "the plan pads with a \(planned.name) (\(planned)), this array holds \(found.name) (\(found)); "
        + "plan the region for this array"
    case .foreignPlan(let shape, let planned):
      "the plan was made for an array of shape \(tupleText(planned)) in another layout, this one "
        + "has shape \(tupleText(shape)); plan the region for this array"
    }
  }
}
