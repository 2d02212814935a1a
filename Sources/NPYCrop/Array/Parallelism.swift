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

  /// At most this number of tasks, and at least one.
  ///
  /// Fewer copy if there are fewer windows, if the number exceeds four per processor, or if a single window
  /// has fewer parts: a part is about 1 MiB, and a window of at most 1 MiB is not divided.
  public static func tasks(_ count: Int) -> Parallelism { Parallelism(count: count) }
}

extension Parallelism: ExpressibleByIntegerLiteral {
  /// A number of tasks.
  public init(integerLiteral count: Int) { self.init(count: count) }
}
