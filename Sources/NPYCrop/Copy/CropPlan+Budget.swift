// Copies from a source that has a budget: each box makes room for what it touches, and is read where there is
// none.

extension CropPlan {
  /// Copies some of the places from a source that is kept open, a loan for each box.
  ///
  /// Sound as a run of the plan is.
  @inline(never)
  func copyWithinBudget(
    _ range: Range<Int>, of index: Int, from source: any Source,
    to output: UnsafeMutableRawPointer, delivery: Delivery
  ) throws(FileError) {
    try forEachTurn(in: range, of: index, from: source) { places throws(FileError) in
      try forEachBox(in: places, ofSource: index) { box, place throws(FileError) in
        guard unsafe !fill(box, at: place, in: output, delivery: delivery) else { return }
        try unsafe box.copyWithinBudget(from: source, at: place, to: output, delivery: delivery)
      }
    }
  }
}

extension CropBox {
  /// Copies the box from a source that is kept open.
  ///
  /// Sound as a run of the box is.
  @inline(never)
  borrowing func copyWithinBudget(
    from source: any Source, at place: Place, to output: UnsafeMutableRawPointer,
    delivery: Delivery
  ) throws(FileError) {
    if let room = source.makeRoom(for: stretches(at: place, itemSize: delivery.itemSize)) {
      defer { source.giveUpRoom(room) }
      let loan = unsafe copy(
        from: source, outline: nil, at: place, to: output, delivery: delivery, extent: nil)
      if loan != .lost { return }
    }
    try unsafe read(at: place, from: source, to: output, delivery: delivery)
  }
}
