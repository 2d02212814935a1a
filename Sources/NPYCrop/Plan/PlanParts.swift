/// Many pieces, each at any number of places: the windows of a batch, or the parts of one window.
///
/// An object that never changes, so that a plan of many windows is copied as cheaply as one of one.
final class PlanParts: Sendable {
  let pieces: [Piece]
  /// In the order of the copy: source by source, and through each of them once.
  let places: [Place]
  /// Which windows, counted as they stand in the result, have elements that stand for places outside.
  let padded: PaddedWindows

  /// - Parameters:
  ///   - pieces: What is copied.
  ///   - places: From where to where, in the order of the copy.
  ///   - padded: Which windows have elements that stand for places outside.
  init(pieces: [Piece], places: [Place], padded: PaddedWindows) {
    self.pieces = pieces
    self.places = places
    self.padded = padded
  }

  @inline(__always)
  func forEachBox<Failure: Error>(
    in range: Range<Int>, ofSource source: Int, isFillUniform: Bool,
    _ body: (borrowing CropBox, Place) throws(Failure) -> Void
  ) throws(Failure) {
    // The box of the piece that was looked at last, which most of the next places have, too.
    var (current, isOfSource) = (-1, false)
    var box: CropBox?
    for index in range {
      let place = places[index]
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
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(pieces)
    hasher.combine(places)
  }
}
