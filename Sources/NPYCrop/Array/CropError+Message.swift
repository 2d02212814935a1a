extension CropError: CustomStringConvertible {
  /// What was asked, what there is and what to do.
  public var description: String {
    switch self {
    case .elementType(let found, let requested):
      "the array holds \(found.shown), but \(requested.name) was asked for; "
        + (found.number == nil
          ? "ask for a RawCrop, or \(Self.hint(found))"
          : "ask for the array's own type, for a conversion, or for a RawCrop")
    case .conversion(let found, let requested, let casting):
      Self.conversionText(found, requested, casting)
    case .affineConversion(let requested):
      "scale and shift need a result of type float16, float32 or float64, but \(requested.name) was "
        + "asked for"
    case .notText(let type):
      "the elements are \(type.shown), which is not a text type; the text types are S and U"
    case .invalidText(let element, let unit):
      "element \(element) is not valid text: "
        + (unit.map { "0x\(String($0, radix: 16)) is not a Unicode scalar" }
          ?? "its bytes are not UTF-8")
        + "; use strings(invalid: .replacement), or take the bytes"
    case .notTime(let type):
      "the elements are \(type.shown), which is not a time type; the time types are M8 and m8"
    case .inexactTime(let time):
      time.isNaT
        ? "NaT has no duration"
        : "\(time.ticks) of the unit '\(time.unit.multiple)\(time.unit.base.rawValue)' cannot be converted "
          + "exactly to a Duration; use the ticks"
    case .alreadyConverted(let type):
      "the elements are already converted to \(type.name); do this before the conversion"
    case .planOfWindows(let count):
      "the plan has \(count) windows; use cropRegions"
    case .viewSize(let found, let requested):
      "elements of \(found.itemSize) bytes (\(found)) cannot be viewed as \(requested.name), which has "
        + "\(requested.itemSize); ask for a type of the same size"
    case .outputSize(let needed, let available):
      "the result needs \(needed) bytes, but the output has \(available)"
    case .outOfMemory(let byteCount):
      "no memory for a result of \(byteCount) bytes; ask for a smaller region, or crop it in slabs"
    case .fillValue(let value, let type):
      "the fill value \(value) is not a value of \(type.shown); give a value of that type"
    case .noField(let name, let type):
      type.fields.isEmpty
        ? "no field '\(name.prefix(60))' in \(type.shown), which is not a record"
        : "no field '\(name.prefix(60))'; the fields are \(Self.list(type.fields)); "
          + "ask for one of them at a time"
    case .notLent(let obstacle):
      "the elements cannot be lent: \(obstacle); copy them with cropRegion"
    case .cancelled:
      "the task was cancelled before all was copied"
    case .foreignType(let found, let planned):
      "the plan was made for \(planned.shown), this array holds \(found.shown); "
        + "plan the region for this array"
    case .foreignConversion(let planned, let found):
      "the plan was made for an array that is \(Self.conversionName(planned)), this one is "
        + "\(Self.conversionName(found))\(planned == found ? " by another scale or shift" : ""); "
        + "plan the region for this array"
    case .foreignPlan(let shape, let planned):
      "the plan was made for an array of shape \(tupleText(planned)) in another layout, this one "
        + "has shape \(tupleText(shape)); plan the region for this array"
    }
  }

  private static func conversionName(_ target: ElementType?) -> String {
    target.map { "converted to \($0.shown)" } ?? "not converted"
  }

  private static func conversionText(
    _ found: ElementType, _ requested: ElementType, _ casting: Casting
  ) -> String {
    let text = "no conversion from \(found.shown) to \(requested.name)"
    guard found.number != nil else { return "\(text): \(hint(found))" }
    guard let target = requested.number else { return "\(text), which is not a numeric type" }
    guard target.isTarget || target == found.number else {
      return "\(text), which can be read but is not a type of results; ask for float32 or float64"
    }
    let wider = Casting.allCases.first { $0.allows(found, to: requested) } ?? .unsafe
    return "\(found.shown) cannot be cast to \(requested.name) by the rule "
      + "'\(casting.rawValue)'; allow the rule '\(wider.rawValue)', or ask for a wider type"
  }

  /// What is to be done about elements that are no numbers.
  private static func hint(_ type: ElementType) -> String {
    switch (type.kind, type.itemSize) {
    case (.record, _): "take one of its fields"
    case (.datetime64, _), (.timedelta64, _): "view it as int64 to have the ticks"
    case (.void, 2): "if these are bfloat16, view it as that"
    case (.void, 1), (.float, 1): "if these are float8_e4m3fn or float8_e5m2, view it as that"
    case (.bytes, _), (.str, _): "take the text of a raw crop"
    default: "take the bytes"
    }
  }

  /// The names of some fields for a message.
  private static func list(_ fields: [ElementType.Field]) -> String {
    let shown = fields.prefix(12).map { "'\($0.name.prefix(40))'" }.joined(separator: ", ")
    return fields.count > 12 ? "\(shown) and \(fields.count - 12) more" : shown
  }
}

extension ElementType {
  /// The type for a message: by its name and as a header has it, or as a record.
  fileprivate var shown: String {
    fields.isEmpty ? "\(name) (\(self))" : "a record of \(fields.count) fields"
  }
}

extension CropError.LoanObstacle: CustomStringConvertible {
  /// What is in the way.
  public var description: String {
    switch self {
    case .memoryBudget: "they exceed the array's memory budget"
    case .notMapped: "the file is read with pread, not mapped"
    case .lost:
      "the mapping was lost: the file was cut and made longer again, or SIGBUS went to another handler"
    case .notContiguous: "they are not contiguous in the file in the order of the result"
    case .padded: "some of them are padding"
    case .converted: "they are converted"
    case .byteOrder: "the file does not have the byte order of this machine"
    case .bool: "a bool in a file may be a byte other than 0 and 1"
    case .misaligned(let offset, let alignment):
      "the first one begins at byte \(offset) of the file, which is not a multiple of \(alignment)"
    }
  }
}
