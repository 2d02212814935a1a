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
    var current = range.prefix(Self.placesAhead)
    fetch(current, of: index, from: source)
    while !current.isEmpty {
      let next = current.upperBound..<min(current.upperBound + Self.placesAhead, range.upperBound)
      fetch(next, of: index, from: source)
      try forEachBox(in: current, ofSource: index) { box, place throws(FileError) in
        guard let axis = box.fillAxis else {
          try unsafe box.copyWithinBudget(
            from: source, at: place, to: output, delivery: delivery)
          return
        }
        unsafe box.deliver(
          by: delivery, fill: fill.element(ofAxis: axis),
          to: output + (place.outputOffset &+ box.outputOffset))
      }
      current = next
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
      let loan = withLoanScope { scope in
        guard let start = unsafe source.lend(in: scope, outline: nil) else { return .lost }
        unsafe deliver(
          by: delivery, from: start + (place.sourceOffset &+ sourceOffset),
          to: output + (place.outputOffset &+ outputOffset))
        return source.takeBack(scope, after: nil)
      }
      if loan != .lost { return }
    }
    try unsafe read(at: place, from: source, to: output, delivery: delivery)
  }
}
