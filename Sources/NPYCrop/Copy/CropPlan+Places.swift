// Plans of places that differ in nothing but where they are: one kernel goes through the list.

extension CropPlan {
  /// Copies what a plan of a list of places takes, and makes sure that it was the source's.
  ///
  /// Sound as a run of any plan is.
  @inline(never)
  func runPlaces(
    on source: any Source, as index: Int, to output: UnsafeMutableRawPointer, delivery: Delivery,
    extent: ReadExtent
  ) throws(FileError) {
    let visit = try source.enter()
    defer { source.leave(visit) }
    let isVerified = try unsafe ordered(for: source).run(
      0..<placeCount, on: source, as: index, to: output, delivery: delivery, extent: extent)
    if !isVerified { try source.verify(extent) }
  }

  /// The plan as it is best run on a source that is kept open.
  ///
  /// Places whose bytes are at hand are copied in the order asked: sorting them would take longer than the copy. Others
  /// are sorted, so that the source is gone through once, and near ones are fetched or read together.
  func ordered(for source: any Source) -> CropPlan {
    guard let list = parts?.list, list.offsets.count > 1 else { return self }
    return isAtHand(list, in: source) ? self : inFileOrder()
  }

  /// Whether places of a list are so many that they come to the same pages again, which a mapping has at hand then.
  func hasManyPlaces(_ range: Range<Int>) -> Bool {
    parts?.list != nil && range.count > ReadOutline.mostStretches
  }

  /// Whether all bytes of the places seem to be at hand, at an address.
  func isAtHand(_ list: PlaceList, in source: any Source) -> Bool {
    guard !source.lendsNothing, source.loanTerms != .stretches else { return false }
    guard let time = source.lookingTime(), let seen = rangeOfPlace, !list.offsets.isEmpty else {
      return true
    }
    let extent =
      seen.lowerBound &+ list.bounds.lowest..<seen.upperBound &+ list.bounds.highest
    // By what is known of the source's blocks, which holds for other lists, too.
    if !source.mayWait(for: extent, at: time) { return true }
    let pages = SystemCall.pageCount(of: extent)
    let isAtHand: Bool
    if pages / Self.pagesOfQuestion <= list.offsets.count {
      // A few that are missing are waited for one by one.
      isAtHand = (source.cachedPageCount(in: extent) ?? .max) >= pages - pages / 256
    } else {
      let step = max(list.offsets.count / Self.mostSampled, 1)
      isAtHand = stride(from: 0, to: list.offsets.count, by: step).allSatisfy { index in
        let offset = list.offsets[index]
        let range = seen.lowerBound &+ offset..<seen.upperBound &+ offset
        return !source.mayWait(for: range, at: time) || source.isAtHand(range)
      }
    }
    if isAtHand { source.noteAtHand(extent, isFetched: false, at: time) }
    return isAtHand
  }

  /// A question about so many pages takes no longer than what is asked for each place.
  private static var pagesOfQuestion: Int { 64 }
  /// As many places are asked about: if these are at hand, so are the others, nearly always.
  private static var mostSampled: Int { 32 }

  /// The bytes of the source that are seen from the place at offset 0, from the first to the last; nil where all is
  /// fill.
  private var rangeOfPlace: Range<Int>? {
    var range: Range<Int>?
    parts?.pieces[0].forEachBox(isFillUniform: fill.isUniform) { box in
      guard box.fillAxis == nil else { return }
      let seen = box.sourceRange(itemSize: itemSize)
      range =
        min(
          range?.lowerBound ?? .max, seen.lowerBound)..<max(
          range?.upperBound ?? .min, seen.upperBound)
    }
    return range.map { place.sourceOffset &+ $0.lowerBound..<place.sourceOffset &+ $0.upperBound }
  }

  /// The same where each place is one stretch of the source; nil where it is several, or none.
  func stretchOfPlace() -> Range<Int>? {
    guard let piece = parts?.pieces[0], piece.isBox else { return nil }
    let stretches = piece.box().stretches(at: place, itemSize: itemSize)
    return stretches.count == 1 ? stretches[0] : nil
  }

  /// Copies what has a source of some places of a list.
  ///
  /// Sound as a run of the plan is.
  ///
  /// - Returns: The places that are left.
  func copyPlaces(
    _ range: Range<Int>, of index: Int, from source: UnsafeRawPointer,
    to output: UnsafeMutableRawPointer, delivery: Delivery
  ) -> Range<Int> {
    guard let parts, let list = parts.list, byteCount > 0, parts.pieces[0].source == index else {
      return range
    }
    let inside = range.clamped(to: list.offsets.indices)
    guard !inside.isEmpty else { return range }
    let places = PlaceRun(list: list, range: inside, stride: parts.listStride)
    parts.pieces[0].forEachBox(isFillUniform: fill.isUniform) { box in
      if let axis = box.fillAxis {
        let element = fill.element(ofAxis: axis)
        for index in inside {
          let to = place.outputOffset &+ box.outputOffset &+ list.target(of: index) &* places.stride
          unsafe box.deliver(by: delivery, fill: element, to: output + to)
        }
      } else {
        unsafe box.deliver(
          by: delivery, at: places, from: source + (place.sourceOffset &+ box.sourceOffset),
          to: output + (place.outputOffset &+ box.outputOffset))
      }
    }
    return inside.upperBound..<range.upperBound
  }
}
