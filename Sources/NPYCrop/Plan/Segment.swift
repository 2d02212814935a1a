extension CropPlan {
  /// A piece of an output axis that is an affine walk along an axis of the array: output index
  /// `outputStart + k` is array index `sourceStart + k * sourceStep`, for `k` in `0..<count`.
  ///
  /// A slice is one segment, an index list as many as it has runs of even step.
  public struct Segment: BitwiseCopyable, Hashable, Sendable {
    /// The first index of the output axis that the segment fills.
    public let outputStart: Int
    /// How many it fills.
    public let count: Int
    /// The index of the array's axis that the first comes from.
    public let sourceStart: Int
    /// The distance along the array's axis from one to the next: any sign, 0 to repeat one.
    public let sourceStep: Int
  }
}

/// One axis of the output: its length, and the segments that fill it.
struct PlannedAxis: BitwiseCopyable, Hashable, Sendable {
  /// The length of the output axis.
  let count: Int
  /// The bytes from one index of the array's axis to the next; 0 for an axis that is new.
  let sourceStride: Int
  /// The bytes from one index of the output axis to the next.
  var outputStride = 0
  /// Where the axis' segments begin among those of the plan; they end where the next axis' begin.
  let firstSegment: Int
}
