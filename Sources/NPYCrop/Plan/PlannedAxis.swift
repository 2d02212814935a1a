/// One axis of the output: its length, and the segments that fill it.
struct PlannedAxis: BitwiseCopyable, Hashable, Sendable {
  /// The length of the output axis.
  let count: Int
  /// The bytes from one index of the array's axis to the next; 0 for an axis that is new.
  let sourceStride: Int
  /// The bytes from one index of the output axis to the next.
  var outputStride = 0
  /// Where the axis' segments begin among those of the piece; they end where the next axis' begin.
  let firstSegment: Int

  init(count: Int, sourceStride: Int, outputStride: Int = 0, firstSegment: Int) {
    self.count = count
    self.sourceStride = sourceStride
    self.outputStride = outputStride
    self.firstSegment = firstSegment
  }
}
