/// The bounds of all numbers that come of a file or of a caller, each checked in one place.
///
/// After that check the numbers are added and multiplied as they are: a sum that could overflow is
/// one of numbers that were not checked.
///
/// | | What is bounded | Checked by |
/// |---|---|---|
/// | 1 | An array's data offset, plus the product of its lengths (0 counts as 1) and its item size: at most `Int.max`. A field of elements without bytes may have any lengths, as in NumPy; a header may not. | `NPYHeader`, and for a field `ArrayLayout.field` |
/// | 2 | The size of an element: at most `Int32.max`. | `ElementType` |
/// | 3 | An index, and both ends of a slice: within an axis of the array. | `Region.Convention`, and for the boxes of a batch `BatchBuilder` |
/// | 4 | A place along a padded axis: at most ``farthestPlace`` from 0, on either side. | `AxisWalk` |
/// | 5 | The product of a result's lengths (0 counts as 1) and the size of its elements (0 counts as 1): at most `Int.max`. | `Piece.layOut` |
/// | 6 | The product of the windows of a batch and the size of one: at most `Int.max`. | `BatchBuilder` |
/// | 7 | Both ends of a box: an `Int`, as is their distance. | `Region.ranges` |
///
/// What follows from them:
/// - An index times its stride, summed over the axes and added to the data offset, is a byte of the
///   array (1 and 3), and so is the offset of a `Place` plus one of a `CropBox` that is seen from
///   there. An axis of no elements counts as one, so this holds for arrays without elements, too.
/// - The distance of two places, and a number of steps times the step, are at most 2^62 (4). A period
///   of padding is at most 2^61, so a place or a phase plus a period is less than 2^63.
/// - All indices of a result, its segments' ends and their repeats lie within its lengths, and those
///   times a stride of the result within its bytes (5). A piece of a result is smaller than that.
enum Bounds {
  /// How far from index 0 a place along a padded axis may be.
  static let farthestPlace = 1 << 61
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
