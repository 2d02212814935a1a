/// Why a region does not fit an array, with what was asked and what there is.
@nonexhaustive
public enum RegionError: Error, Hashable, Sendable {
  /// An index is outside its axis.
  case indexOutOfRange(axis: Int, index: Int, size: Int)

  /// A slice reaches outside its axis.
  case sliceOutOfRange(axis: Int, from: Int?, to: Int?, step: Int, size: Int)

  /// A slice steps by 0.
  case zeroStep(axis: Int)

  /// More axes are selected than the array has.
  case tooManyAxes(selected: Int, available: Int)

  /// More than one ellipsis.
  case severalEllipses

  /// An origin and a size of different length.
  case rankMismatch(origin: Int, size: Int)

  /// A negative size, or an end that cannot be counted.
  case invalidSize(axis: Int, origin: Int, size: Int)

  /// Padding axis by axis that has another number of axes than the array.
  case paddingRank(modes: Int, axes: Int)

  /// An axis without elements, with a padding mode that repeats elements.
  case emptyAxisPadding(axis: Int)

  /// A place so far outside a padded axis that places cannot be counted.
  case placeTooFar(axis: Int, place: Int)

  /// A slice along a padded axis with an end that does not fit in `Int`; padding does not clamp it.
  case endlessSlice(axis: Int)

  /// A step through a padded axis that repeats only after more pieces than a plan may have.
  case tooScattered(axis: Int, limit: Int)

  /// Two regions, or a region and a list with one number per axis, of different length.
  case ranksDiffer(region: Int, other: Int)

  /// A region that is not a box. A box has a range with step 1 for each of its axes.
  case notABox(text: String)

  /// A grid to align to whose lines are less than 1 apart.
  case invalidAlignment(axis: Int, alignment: Int)

  /// A grid of windows with a step less than 1, or greater than the windows that are to cover all.
  case gridStep(axis: Int, step: Int, size: Int)

  /// A grid of more windows than can be counted.
  case gridTooBig(counts: [Int])

  /// Regions for one block whose crops have different shapes.
  case shapesDiffer(window: Int, shape: [Int], first: [Int])

  /// What is wrong with one of the regions of a batch, counted from 0.
  indirect case inWindow(Int, RegionError)

  /// A grid of windows without elements, or over lengths that are negative.
  case gridSize(axis: Int, size: Int, length: Int)

  /// The result would have more axes than NumPy has.
  case tooManyResultAxes(count: Int, limit: Int)

  /// A list of indices where an array is sliced, whose elements have to be evenly spaced.
  case listInSlice(axis: Int)

  /// The result has more bytes than can be counted.
  case resultTooBig(shape: [Int], itemSize: Int)

  /// NumPy text that is not a region: `offset` counts bytes of UTF-8.
  case syntax(text: String, offset: Int, expected: String)

  /// Integers in square brackets as NumPy text: the brackets of an index, or a list of indices.
  case ambiguousBrackets(text: String)

  /// Lists whose shapes do not broadcast: at least one length along an axis differs, and neither is 1.
  case listShapes([[Int]])

  /// A list of another number of indices than its shape says.
  case listCount(axis: Int, shape: [Int], found: Int)

  /// Coordinates that are not the same number for each point, or none.
  case pointCount(coordinates: Int, axes: Int)

  /// A mask that is for other lengths than the array's axes have, the first of which is `axis`.
  case maskShape(axis: Int, mask: [Int], found: [Int])

  /// A mask of another number of flags than its shape says.
  case maskCount(shape: [Int], found: Int)

  /// A mask file whose elements are not of type bool.
  case notAMask(elementType: String)

  /// Lists that are paired, or a mask, in a batch of windows.
  case pairedInBatch

  /// Lists that are paired, or a mask, in a region that is to be clipped.
  case pairedClipping
}
