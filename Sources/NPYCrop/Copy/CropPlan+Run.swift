// The one way from a plan to memory: of a crop, a batch or a slab, converted or not, by one task or
// by several.

extension CropPlan {
  /// Copies what the plan takes from a source, and makes sure that it was the source's.
  ///
  /// Sound where the layout lies within the source, and `output` has `outputByteCount` bytes: all
  /// offsets of a plan lie within the two.
  ///
  /// - Parameters:
  ///   - source: Where the bytes come from.
  ///   - index: Which of the plan's sources that is: the pieces of others are left out.
  ///   - output: The result's memory.
  ///   - delivery: What becomes of the elements.
  /// - Throws: ``FileError`` where the bytes cannot be had, or are no longer the source's.
  @inline(__always)
  func run(
    on source: any Source, as index: Int = 0, to output: UnsafeMutableRawPointer,
    delivery: Delivery
  ) throws(FileError) {
    let extent = ReadExtent(arrayEnd: layout.end, reach: sourceEnd)
    if parts == nil, piece.isBox, piece.source == index {
      // Most crops are one box, and small ones should not pay for the others.
      guard byteCount > 0 else { return }
      try unsafe piece.box().run(
        on: source, at: place, to: output, delivery: delivery, extent: extent)
      return
    }
    if parts?.list != nil {
      return try unsafe runPlaces(
        on: source, as: index, to: output, delivery: delivery, extent: extent)
    }
    let visit = try source.enter()
    defer { source.leave(visit) }
    let isVerified = try unsafe run(
      0..<placeCount, on: source, as: index, to: output, delivery: delivery, extent: extent)
    if !isVerified { try source.verify(extent) }
  }

  /// As many places are fetched while those before them are copied: some thousand requests for a disk.
  var placesAhead: Int { parts?.list == nil ? 32 : 4096 }

  /// Copies some of the places from a source that is kept open.
  ///
  /// Sound as the whole is.
  ///
  /// - Returns: Whether what was read is known to have been the source's.
  @inline(__always)
  func run(
    _ range: Range<Int>, on source: any Source, as index: Int,
    to output: UnsafeMutableRawPointer, delivery: Delivery, extent: ReadExtent?
  ) throws(FileError) -> Bool {
    let first = range.prefix(placesAhead)
    let isFetched = fetch(first, of: index, from: source)
    let terms = source.loanTerms
    if terms == .stretches {
      try unsafe copyWithinBudget(range, of: index, from: source, to: output, delivery: delivery)
      return false
    }
    // Of several tasks each has a part, and all come to the same pages.
    let isOutlined = extent != nil && terms == .outline && (isFetched || !hasManyPlaces(range))
    var outline = isOutlined ? outline(of: first, ofSource: index) : nil
    outline?.isFetched = isFetched
    let loan = withLoanScope { scope in
      guard let start = unsafe source.lend(in: scope, outline: outline) else { return .lost }
      forEachTurn(in: range, of: index, from: source) { places in
        unsafe copy(places, of: index, from: start, to: output, delivery: delivery)
      }
      return source.takeBack(scope, after: extent)
    }
    if loan == .lost {
      try unsafe read(range, of: index, from: source, to: output, delivery: delivery)
    }
    return loan == .verified
  }

  /// Runs `body` on a few places after the other, and has those after them fetched before it.
  ///
  /// The first were fetched by the caller.
  @inline(__always)
  func forEachTurn<Failure: Error>(
    in range: Range<Int>, of index: Int, from source: any Source,
    _ body: (Range<Int>) throws(Failure) -> Void
  ) throws(Failure) {
    let placesAhead = placesAhead
    var current = range.prefix(placesAhead)
    while !current.isEmpty {
      let next = current.upperBound..<min(current.upperBound + placesAhead, range.upperBound)
      fetch(next, of: index, from: source)
      try body(current)
      current = next
    }
  }

  /// Copies from the bytes that a source lends.
  @inline(never)
  private func copy(
    _ range: Range<Int>, of index: Int, from source: UnsafeRawPointer,
    to output: UnsafeMutableRawPointer, delivery: Delivery
  ) {
    let rest = unsafe copyPlaces(range, of: index, from: source, to: output, delivery: delivery)
    forEachBox(in: rest, ofSource: index) { box, place in
      guard unsafe !fill(box, at: place, in: output, delivery: delivery) else { return }
      unsafe box.deliver(
        by: delivery, from: source + (place.sourceOffset &+ box.sourceOffset),
        to: output + (place.outputOffset &+ box.outputOffset))
    }
  }

