// The order of a batch.
//
// Windows are copied in the order in which the file has them, whatever order they were asked for in: so a
// batch goes through the file once, and a disk is read forwards. The result has them in the order that was
// asked for, because each place says where it goes. Several tasks take parts of the list in turn.

extension PlanParts {
  /// The windows of a batch, in the order in which they are copied.
  ///
  /// - Parameters:
  ///   - pieces: What windows look like, each once.
  ///   - windows: Where each window is, in the order that was asked for.
  ///   - padded: Which windows have elements that stand for places outside.
  convenience init(
    pieces: [Piece], windows: consuming [Place], padded: PaddedWindows
  ) {
    windows.sortForCopy(of: pieces)
    self.init(pieces: pieces, places: windows, padded: padded)
  }
}
