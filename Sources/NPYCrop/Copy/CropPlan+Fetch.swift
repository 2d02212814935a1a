// Bytes that are not in memory are asked for before the first of them is touched, all at once: a disk answers many
// requests in the time of one. Touched one by one, each is waited for, and the kernel reads around it what nobody
// wants.

extension CropPlan {
  /// Has the source fetch what some of the places need, if that seems not to be at hand.
  @inline(__always)
  func fetch(_ places: Range<Int>, of index: Int, from source: any Source) {
    guard !places.isEmpty, let time = source.lookingTime() else { return }
    let itemSize = itemSize
    var budget = FetchBudget()
    forEachBox(in: places, ofSource: index) { box, place in
      guard box.fillAxis == nil else { return }
      box.fetch(from: source, at: place, itemSize: itemSize, time: time, within: &budget)
    }
  }
}

/// How much is fetched ahead of a copy: what a small machine has to spare, and is asked for in a tenth of a second.
///
/// Beyond that the kernel reads ahead as it does by itself.
private struct FetchBudget {
  fileprivate var byteCount = 64 << 20
  fileprivate var requestCount = 1 << 14

  fileprivate var isSpent: Bool { byteCount <= 0 || requestCount <= 0 }
}

extension CropBox {
  /// Has the source fetch what a box needs that is copied alone.
  @inline(__always)
  borrowing func fetch(from source: any Source, at place: Place, itemSize: Int) {
    guard let time = source.lookingTime() else { return }
    var budget = FetchBudget()
    fetch(from: source, at: place, itemSize: itemSize, time: time, within: &budget)
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
        from: source, at: place.sourceOffset, itemSize: itemSize, range: range, time: time, &budget)
    }
  }

  /// As many stretches of a box are asked about: if these are at hand, so are the others, nearly always.
  ///
  /// Four questions take 2 µs (Linux 6.18), which the first crop of a file that is opened for it pays.
  private static var mostSamples: Int { 4 }

  @inline(never)
  private borrowing func fetchStretches(
    from source: any Source, at offset: Int, itemSize: Int, range: Range<Int>, time: UInt64,
    _ budget: inout FetchBudget
  ) {
    guard !budget.isSpent else { return }
    let stretches = SourceStretches(of: self, at: offset, itemSize: itemSize)
    let samples = min(stretches.count, Self.mostSamples)
    let areAtHand = (0..<samples).allSatisfy { number in
      // Evenly over all, the first among them.
      source.isAtHand(stretches[(stretches.count - 1) / max(samples - 1, 1) * number])
    }
    guard !areAtHand else {
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

/// What a box reads of a source, as stretches that lie more than a page apart, in the order of the source.
private struct SourceStretches {
  /// What is not wanted between two parts of a stretch: less than a page, which is fetched whole anyway.
  private static var smallGap: Int { SystemCall.pageSize }

  /// The number of stretches; where it is more than can be counted, as many as can.
  let count: Int
  /// The bytes of each.
  private let byteCount: Int
  /// The first byte of the first.
  private let start: Int
  /// The loops from one to the next, the closest first.
  private var loops = InlineVector(
    filler: BoxLoop(count: 0, sourceStride: 0, outputStride: 0))

  init(of box: borrowing CropBox, at offset: Int, itemSize: Int) {
    start = offset + box.sourceRange(itemSize: itemSize).lowerBound
    var (count, byteCount) = (1, itemSize)
    var last: UInt = 0
    for _ in 0..<box.loops.count {
      // The next wider loop. Those of one stride see the same bytes as one that has all of their turns.
      var (turns, stride) = (0, UInt.max)
      for index in 0..<box.loops.count where box.loops[index].sourceStride.magnitude > last {
        let loop = box.loops[index]
        if loop.sourceStride.magnitude < stride {
          (turns, stride) = (0, loop.sourceStride.magnitude)
        }
        if loop.sourceStride.magnitude == stride { turns &+= loop.count &- 1 }
      }
      guard turns > 0, stride < UInt(Int.max) else { break }
      last = stride
      // Within the box, whose bytes can be counted.
      if loops.count == 0, Int(stride) - byteCount <= Self.smallGap {
        byteCount &+= turns &* Int(stride)
      } else {
        loops.append(BoxLoop(count: turns &+ 1, sourceStride: Int(stride), outputStride: 0))
        let (product, overflow) = count.multipliedReportingOverflow(by: turns &+ 1)
        count = overflow ? .max : product
      }
    }
    self.count = count
    self.byteCount = byteCount
  }

  /// The bytes of a stretch.
  subscript(number: Int) -> Range<Int> {
    var (rest, first) = (number, start)
    for index in 0..<loops.count {
      first &+= rest % loops[index].count &* loops[index].sourceStride
      rest /= loops[index].count
    }
    return first..<first &+ byteCount
  }
}
