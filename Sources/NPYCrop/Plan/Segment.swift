extension CropPlan {
  /// A piece of an output axis that is an affine walk along an axis of the array: output index
  /// `outputStart + k` is array index `sourceStart + k * sourceStep`, for `k` in `0..<count`.
  ///
  /// A slice is one segment, an index list as many as it has runs of even step. Where a slice
  /// reaches outside, what is before the array, within it and after it are segments of their own:
  /// a fill, which has no index of the array, or walks, which may be taken `repeats` times, each
  /// `period` output indices after the one before.
  public struct Segment: BitwiseCopyable, Hashable, Sendable {
    /// What a segment's elements are.
    @nonexhaustive
    public enum Origin: BitwiseCopyable, Hashable, Sendable {
      /// Those of the array at the places that the region names.
      case array
      /// Those of the array that stand for places outside.
      case image
      /// A value that stands for places outside along an axis of the array.
      case fill(axis: Int)
    }

    /// The first index of the output axis that the segment fills.
    public let outputStart: Int
    /// How many it fills, before it is repeated.
    public let count: Int
    /// The index of the array's axis that the first comes from.
    public let sourceStart: Int
    /// The distance along the array's axis from one to the next: any sign, 0 to repeat one.
    public let sourceStep: Int
    /// What the elements are.
    public let origin: Origin
    /// How often the same walk is taken: once, but where an axis is padded by more than its length.
    public let repeats: Int
    /// The distance along the output axis from one repeat to the next; 0 where there is none.
    public let period: Int

    @inline(__always)
    init(
      outputStart: Int, count: Int, sourceStart: Int, sourceStep: Int, origin: Origin = .array,
      repeats: Int = 1, period: Int = 0
    ) {
      self.outputStart = outputStart
      self.count = count
      self.sourceStart = sourceStart
      self.sourceStep = sourceStep
      self.origin = origin
      self.repeats = repeats
      self.period = period
    }

    /// The same walk from another index of the array's axis.
    func moved(by distance: Int) -> Segment {
      Segment(
        outputStart: outputStart, count: count, sourceStart: sourceStart &+ distance,
        sourceStep: sourceStep, origin: origin, repeats: repeats, period: period)
    }

    /// The output index after the last that the segment fills: at most the length of the axis.
    var outputEnd: Int { outputStart + (repeats - 1) * period + count }

    /// The last index of the array's axis that is read; 0 where none is.
    @inline(__always)
    var farthestSource: Int {
      // An axis without elements may have any step.
      guard fillAxis == nil, count > 0 else { return 0 }
      // Both are indices of the axis (`Bounds`, 3).
      return max(sourceStart, sourceStart &+ (count &- 1) &* sourceStep)
    }

    /// The array's axis whose fill the segment shows; nil where it shows elements.
    var fillAxis: Int? {
      if case .fill(let axis) = origin { axis } else { nil }
    }
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
  /// Where the axis' segments begin among those of the piece; they end where the next axis' begin.
  let firstSegment: Int
}
