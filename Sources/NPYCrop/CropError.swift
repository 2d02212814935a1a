/// Why a region that fits the array cannot be delivered as it was asked for.
@nonexhaustive
public enum CropError: Error, Hashable, Sendable {
  /// Another element type was asked for than the file has.
  case elementType(found: ElementType, requested: ElementType)

  /// No conversion between two types, or none that the rule allows.
  case conversion(found: ElementType, requested: ElementType, casting: Casting)

  /// A scale or an offset for a type that is no floating-point number.
  case affineConversion(requested: ElementType)

  /// Text was asked for, and the elements are none.
  case notText(elementType: ElementType)

  /// An element that is no text: a unit of `U` that is no Unicode scalar, or bytes that are no UTF-8.
  case invalidText(element: Int, unit: UInt32?)

  /// Times were asked for, and the elements are none.
  case notTime(elementType: ElementType)

  /// A time that no `Duration` is.
  case inexactTime(TimeValue)

  /// Elements viewed as those of a type of another size.
  case viewSize(found: ElementType, requested: ElementType)

  /// The caller's memory does not have the size of the result, in bytes.
  case outputSize(needed: Int, available: Int)

  /// No memory for a result of so many bytes.
  case outOfMemory(byteCount: Int)

  /// A value to pad with that the array's type does not have.
  case fillValue(FillValue, elementType: ElementType)

  /// No field of the array's records has the name.
  case noField(name: String, fields: [String])

  /// The task was cancelled between two windows of a batch.
  case cancelled

  /// A plan was made for an array of another layout.
  case foreignPlan(shape: [Int], planned: [Int])

  /// A plan that converts, or pads with a value, was made for an array of another type.
  case foreignType(found: ElementType, planned: ElementType)
}

extension CropError: CustomStringConvertible {
  /// What was asked, what there is and what to do.
  public var description: String {
    switch self {
    case .elementType(let found, let requested):
      "the file holds \(found.name) (\(found)), \(requested.name) was asked for; "
        + "ask for the file's own type, for a conversion, or for a RawCrop"
    case .conversion(let found, let requested, let casting):
      found.number == nil || requested.number == nil
        ? "no conversion from \(found.name) (\(found)) to \(requested.name); only numbers have one"
        : "\(found.name) (\(found)) cannot be cast to \(requested.name) by the rule "
          + "'\(casting.rawValue)'; ask for a wider type, or allow another rule"
    case .affineConversion(let requested):
      "a scale and an offset are for floating-point results, \(requested.name) was asked for"
    case .notText(let type):
      "the elements are \(type.name) (\(type)), no text; only the types S and U are"
    case .invalidText(let element, let unit):
      "element \(element) is no text: "
        + (unit.map { "0x\(String($0, radix: 16)) is no Unicode scalar" }
          ?? "its bytes are no UTF-8")
        + "; have it replaced, or take the bytes"
    case .notTime(let type):
      "the elements are \(type.name) (\(type)), no times; only the types M8 and m8 are"
    case .inexactTime(let time):
      time.isNaT
        ? "NaT is no time"
        : "\(time.ticks) of the unit '\(time.unit.multiple)\(time.unit.base.rawValue)' is no exact length "
          + "of time that a Duration holds; take the ticks"
    case .viewSize(let found, let requested):
      "elements of \(found.itemSize) bytes (\(found)) cannot be viewed as \(requested.name), which has "
        + "\(requested.itemSize)"
    case .outputSize(let needed, let available):
      "the region has \(needed) bytes, the memory for it \(available)"
    case .outOfMemory(let byteCount):
      "no memory for a result of \(byteCount) bytes; ask for a smaller region, or crop it in slabs"
    case .fillValue(let value, let type):
      "the padding value \(value) is no \(type.name) (\(type)); give one of the file's type"
    case .noField(let name, let fields):
      fields.isEmpty
        ? "no field '\(name.prefix(60))': the elements are no records"
        : "no field '\(name.prefix(60))'; the fields are \(Self.list(fields))"
    case .cancelled:
      "the task was cancelled before all windows were cropped"
    case .foreignType(let found, let planned):
      "the plan was made for \(planned.name) (\(planned)), this array holds \(found.name) (\(found)); "
        + "plan the region for this array"
    case .foreignPlan(let shape, let planned):
      "the plan was made for an array of shape \(tupleText(planned)) in another layout, this one "
        + "has shape \(tupleText(shape)); plan the region for this array"
    }
  }

  /// Some names for a message.
  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(12).map { "'\($0.prefix(40))'" }.joined(separator: ", ")
    return names.count > 12 ? "\(shown) and \(names.count - 12) more" : shown
  }
}
