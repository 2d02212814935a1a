/// A part of an output axis that is an affine walk along an axis of the array: output index
/// `outputStart + k` is array index `sourceStart + k * sourceStep`, for `k` in `0..<count`.
///
/// A slice is one segment, an index list as many as it has runs of even step. Where a slice
/// reaches outside, what is before the array, within it and after it are segments of their own:
/// a fill, which has no index of the array, or walks, which may be taken `repeats` times, each
/// `period` output indices after the one before.
public struct AxisSegment: BitwiseCopyable, Hashable, Sendable {
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
  /// The distance along the output axis from one repeat to the next; 0 if there is only one.
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
  func moved(by distance: Int) -> AxisSegment {
    AxisSegment(
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

/// What the segments of an axis are added to.
protocol SegmentList: ~Copyable {
  /// How many segments there are, of this axis and of others.
  var segmentCount: Int { get }

  /// Adds a segment.
  mutating func append(_ segment: AxisSegment)
}

extension SegmentList where Self: ~Copyable {
  /// Adds the segments of a list of indices of the array, one for each run of even step.
  ///
  /// - Parameters:
  ///   - indices: The indices.
  ///   - outputStart: The first index of the output axis that they fill.
  ///   - origin: What the elements are.
  mutating func appendRuns(
    of indices: [Int], from outputStart: Int, origin: AxisSegment.Origin
  ) {
    var start = 0
    while start < indices.count {
      var end = start + 1
      let step = end < indices.count ? indices[end] - indices[start] : 1
      while end < indices.count, indices[end] - indices[end - 1] == step { end += 1 }
      append(
        AxisSegment(
          outputStart: outputStart + start, count: end - start, sourceStart: indices[start],
          sourceStep: step, origin: origin))
      start = end
    }
  }
}
