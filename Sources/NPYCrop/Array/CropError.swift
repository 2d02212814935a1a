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
