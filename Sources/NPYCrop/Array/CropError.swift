/// Why the result of a valid region cannot be delivered as it was asked for.
@nonexhaustive
public enum CropError: Error, Hashable, Sendable {
  /// The element type that was asked for is not the array's.
  case elementType(found: ElementType, requested: ElementType)

  /// There is no conversion between the two types, or the casting rule does not allow it.
  case conversion(found: ElementType, requested: ElementType, casting: Casting)

  /// A scale or a shift for a type other than `float16`, `float32` and `float64`.
  case affineConversion(requested: ElementType)

  /// Text was asked for, but the elements are not text.
  case notText(elementType: ElementType)

  /// An element that is not valid text: a unit of `U` that is not a Unicode scalar, or bytes that are not UTF-8.
  case invalidText(element: Int, unit: UInt32?)

  /// Times were asked for, but the elements are not times.
  case notTime(elementType: ElementType)

  /// A time that cannot be converted exactly to a `Duration`.
  case inexactTime(TimeValue)

  /// A view or another conversion of elements that are converted already.
  case alreadyConverted(to: ElementType)

  /// A plan of many windows was given where a plan of one window is needed.
  case planOfWindows(count: Int)

  /// Elements viewed as those of a type of another size.
  case viewSize(found: ElementType, requested: ElementType)

  /// The caller's memory does not have the size of the result, in bytes.
  case outputSize(needed: Int, available: Int)

  /// There is not enough memory for a result of this many bytes.
  case outOfMemory(byteCount: Int)

  /// A fill value that is not a value of the result's type.
  case fillValue(FillValue, elementType: ElementType)

  /// The elements have no field of this name, or are not records.
  case noField(name: String, in: ElementType)

  /// The elements of a region cannot be lent by ``CroppableArray/withSpan(of:_:)``; they can be copied.
  case notLent(LoanObstacle)

  /// The task was cancelled before all was copied.
  case cancelled

  /// A plan was made for an array of another layout: another shape, other strides, another element size or
  /// another data offset.
  case foreignPlan(shape: [Int], planned: [Int])

  /// A plan that pads with a value was made for an array of another type.
  case foreignType(found: ElementType, planned: ElementType)

  /// A plan was made for an array with another conversion; nil means no conversion.
  case foreignConversion(planned: ElementType?, found: ElementType?)
}

extension CropError {
  /// Why elements cannot be lent as they lie in the file.
  @nonexhaustive
  public enum LoanObstacle: Hashable, Sendable {
    /// The bytes are read, and not mapped: see ``Access``.
    case notMapped
    /// The elements and those of other crops under way are more than the array's ``MemoryBudget``.
    case memoryBudget
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
    /// The elements are `bool`: a file may hold any byte, but a Swift `Bool` is only 0 or 1.
    case bool
    /// The first element begins at a byte of the file that is not a multiple of the type's alignment.
    case misaligned(offset: Int, alignment: Int)
  }
}
