/// How a region is copied out of an array: for each axis of the result, the segments that fill it.
///
/// A plan is a value made without touching the file. It can be kept and used again, tells its
/// cost before it runs (``byteCount``, ``runCount``, ``pageCount(pageSize:)``), and can be cut into
/// slabs that fit in memory.
public struct CropPlan: Hashable, Sendable {
  /// The array that the plan is for.
  let layout: ArrayLayout
  /// The values of axes that are padded with one.
  let fill: Fill
  /// What the elements are converted to; nil for what they are.
  let conversion: Conversion?
  /// The window that the plan takes; of many, one that has the shape of all.
  var piece: Piece
  /// Where the window begins on both sides.
  var place: Place
  /// What is copied in place of the one window; nil for that alone.
  var parts: PlanParts?
  /// The number of windows, which are the first axis of the result; nil where there is no such axis.
  let windowCount: Int?
  /// The byte of the source before which all lies that is read.
  var sourceEnd: Int
  /// The number of elements of the result.
  public internal(set) var elementCount: Int
  /// The bytes of the memory that the elements go to, the gaps between them included.
  var outputByteCount: Int

  /// A plan of no axes, which takes the element at index (0, 0, …).
  @inline(__always)
  init(layout: ArrayLayout, order: MemoryOrder, fill: Fill, conversion: Conversion?) {
    self.layout = layout
    self.fill = fill
    self.conversion = conversion
    piece = Piece(order: order)
    place = Place(piece: 0, sourceOffset: layout.offset, outputOffset: 0)
    parts = nil
    windowCount = nil
    sourceEnd = layout.offset &+ layout.itemSize
    elementCount = 1
    outputByteCount = conversion?.target.itemSize ?? layout.itemSize
  }

  /// The plan of parts.
  ///
  /// - Parameters:
  ///   - parts: What is copied.
  ///   - model: A plan of the same array, of a window of the shape that each window has.
  ///   - windowCount: The number of windows; nil where the parts are those of the one window.
  ///   - elementCount: The number of elements of all of them.
  ///   - sourceEnd: The byte of the source before which all lies that is read.
  ///   - outputByteCount: The bytes of the memory that the elements go to.
  init(
    _ parts: PlanParts, like model: CropPlan, windowCount: Int?, elementCount: Int,
    sourceEnd: Int, outputByteCount: Int
  ) {
    layout = model.layout
    fill = model.fill
    conversion = model.conversion
    piece = model.piece
    place = model.place
    self.parts = parts
    self.windowCount = windowCount
    self.sourceEnd = sourceEnd
    self.elementCount = elementCount
    self.outputByteCount = outputByteCount
  }

  /// The plan of one of many windows.
  init(_ piece: Piece, at sourceOffset: Int, like plan: CropPlan) {
    layout = plan.layout
    fill = plan.fill
    conversion = plan.conversion
    self.piece = piece
    place = Place(piece: 0, sourceOffset: sourceOffset, outputOffset: 0)
    parts = nil
    windowCount = nil
    sourceEnd = plan.sourceEnd
    elementCount = piece.elementCount
    outputByteCount = piece.elementCount &* plan.outputItemSize
  }
}

extension CropPlan {
  /// The order of the result's elements; of many windows, of those in each.
  public var order: MemoryOrder { piece.order }

  /// The size of an element of the array.
  var itemSize: Int { layout.itemSize }
  /// The size of an element of the result.
  var outputItemSize: Int { conversion?.target.itemSize ?? layout.itemSize }

  /// The size of the result in bytes.
  public var byteCount: Int { elementCount &* outputItemSize }

  /// The length of each axis of the result.
  public var shape: [Int] { windowCount.map { [$0] + windowShape } ?? windowShape }

  /// The length of each axis of a window.
  var windowShape: [Int] { piece.shape }

  /// The size of the result of a window in bytes.
  var windowByteCount: Int { piece.elementCount &* outputItemSize }

  /// The segments that fill an axis of the window; for a plan of many, of the first window.
  ///
  /// Nothing for the axes of lists that are paired up, of masks and of long lists of indices, which are no walks
  /// along an axis.
  public func segments(ofAxis axis: Int) -> [AxisSegment] {
    (0..<piece.axes.count).contains(axis) && parts?.list?.axes.contains(axis) != true
      ? piece.segmentRange(ofAxis: axis).map { piece.segments[$0] } : []
  }

  // MARK: - What is copied

  /// The last of the sources that the pieces come from.
  var lastSource: Int { parts.map { $0.pieces.map(\.source).max() ?? 0 } ?? piece.source }

  /// How many pieces are copied, one after the other.
  var placeCount: Int { parts?.count ?? 1 }

  /// Runs `body` on every box of some of the places, and on the place that the box is seen from.
  ///
  /// - Parameters:
  ///   - range: Which of the places, of which there are ``placeCount``.
  ///   - source: The source that the boxes come from.
  ///   - body: Is called in the order of the places.
  /// - Throws: What `body` throws.
  @inline(__always)
  func forEachBox<Failure: Error>(
    in range: Range<Int>, ofSource source: Int,
    _ body: (borrowing CropBox, Place) throws(Failure) -> Void
  ) throws(Failure) {
    // Elements may have no bytes.
    guard byteCount > 0 else { return }
    guard let parts else {
      guard piece.source == source else { return }
      let place = place
      try piece.forEachBox(isFillUniform: fill.isUniform) { box throws(Failure) in
        try body(box, place)
      }
      return
    }
    try parts.forEachBox(
      in: range, ofSource: source, from: place, isFillUniform: fill.isUniform, body)
  }
}

extension CropPlan: CustomStringConvertible {
  /// The shape and the size of the result.
  public var description: String {
    "plan of shape \(tupleText(shape)), \(byteCount) bytes in \(order == .c ? "C" : "Fortran") order"
  }
}
