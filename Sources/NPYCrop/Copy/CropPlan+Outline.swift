// How reads go through a source, as it has to know before it lends its bytes.

extension CropBox {
  /// What a read of the box touches, as stretches that lie more than a page apart.
  func stretches(at place: Place, itemSize: Int) -> SourceStretches {
    // Less than a page is fetched whole anyway.
    SourceStretches(
      of: self, at: place.sourceOffset, itemSize: itemSize, gap: SystemCall.pageSize)
  }
}

extension CropPlan {
  /// How a read of some places goes through one of the sources.
  func outline(of places: Range<Int>, ofSource index: Int) -> ReadOutline? {
    var (count, first, second) = (0, 0, 0)
    forEachBox(in: places, ofSource: index) { box, place in
      // More are not told apart.
      guard box.fillAxis == nil, count <= ReadOutline.mostStretches else { return }
      let stretches = box.stretches(at: place, itemSize: itemSize)
      if count == 0 { first = stretches[0].lowerBound }
      if count < 2, count + stretches.count > 1 { second = stretches[1 - count].lowerBound }
      count += min(stretches.count, ReadOutline.mostStretches + 1)
    }
    return ReadOutline(stretchCount: count, first: first, second: second)
  }
}
