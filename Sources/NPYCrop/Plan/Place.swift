/// Where a piece is taken from, and where it goes.
struct Place: BitwiseCopyable, Hashable, Sendable {
  /// Which of the plan's pieces.
  let piece: Int
  /// The byte of the source that the piece is seen from.
  var sourceOffset: Int
  /// The byte of the result at which it begins.
  var outputOffset: Int
}

extension [Place] {
  /// Puts places in the order in which they are copied: source by source, and through each of them once.
  mutating func sortForCopy(of pieces: [Piece]) {
    sort {
      (pieces[$0.piece].source, $0.sourceOffset) < (pieces[$1.piece].source, $1.sourceOffset)
    }
  }
}