  /// Copies from a source that has to be read.
  @inline(never)
  private func read(
    _ range: Range<Int>, of index: Int, from source: any Source,
    to output: UnsafeMutableRawPointer, delivery: Delivery
  ) throws(FileError) {
    var reader = unsafe BoxReader(of: source, to: output, delivery: delivery, most: layout.extent)
    try forEachTurn(in: range, of: index, from: source) { places throws(FileError) in
      try forEachBox(in: places, ofSource: index) { box, place throws(FileError) in
        guard unsafe !fill(box, at: place, in: output, delivery: delivery) else { return }
        try reader.add(box, at: place)
      }
    }
    try reader.finish()
  }

  /// Fills a box that shows a fill value; false for any other.
  @inline(__always)
  func fill(
    _ box: borrowing CropBox, at place: Place, in output: UnsafeMutableRawPointer,
    delivery: Delivery
  ) -> Bool {
    guard let axis = box.fillAxis else { return false }
    unsafe box.deliver(
      by: delivery, fill: fill.element(ofAxis: axis),
      to: output + (place.outputOffset &+ box.outputOffset))
    return true
  }
}

extension CropBox {
  /// Copies the box from a source, and makes sure that it was the source's.
  ///
  /// Sound where the box lies within the source and, as elements of the result, within the output.
  ///
  /// - Parameters:
  ///   - source: Where the bytes come from.
  ///   - place: Where the box is seen from.
  ///   - output: The result's memory.
  ///   - delivery: What becomes of the elements.
  ///   - extent: What is read of the source.
  /// - Throws: ``FileError`` where the bytes cannot be had, or are no longer the source's.
  @inline(__always)
  borrowing func run(
    on source: any Source, at place: Place, to output: UnsafeMutableRawPointer,
    delivery: Delivery, extent: ReadExtent
  ) throws(FileError) {
    let seen = sourceRange(itemSize: delivery.itemSize)
    let range = place.sourceOffset &+ seen.lowerBound..<place.sourceOffset &+ seen.upperBound
    var visit: Int?
    let loan = withLoanScope { scope in
      guard let atHand = source.lendAtHand(range, in: scope) else { return .lost }
      visit = atHand.visit
      unsafe deliver(
        by: delivery, from: atHand.start + (place.sourceOffset &+ sourceOffset),
        to: output + (place.outputOffset &+ outputOffset))
      return source.takeBack(scope, after: extent)
    }
    guard let visit else {
      return try unsafe runAfterLooking(
        on: source, at: place, to: output, delivery: delivery, extent: extent)
    }
    defer { source.leave(visit) }
    if loan == .lost {
      try unsafe read(at: place, from: source, to: output, delivery: delivery)
    }
    if loan != .verified { try source.verify(extent) }
  }

  /// As `run`, where it has to be found out first which way the bytes come.
  @inline(never)
  private borrowing func runAfterLooking(
    on source: any Source, at place: Place, to output: UnsafeMutableRawPointer,
    delivery: Delivery, extent: ReadExtent
  ) throws(FileError) {
    let visit = try source.enter()
    defer { source.leave(visit) }
    let isFetched = fetch(from: source, at: place, itemSize: delivery.itemSize)
    let terms = source.loanTerms
    if terms == .stretches {
      try unsafe copyWithinBudget(from: source, at: place, to: output, delivery: delivery)
      return try source.verify(extent)
    }
    // What is fetched by the page is read faster than its pages are mapped, not only the first time.
    var outline =
      terms == .outline || isFetched
      ? ReadOutline(stretches(at: place, itemSize: delivery.itemSize)) : nil
    outline?.isFetched = isFetched
    let loan = unsafe copy(
      from: source, outline: outline, at: place, to: output, delivery: delivery, extent: extent)
    if loan == .lost {
      try unsafe read(at: place, from: source, to: output, delivery: delivery)
    }
    if loan != .verified { try source.verify(extent) }
  }

  /// Copies the box in a loan.
  ///
  /// - Returns: What the loan was worth.
  @inline(__always)
  borrowing func copy(
    from source: any Source, outline: ReadOutline?, at place: Place,
    to output: UnsafeMutableRawPointer, delivery: Delivery, extent: ReadExtent?
  ) -> LoanResult {
    withLoanScope { scope in
      guard let start = unsafe source.lend(in: scope, outline: outline) else { return .lost }
      unsafe deliver(
        by: delivery, from: start + (place.sourceOffset &+ sourceOffset),
        to: output + (place.outputOffset &+ outputOffset))
      return source.takeBack(scope, after: extent)
    }
  }

  /// Copies the box from a source that has to be read.
  @inline(never)
  borrowing func read(
    at place: Place, from source: any Source, to output: UnsafeMutableRawPointer,
    delivery: Delivery
  ) throws(FileError) {
    var reader = unsafe BoxReader(
      of: source, to: output, delivery: delivery,
      most: sourceRange(itemSize: delivery.itemSize).count)
    try reader.add(self, at: place)
    try reader.finish()
  }
}
