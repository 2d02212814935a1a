/// Many pieces, each at any number of places: the windows of a batch, or the parts of one window.
///
/// An object that never changes, so that a plan of many windows is copied as cheaply as one of one.
final class PlanParts: Sendable {
  let pieces: [Piece]
  /// In the order of the copy: source by source, and through each of them once.
  let places: [Place]
  /// Which windows, counted as they stand in the result, have elements that stand for places outside.
  let padded: PaddedWindows
  /// The places where the first piece is taken, in place of ``places``; nil where those are told one by one.
  let list: PlaceList?
  /// The bytes of the result from one place of the list to the next.
  let listStride: Int

  /// - Parameters:
  ///   - pieces: What is copied.
  ///   - places: From where to where, in the order of the copy.
  ///   - padded: Which windows have elements that stand for places outside.
  init(pieces: [Piece], places: [Place], padded: PaddedWindows) {
    self.pieces = pieces
    self.places = places
    self.padded = padded
    list = nil
    listStride = 0
  }

  /// One piece at the places of a list.
  ///
  /// - Parameters:
  ///   - list: The places.
  ///   - piece: What is taken at each.
  ///   - stride: The bytes of the result from one to the next.
  ///   - rank: The number of the array's axes, any of which a place may lie outside of.
  init(_ list: PlaceList, of piece: Piece, stride: Int, rank: Int) {
    var pieces = [piece]
    if !list.outside.isEmpty { for axis in 0..<rank { pieces.append(piece.outside(ofAxis: axis)) } }
    self.pieces = pieces
    places = []
    padded = PaddedWindows()
    self.list = list
    listStride = stride
  }

  /// How many places there are.
  var count: Int { list.map(\.count) ?? places.count }

  /// A place of all.
  ///
  /// - Parameters:
  ///   - index: Which one, in the order of the copy.
  ///   - base: What places of a list are seen from.
  /// - Returns: From where to where its piece is copied.
  @inline(__always)
  func place(_ index: Int, from base: Place) -> Place {
    guard let list else { return places[index] }
    let isInside = index < list.offsets.count
    return Place(
      piece: isInside ? 0 : 1 + list.outside[index - list.offsets.count].axis,
      sourceOffset: isInside ? base.sourceOffset &+ list.offsets[index] : base.sourceOffset,
      outputOffset: base.outputOffset &+ list.target(of: index) &* listStride)
  }

  @inline(__always)
  func forEachBox<Failure: Error>(
    in range: Range<Int>, ofSource source: Int, from base: Place, isFillUniform: Bool,
    _ body: (borrowing CropBox, Place) throws(Failure) -> Void
  ) throws(Failure) {
    // The box of the piece that was looked at last, which most of the next places have, too.
    var (current, isOfSource) = (-1, false)
    var box: CropBox?
    for index in range {
      let place = place(index, from: base)
      if place.piece != current {
        current = place.piece
        isOfSource = pieces[current].source == source
        box = pieces[current].isBox ? pieces[current].box() : nil
      }
      guard isOfSource else { continue }
      if let box {
        try body(box, place)
      } else {
        try pieces[current].forEachBox(isFillUniform: isFillUniform) { box throws(Failure) in
          try body(box, place)
        }
      }
    }
  }
}

extension PlanParts: Hashable {
  static func == (left: PlanParts, right: PlanParts) -> Bool {
    left === right
      || left.places == right.places && left.pieces == right.pieces && left.padded == right.padded
        && left.list == right.list && left.listStride == right.listStride
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(pieces)
    hasher.combine(places)
    hasher.combine(list)
  }
}
