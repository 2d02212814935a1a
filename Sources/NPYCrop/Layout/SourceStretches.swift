/// What a box reads of a source, as stretches that lie far apart, in the order of the source.
struct SourceStretches: Sendable {
  /// The number of stretches; where it is more than can be counted, as many as can.
  let count: Int
  /// The bytes of each.
  private let byteCount: Int
  /// The first byte of the first.
  private let start: Int
  /// The loops from one to the next, the closest first.
  private var loops = InlineVector(
    filler: BoxLoop(count: 0, sourceStride: 0, outputStride: 0))

  /// - Parameters:
  ///   - box: The box.
  ///   - offset: Where in the source it is seen from.
  ///   - itemSize: The size of an element.
  ///   - gap: No more bytes than these that are not wanted lie within a stretch, and more between two.
  init(of box: borrowing CropBox, at offset: Int, itemSize: Int, gap: Int) {
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
      if loops.count == 0, Int(stride) - byteCount <= gap {
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
