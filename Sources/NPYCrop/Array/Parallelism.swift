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

  /// A fixed number of tasks, at least one.
  ///
  /// Fewer run if there are fewer windows, if a part of a single
  /// window would be less than 256 KiB, or if the number exceeds four per processor.
  public static func tasks(_ count: Int) -> Parallelism { Parallelism(count: count) }
}

extension Parallelism: ExpressibleByIntegerLiteral {
  /// A number of tasks.
  public init(integerLiteral count: Int) { self.init(count: count) }
}
