internal import CKernels

// The kernels of lists of places: rows of one length at any distances.
//
// | what a place is | kernel |
// |---|---|
// | a run, as it is | `npy_gather_places` |
// | a run whose bytes change places | the same, then `ByteTransform` on what was gathered |
// | a run that is converted | the same into scratch, then `Converter` |
// | a box with a loop that is wider than the list | one of the above for each turn of the loop |
// | any other box | the kernels of boxes, one place after the other |
//
// Sound, for every function here: the caller hands a planned box and the offsets of a planned list, so each run lies
// within the source and within the output.

/// Some places of a list, and how their results lie.
struct PlaceRun {
  let list: PlaceList
  let range: Range<Int>
  /// The bytes of the result from one place to the next.
  let stride: Int

  /// Runs `body` on the places' offsets in the source, and on what tells where their results go: the list of targets,
  /// or, if that is nil, the first target, which the others follow in order.
  @inline(__always)
  func withOffsets(
    _ body: (UnsafePointer<Int>, UnsafePointer<Int>?, _ first: Int) -> Void
  ) {
    unsafe list.offsets.withUnsafeBufferPointer { offsets in
      guard let start = offsets.baseAddress else { return }
      let offsets = unsafe start + range.lowerBound
      guard let targets = list.targets else {
        unsafe body(offsets, nil, range.lowerBound)
        return
      }
      unsafe targets.withUnsafeBufferPointer { targets in
        guard let first = targets.baseAddress else { return }
        unsafe body(offsets, first + range.lowerBound, 0)
      }
    }
  }
}

/// The rows of a box: the loop of neighbours on both sides, or single elements.
private struct PlaceRow {
  /// The elements of a row.
  let count: Int
  let byteCount: Int
  let outputByteCount: Int
}

extension CropBox {
  /// Copies or converts the elements of the box at each place of a list.
  borrowing func deliver(
    by delivery: Delivery, at places: PlaceRun, from source: UnsafeRawPointer,
    to output: UnsafeMutableRawPointer
  ) {
    let last = loops.count - 1
    let isRow =
      last >= 0 && loops[last].sourceStride == delivery.itemSize
      && loops[last].outputStride == delivery.outputItemSize
    let count = isRow ? loops[last].count : 1
    let row = PlaceRow(
      count: count, byteCount: count &* delivery.itemSize,
      outputByteCount: count &* delivery.outputItemSize)
    let outer = isRow ? last : last + 1
    guard outer > 0 else {
      return unsafe places.deliver(row, by: delivery, from: source, to: output)
    }
    guard places.range.count >= Self.fewPlaces, isAround(places.list, outer) else {
      return unsafe deliverEach(by: delivery, at: places, outer, from: source, to: output)
    }
    forEachTurn(upTo: outer) { from, to in
      unsafe places.deliver(row, by: delivery, from: source + from, to: output + to)
    }
  }

  /// With fewer places than this, the box's own loops are the longer ones.
  private static var fewPlaces: Int { 8 }

  /// Whether the box's loops lead farther than the list: then they are gone through outside of it, in the order
  /// of the source.
  private borrowing func isAround(_ list: PlaceList, _ outer: Int) -> Bool {
    let spread = UInt(bitPattern: list.bounds.highest &- list.bounds.lowest)
    for loop in 0..<outer where loops[loop].sourceStride.magnitude < spread { return false }
    return true
  }

  /// Copies or converts the box at one place after the other.
  private borrowing func deliverEach(
    by delivery: Delivery, at places: PlaceRun, _ outer: Int, from source: UnsafeRawPointer,
    to output: UnsafeMutableRawPointer
  ) {
    let list = places.list
    let (inner, rows) = (loops[outer - 1].sourceStride, min(loops[outer - 1].count, 8))
    for index in places.range {
      let next = index &+ 2
      if next < places.range.upperBound {
        var ahead = list.offsets[next]
        for _ in 0..<rows {
          unsafe prefetch(source, ahead)
          ahead &+= inner
        }
      }
      unsafe deliver(
        by: delivery, from: source + list.offsets[index],
        to: output + list.target(of: index) &* places.stride)
    }
  }
}

