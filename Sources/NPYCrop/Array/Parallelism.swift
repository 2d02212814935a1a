/// How many tasks copy a result.
///
/// ```swift
/// let batch = try await array.cropRegions(windows, parallelism: .automatic)
/// let same = try await array.cropRegions(windows, parallelism: 4)
/// ```
public struct Parallelism: Hashable, Sendable {
  /// Nil for as many as pay.
  let count: Int?

  /// As many as there are processors, and fewer where there is little to copy.
  public static var automatic: Parallelism { Parallelism(count: nil) }

  /// A number of tasks: one at least; fewer where there are fewer windows, for a single window where each
  /// would have less than 256 KiB to copy, and no more than four for each processor.
  public static func tasks(_ count: Int) -> Parallelism { Parallelism(count: count) }
}

extension Parallelism: ExpressibleByIntegerLiteral {
  /// A number of tasks.
  public init(integerLiteral count: Int) { self.init(count: count) }
}
