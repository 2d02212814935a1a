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
    var allowance = FetchAllowance()
    if let list = parts?.list, let stretch = stretchOfPlace() {
      // Sorted, so that places of one stretch of the source are one request.
      if isAtHand(list, in: source) { return false }
      fetch(places, of: list, stretch, from: source, time: time, within: &allowance)
      return allowance.isUsed
    }
    forEachBox(in: places, ofSource: index) { box, place in
      guard box.fillAxis == nil else { return }
      box.fetch(from: source, at: place, itemSize: itemSize, time: time, within: &allowance)
    }
    return allowance.isUsed
  }

  /// Has the source fetch what places of a list need, each of which is one stretch.
  private func fetch(
    _ places: Range<Int>, of list: PlaceList, _ stretch: Range<Int>, from source: any Source,
    time: UInt64, within allowance: inout FetchAllowance
  ) {
    var wanted: Range<Int>?
    func fetch(_ range: Range<Int>) {
      guard !allowance.isSpent, source.mayWait(for: range, at: time) else { return }
      guard !source.isAtHand(range) else {
        source.noteAtHand(range, isFetched: false, at: time)
        return
      }
      let part = range.prefix(allowance.byteCount)
      source.fetch(part)
      allowance.byteCount -= max(part.count, SystemCall.pageSize)
      allowance.requestCount -= 1
      source.noteAtHand(range, isFetched: true, at: time)
    }
    for index in places.clamped(to: list.offsets.indices) {
      let start = list.offsets[index]
      let range = stretch.lowerBound &+ start..<stretch.upperBound &+ start
      if let before = wanted, let joined = before.joined(with: range, across: Self.gapOfFetches) {
        wanted = joined
      } else {
        if let wanted { fetch(wanted) }
        wanted = range
      }
    }
    if let wanted { fetch(wanted) }
  }

  /// So many bytes that nobody wants are fetched along: a disk gives them in less time than another request takes.
  private static var gapOfFetches: Int { 16 << 10 }

  /// Whether a copy of some places may have to wait for their bytes.
  func mayWait(for places: Range<Int>, of index: Int, from source: any Source) -> Bool {
    guard source.mayBlock else { return false }
    let time = source.lookingTime()
    // Some of them, evenly. What is on its way counts as cached, but cannot be read yet.
    let step = max(places.count / Self.mostAsked, 1)
    var mayWait = false
    for place in stride(from: places.lowerBound, to: places.upperBound, by: step) where !mayWait {
      var asked = 0
      forEachBox(in: place..<place + 1, ofSource: index) { box, place in
        guard box.fillAxis == nil, !mayWait, asked < Self.mostAsked else { return }
        asked += 1
        let seen = box.sourceRange(itemSize: itemSize)
        let range =
          place.sourceOffset &+ seen.lowerBound..<place.sourceOffset &+ seen.upperBound
        if let time, source.isKnownAtHand(range, at: time) { return }
        let stretches = box.stretches(at: place, itemSize: itemSize)
        let last = stretches[stretches.count - 1].upperBound - 1
        mayWait =
          source.isReadableNow(at: stretches[0].lowerBound) != true
          || source.isReadableNow(at: last) != true
      }
    }
    return mayWait
  }

  private static var mostAsked: Int { 8 }
}

/// How much is fetched ahead of a copy: what a small machine has to spare, and is asked for in a tenth of a second.
///
/// Beyond that the kernel reads ahead as it does by itself.
private struct FetchAllowance {
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
    var allowance = FetchAllowance()
    fetch(from: source, at: place, itemSize: itemSize, time: time, within: &allowance)
    return allowance.isUsed
  }

  /// Has the source fetch what the box needs, if that seems not to be at hand.
  ///
  /// - Parameters:
  ///   - source: Where the bytes come from.
  ///   - place: Where the box is seen from.
  ///   - itemSize: The size of an element.
  ///   - time: When it is looked at what is at hand.
  ///   - allowance: How much may be fetched.
  @inline(__always)
  fileprivate borrowing func fetch(
    from source: any Source, at place: Place, itemSize: Int, time: UInt64,
    within allowance: inout FetchAllowance
  ) {
    let seen = sourceRange(itemSize: itemSize)
    let range = place.sourceOffset &+ seen.lowerBound..<place.sourceOffset &+ seen.upperBound
    if source.mayWait(for: range, at: time) {
      fetchStretches(
        from: source, at: place, itemSize: itemSize, range: range, time: time, &allowance)
    }
  }

  @inline(never)
  private borrowing func fetchStretches(
    from source: any Source, at place: Place, itemSize: Int, range: Range<Int>, time: UInt64,
    _ allowance: inout FetchAllowance
  ) {
    guard !allowance.isSpent else { return }
    let stretches = stretches(at: place, itemSize: itemSize)
    guard !stretches.areAtHand(in: source) else {
      source.noteAtHand(range, isFetched: false, at: time)
      return
    }
    for number in 0..<stretches.count {
      guard !allowance.isSpent else { return }
      let stretch = stretches[number].prefix(allowance.byteCount)
      source.fetch(stretch)
      // Whole pages are read.
      allowance.byteCount -= max(stretch.count, SystemCall.pageSize)
      allowance.requestCount -= 1
    }
    source.noteAtHand(range, isFetched: true, at: time)
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
