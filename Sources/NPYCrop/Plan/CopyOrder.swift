extension [Place] {
  /// Puts places in the order in which they are copied: source by source, and through each of them once.
  ///
  /// The result keeps the order that was asked for: each place says where it goes. Windows of a file that
  /// is not in the page cache are so read in the order in which the disk has them.
  mutating func sortForCopy(of pieces: [Piece]) {
    sort {
      (pieces[$0.piece].source, $0.sourceOffset) < (pieces[$1.piece].source, $1.sourceOffset)
    }
  }
}