extension PlaceRun {
  /// Copies or converts a row at each place.
  fileprivate func deliver(
    _ row: PlaceRow, by delivery: Delivery, from source: UnsafeRawPointer,
    to output: UnsafeMutableRawPointer
  ) {
    unsafe withOffsets { offsets, targets, first in
      let output = unsafe output + first &* stride
      if let converter = delivery.converter {
        unsafe convert(row, by: converter, offsets, targets, from: source, to: output, delivery)
      } else if delivery.transform == .none {
        unsafe npy_gather_places(
          output, source, offsets, targets, row.byteCount, range.count, stride)
      } else {
        unsafe transform(row, delivery.transform, offsets, targets, from: source, to: output)
      }
    }
  }

  /// Gathers rows, and has their bytes change places while they are in the processor's cache.
  private func transform(
    _ row: PlaceRow, _ transform: ByteTransform, _ offsets: UnsafePointer<Int>,
    _ targets: UnsafePointer<Int>?, from source: UnsafeRawPointer,
    to output: UnsafeMutableRawPointer
  ) {
    let chunk = max(Self.bytesOfChunk / row.byteCount, 1)
    var done = 0
    while done < range.count {
      let count = min(chunk, range.count &- done)
      let targets = unsafe targets.map { unsafe $0 + done }
      let to = unsafe targets == nil ? output + done &* stride : output
      unsafe npy_gather_places(
        to, source, offsets + done, targets, row.byteCount, count, stride)
      if unsafe targets == nil, stride == row.byteCount {
        unsafe transform.apply(
          from: UnsafeRawPointer(to), to: to, byteCount: count &* row.byteCount)
      } else {
        for place in 0..<count {
          let bytes = unsafe to + (targets?[place] ?? place) &* stride
          unsafe transform.apply(
            from: UnsafeRawPointer(bytes), to: bytes, byteCount: row.byteCount)
        }
      }
      done &+= count
    }
  }

  /// Gathers rows into scratch memory and converts many at once; long ones, and those that lie apart in the result,
  /// one by one.
  private func convert(
    _ row: PlaceRow, by converter: Converter, _ offsets: UnsafePointer<Int>,
    _ targets: UnsafePointer<Int>?, from source: UnsafeRawPointer,
    to output: UnsafeMutableRawPointer, _ delivery: Delivery
  ) {
    var steps = ConversionSteps()
    let (itemSize, outputItemSize) = (delivery.itemSize, delivery.outputItemSize)
    let isDirect = converter.isDirect(sourceStride: itemSize, outputStride: outputItemSize)
    func convert(_ count: Int, from: UnsafeRawPointer, to: UnsafeMutableRawPointer) {
      if isDirect {
        unsafe converter.convertDirect(count: count, from: from, to: to)
      } else {
        unsafe converter.convert(
          count: count, from: from, stride: itemSize, to: to, stride: outputItemSize, by: &steps)
      }
    }
    let chunk = PlaceScratch.byteCount / max(row.byteCount, 1)
    guard unsafe targets == nil, stride == row.outputByteCount, chunk > 1 else {
      for place in 0..<range.count {
        if place &+ 8 < range.count { unsafe prefetch(source, offsets[place &+ 8]) }
        unsafe convert(
          row.count, from: source + offsets[place],
          to: output + (targets?[place] ?? place) &* stride)
      }
      return
    }
    var scratch = PlaceScratch()
    unsafe scratch.withMemory { gathered in
      var done = 0
      while done < range.count {
        let count = min(chunk, range.count &- done)
        unsafe npy_gather_places(
          gathered, source, offsets + done, nil, row.byteCount, count, row.byteCount)
        unsafe convert(
          count &* row.count, from: UnsafeRawPointer(gathered), to: output + done &* stride)
        done &+= count
      }
    }
  }

  /// As much as stays in the first cache.
  private static var bytesOfChunk: Int { 8 << 10 }
}

/// Memory that rows are gathered in: on the stack, for a kernel allocates nothing.
private struct PlaceScratch {
  private var memory = InlineArray<1024, UInt64>(repeating: 0)

  static var byteCount: Int { 8192 }

  @inline(__always)
  mutating func withMemory(_ body: (UnsafeMutableRawPointer) -> Void) {
    unsafe withUnsafeMutableBytes(of: &memory) { bytes in
      guard let first = bytes.baseAddress else { return }
      unsafe body(first)
    }
  }
}
