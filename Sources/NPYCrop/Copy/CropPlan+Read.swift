extension CropPlan {
  /// Copies the planned elements from a file by positioned reads, with the same kernels.
  ///
  /// Sound where `output` has `byteCount` bytes.
  func read(
    from file: borrowing OpenFile, to output: UnsafeMutableRawPointer, delivery: Delivery,
    scratch: borrowing ReadScratch
  ) throws(FileError) {
    // Sound: the reader is gone before the scratch memory is.
    let reader = unsafe BoxReader(
      output: output, scratch: scratch.bytes, delivery: delivery)
    try forEachBox { box throws(FileError) in
      guard let axis = box.fillAxis else {
        try reader.read(copy box, from: file)
        return
      }
      // Sound: a box of a plan lies within the result.
      unsafe box.deliver(
        by: delivery, fill: fill.element(ofAxis: axis), to: output + box.outputOffset)
    }
  }
}

/// Memory that pieces of a file are read into on their way to a result.
@safe
struct ReadScratch: ~Copyable {
  /// As much as stays in a cache of the second level beside the result.
  private static let mostBytes = 256 << 10

  fileprivate let bytes: UnsafeMutableRawBufferPointer

  /// As much as can be of use for crops of an array.
  init(for layout: ArrayLayout) {
    unsafe bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(Self.mostBytes, max(layout.span, 1)), alignment: 64)
  }

  deinit { unsafe bytes.deallocate() }
}

/// Reads boxes piece by piece into memory of a bounded size, and copies them on from there.
///
/// All ranges are within the file.
@safe
private struct BoxReader {
  /// Reading on across a gap of so many bytes costs less than another system call.
  private static let smallGap = 8 << 10

  let output: UnsafeMutableRawPointer
  let scratch: UnsafeMutableRawBufferPointer
  let delivery: Delivery

  private var itemSize: Int { delivery.itemSize }

  init(
    output: UnsafeMutableRawPointer, scratch: UnsafeMutableRawBufferPointer, delivery: Delivery
  ) {
    unsafe self.output = output
    unsafe self.scratch = scratch
    self.delivery = delivery
  }

  func read(_ box: CropBox, from file: borrowing OpenFile) throws(FileError) {
    let range = box.sourceRange(itemSize: itemSize)
    if delivery.converter == nil, isRun(box) {
      // Sound: a box of a plan lies within the result.
      let place = unsafe output + box.outputOffset
      try unsafe file.read(
        at: range.lowerBound,
        into: UnsafeMutableRawBufferPointer(start: place, count: range.count))
      if delivery.transform != .none {
        unsafe delivery.transform.apply(from: place, to: place, byteCount: range.count)
      }
    } else if unsafe range.count <= scratch.count, hasSmallGaps(box, range) {
      let piece = unsafe UnsafeMutableRawBufferPointer(rebasing: scratch[..<range.count])
      try unsafe file.read(at: range.lowerBound, into: piece)
      guard let start = piece.baseAddress else { return }
      // Sound: the piece has the bytes of the file that the box lies in, first to last.
      let first = unsafe UnsafeRawPointer(start) + (box.sourceOffset - range.lowerBound)
      unsafe box.deliver(by: delivery, from: first, to: output + box.outputOffset)
    } else if let loop = box.widestLoop {
      let (first, rest) = box.split(atLoop: loop)
      try read(first, from: file)
      try read(rest, from: file)
    }
  }

  /// Whether the box is one stretch of the file and of the result.
  private func isRun(_ box: CropBox) -> Bool {
    switch box.loops.count {
    case 0: true
    case 1: box.loops[0].sourceStride == itemSize && box.loops[0].outputStride == itemSize
    default: false
    }
  }

  /// Whether little is read in vain between the turns of the loop that lie farthest apart.
  private func hasSmallGaps(_ box: CropBox, _ range: Range<Int>) -> Bool {
    guard let widest = box.widestLoop else { return true }
    let loop = box.loops[widest]
    let stride = Int(clamping: loop.sourceStride.magnitude)
    let turnBytes = range.count - (loop.count - 1) * stride
    return stride - turnBytes <= Self.smallGap
  }
}
