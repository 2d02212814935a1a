/// Why a region that fits the array cannot be delivered as it was asked for.
@nonexhaustive
public enum CropError: Error, Hashable, Sendable {
  /// Another element type was asked for than the array has.
  case elementType(found: ElementType, requested: ElementType)

  /// No conversion between two types, or none that the rule allows.
  case conversion(found: ElementType, requested: ElementType, casting: Casting)

  /// A scale or a shift for a type other than `float16`, `float32` and `float64`.
  case affineConversion(requested: ElementType)

  /// Text was asked for, and the elements are none.
  case notText(elementType: ElementType)

  /// An element that is no text: a unit of `U` that is no Unicode scalar, or bytes that are no UTF-8.
  case invalidText(element: Int, unit: UInt32?)

  /// Times were asked for, and the elements are none.
  case notTime(elementType: ElementType)

  /// A time that no `Duration` is.
  case inexactTime(TimeValue)

  /// A view or another conversion of elements that are converted already.
  case alreadyConverted(to: ElementType)

  /// A plan of many windows where one of a single window is needed.
  case planOfWindows(count: Int)

  /// Elements viewed as those of a type of another size.
  case viewSize(found: ElementType, requested: ElementType)

  /// The caller's memory does not have the size of the result, in bytes.
  case outputSize(needed: Int, available: Int)

  /// No memory for a result of so many bytes.
  case outOfMemory(byteCount: Int)

  /// A value to pad with that the array's type does not have.
  case fillValue(FillValue, elementType: ElementType)

  /// No field of the elements, which may be no records, has the name.
  case noField(name: String, in: ElementType)

  /// The elements of a region cannot be lent by ``CroppableArray/withSpan(of:_:)``; they can be copied.
  case notLent(LoanObstacle)

  /// The task was cancelled before all was copied.
  case cancelled

  /// A plan was made for an array of another layout.
  case foreignPlan(shape: [Int], planned: [Int])

  /// A plan that pads with a value was made for an array of another type.
  case foreignType(found: ElementType, planned: ElementType)

  /// A plan was made for an array that is converted to another type, by another scale or shift, or not at
  /// all: nil.
  case foreignConversion(planned: ElementType?, found: ElementType?)
}

extension CropError {
  /// Why elements cannot be lent as they lie in the file.
  @nonexhaustive
  public enum LoanObstacle: Hashable, Sendable {
    /// The bytes are read, and not mapped: see ``Access``.
    case notMapped
    /// The mapping was lost while the elements were lent: the file was cut and made longer again, or another
    /// handler took SIGBUS.
    case lost
    /// The elements do not lie one after the other in the order of the result.
    case notContiguous
    /// Some of the region lies outside the array.
    case padded
    /// The elements are converted.
    case converted
    /// The file has the byte order of other machines.
    case byteOrder
    /// The elements are `bool`, of which a file may hold any byte, and Swift only 0 and 1.
    case bool
    /// The first element begins at a byte of the file that is no multiple of the type's alignment.
    case misaligned(offset: Int, alignment: Int)
  }
}

extension CropError: CustomStringConvertible {
  /// What was asked, what there is and what to do.
  public var description: String {
    switch self {
    case .elementType(let found, let requested):
      "the array holds \(found.shown), \(requested.name) was asked for; "
        + (found.number == nil
          ? "ask for a RawCrop, or \(Self.hint(found))"
          : "ask for the array's own type, for a conversion, or for a RawCrop")
    case .conversion(let found, let requested, let casting):
      Self.conversionText(found, requested, casting)
    case .affineConversion(let requested):
      "a scale and a shift are for results of type float16, float32 and float64, \(requested.name) was "
        + "asked for"
    case .notText(let type):
      "the elements are \(type.shown), no text; only the types S and U are"
    case .invalidText(let element, let unit):
      "element \(element) is no text: "
        + (unit.map { "0x\(String($0, radix: 16)) is no Unicode scalar" }
          ?? "its bytes are no UTF-8")
        + "; have it replaced, or take the bytes"
    case .notTime(let type):
      "the elements are \(type.shown), no times; only the types M8 and m8 are"
    case .inexactTime(let time):
      time.isNaT
        ? "NaT is no time"
        : "\(time.ticks) of the unit '\(time.unit.multiple)\(time.unit.base.rawValue)' is no exact length "
          + "of time that a Duration holds; take the ticks"
    case .alreadyConverted(let type):
      "the elements are converted to \(type.name) already; ask for this of the array before its conversion"
    case .planOfWindows(let count):
      "the plan is of \(count) windows; use cropRegions"
    case .viewSize(let found, let requested):
      "elements of \(found.itemSize) bytes (\(found)) cannot be viewed as \(requested.name), which has "
        + "\(requested.itemSize); ask for a type of the same size"
    case .outputSize(let needed, let available):
      "the region has \(needed) bytes, the memory for it \(available)"
    case .outOfMemory(let byteCount):
      "no memory for a result of \(byteCount) bytes; ask for a smaller region, or crop it in slabs"
    case .fillValue(let value, let type):
      "the padding value \(value) is none of \(type.shown); give one of that type"
    case .noField(let name, let type):
      type.fields.isEmpty
        ? "no field '\(name.prefix(60))' in \(type.shown), which is no record"
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
    guard let target = requested.number else { return "\(text), which is no type of numbers" }
    guard target.isTarget || target == found.number else {
      return "\(text), which is read but not made; ask for float32 or float64"
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
    case .notMapped: "the file is read, and not mapped"
    case .lost:
      "the mapping was lost meanwhile; the file was cut and made longer again, or SIGBUS went to another handler"
    case .notContiguous: "they are not contiguous in the file in the order of the result"
    case .padded: "some of them are padding"
    case .converted: "they are converted"
    case .byteOrder: "the file does not have the byte order of this machine"
    case .bool: "bytes of a file other than 0 and 1 are no Bool"
    case .misaligned(let offset, let alignment):
      "the first one begins at byte \(offset) of the file, which is no multiple of \(alignment)"
    }
  }
}
