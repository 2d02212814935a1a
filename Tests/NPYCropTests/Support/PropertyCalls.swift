import Foundation

/// How many calls of the library the property tests make, and from which seed.
///
/// `NPYCROP_PROPERTY_CALLS` is the number of all of them together, `NPYCROP_PROPERTY_SEED` the seed.
struct PropertyCalls {
  private static func setting(_ name: String, _ usual: Int) -> Int {
    ProcessInfo.processInfo.environment["NPYCROP_PROPERTY_\(name)"].flatMap { Int($0) } ?? usual
  }

  /// The calls that one test makes.
  private let most: Int
  private(set) var count = 0
  var random: SeededRandom

  /// - Parameters:
  ///   - percent: The test's part of all calls.
  ///   - name: What tells the test's numbers from those of others.
  init(percent: Int, of name: StaticString = #function) {
    most = Self.setting("CALLS", 20_000) * percent / 100
    let seed = UInt64(truncatingIfNeeded: Self.setting("SEED", 1))
    random = SeededRandom(
      state: name.description.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
  }

  var areLeft: Bool { count < most }

  /// Counts a call that is made elsewhere, or is worth several.
  mutating func add(_ calls: Int = 1) { count += calls }

  /// Makes a call, and counts it.
  mutating func call<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    count += 1
    return try body()
  }

  /// Makes a call that may end in an error.
  mutating func attempt<Result>(_ body: () throws -> Result) -> Result? {
    count += 1
    return try? body()
  }
}
