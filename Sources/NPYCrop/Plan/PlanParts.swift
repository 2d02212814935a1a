/// Where a piece is taken from, and where it goes.
struct Place: BitwiseCopyable, Hashable, Sendable {
  /// Which of the plan's pieces.
  let piece: Int
  /// The byte of the source that the piece is seen from.
  var sourceOffset: Int
  /// The byte of the result at which it begins.
  var outputOffset: Int
}

/// Many pieces, each at any number of places: the windows of a batch, or the parts of one window.
///
/// An object that never changes, so that a plan of many windows is copied as cheaply as one of one.
final class PlanParts: Sendable {
  let pieces: [Piece]
  /// In the order of the copy: source by source, and through each of them once.
  let places: [Place]
  /// Which windows, counted as they stand in the result, have elements that stand for places outside.
  let padded: PaddedWindows

  init(pieces: [Piece], places: consuming [Place], padded: PaddedWindows) {
    places.sortForCopy(of: pieces)
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

/// Which windows of a batch have elements that stand for places outside the array.
struct PaddedWindows: Hashable, Sendable {
  private var validities: [Int: Validity] = [:]

  init() {}

  /// What is known of a single window.
  init(ofOne validity: Validity) { insert(validity, window: 0) }

  /// The memory that a window takes, with the room that a dictionary has for more.
  static var byteCountOfWindow: Int { 4 * MemoryLayout<(Int, Validity)>.stride }

  mutating func insert(_ validity: Validity, window: Int) {
    if validity != .whole { validities[window] = validity }
  }

  func validity(ofWindow window: Int) -> Validity { validities[window] ?? .whole }

  /// Those among some windows, counted from the first of them.
  func part(_ range: Range<Int>) -> PaddedWindows {
    var part = PaddedWindows()
    for (window, validity) in validities where range.contains(window) {
      part.validities[window - range.lowerBound] = validity
    }
    return part
  }
}
