// Bytes that are not in memory are asked for before the first of them is touched, all at once: a disk answers many
// requests in the time of one. Touched one by one, each is waited for, and the kernel reads around it what nobody
// wants.

extension CropPlan {
  /// Has the source fetch what some of the places need, if that seems not to be at hand.
  ///
  /// - Returns: Whether something was to be fetched.
  @inline(__always)
  @discardableResult
  func fetch(_ places: Range<Int>, of index: Int, from source: any Source) -> Bool {
    guard !places.isEmpty, let time = source.lookingTime() else { return false }
    let itemSize = itemSize
    var budget = FetchBudget()
    forEachBox(in: places, ofSource: index) { box, place in
      guard box.fillAxis == nil else { return }
      box.fetch(from: source, at: place, itemSize: itemSize, time: time, within: &budget)
    }
    return budget.isUsed
  }

  /// Whether a copy of some places may have to wait for their bytes, which are fetched if so.
  func mayWait(for places: Range<Int>, of index: Int, from source: any Source) -> Bool {
    guard source.mayBlock else { return false }
    let first = places.prefix(Self.placesAhead)
    guard source.lookingTime() == nil else { return fetch(first, of: index, from: source) }
    // Nothing is fetched where the caller has given advice, or nobody can tell what is at hand.
    var mayWait = false
    forEachBox(in: first, ofSource: index) { box, place in
      guard box.fillAxis == nil, !mayWait else { return }
      let stretches = box.stretches(at: place, itemSize: itemSize)
      mayWait = source.cachedPageCount(in: stretches[0]) == nil || !stretches.areAtHand(in: source)
    }
    return mayWait
  }
}

/// How much is fetched ahead of a copy: what a small machine has to spare, and is asked for in a tenth of a second.
///
/// Beyond that the kernel reads ahead as it does by itself.
private struct FetchBudget {
  fileprivate var byteCount = 64 << 20
  fileprivate var requestCount = 1 << 14

  fileprivate var isSpent: Bool { byteCount <= 0 || requestCount <= 0 }
  fileprivate var isUsed: Bool { requestCount < 1 << 14 }
}

extension CropBox {
  /// Has the source fetch what a box needs that is copied alone.
  ///
  /// - Returns: Whether something was to be fetched.
  @inline(__always)
  @discardableResult
  borrowing func fetch(from source: any Source, at place: Place, itemSize: Int) -> Bool {
    guard let time = source.lookingTime() else { return false }
    var budget = FetchBudget()
    fetch(from: source, at: place, itemSize: itemSize, time: time, within: &budget)
    return budget.isUsed
  }

  /// Has the source fetch what the box needs, if that seems not to be at hand.
  ///
  /// - Parameters:
  ///   - source: Where the bytes come from.
  ///   - place: Where the box is seen from.
  ///   - itemSize: The size of an element.
  ///   - time: When it is looked at what is at hand.
  ///   - budget: How much may be fetched.
  @inline(__always)
  fileprivate borrowing func fetch(
    from source: any Source, at place: Place, itemSize: Int, time: UInt64,
    within budget: inout FetchBudget
  ) {
    let seen = sourceRange(itemSize: itemSize)
    let range = place.sourceOffset &+ seen.lowerBound..<place.sourceOffset &+ seen.upperBound
    if source.mayWait(for: range, at: time) {
      fetchStretches(
        from: source, at: place, itemSize: itemSize, range: range, time: time, &budget)
    }
  }

  @inline(never)
  private borrowing func fetchStretches(
    from source: any Source, at place: Place, itemSize: Int, range: Range<Int>, time: UInt64,
    _ budget: inout FetchBudget
  ) {
    guard !budget.isSpent else { return }
    let stretches = stretches(at: place, itemSize: itemSize)
    guard !stretches.areAtHand(in: source) else {
      source.noteAtHand(range, at: time)
      return
    }
    for number in 0..<stretches.count {
      guard !budget.isSpent else { return }
      let stretch = stretches[number].prefix(budget.byteCount)
      source.fetch(stretch)
      // Whole pages are read.
      budget.byteCount -= max(stretch.count, SystemCall.pageSize)
      budget.requestCount -= 1
    }
    // On its way.
    source.noteAtHand(range, at: time)
  }
}

extension SourceStretches {
  /// As many are asked about: if these are at hand, so are the others, nearly always.
  ///
  /// Three questions take 0.6 to 1.5 µs (Linux 6.18), which the first crop of a file that is opened for it pays.
  private static var mostSamples: Int { 3 }

  /// Whether all stretches seem to be at hand.
  fileprivate func areAtHand(in source: any Source) -> Bool {
    let samples = min(count, Self.mostSamples)
    return (0..<samples).allSatisfy { number in
      // Evenly over all, the first among them.
      source.isAtHand(self[(count - 1) / max(samples - 1, 1) * number])
    }
  }
}
