/// The times of one figure in nanoseconds, round by round.
struct Samples {
  private(set) var rounds: [[Int]] = []

  var count: Int { rounds.reduce(0) { $0 + $1.count } }
  var minimum: Int { rounds.lazy.joined().min() ?? 0 }

  /// The median of the rounds' medians: a round that something disturbed does not move it.
  var median: Int { Self.median(of: rounds.map { Self.median(of: $0) }) }

  /// The time that 99 of 100 samples stay below.
  var percentile99: Int {
    let sorted = rounds.joined().sorted()
    return sorted.isEmpty ? 0 : sorted[sorted.count * 99 / 100]
  }

  mutating func append(round: [Int]) {
    if !round.isEmpty { rounds.append(round) }
  }

  /// The one in the middle; the upper one of two.
  static func median<Value: Comparable & ExpressibleByIntegerLiteral>(
    of values: [Value]
  ) -> Value {
    values.isEmpty ? 0 : values.sorted()[values.count / 2]
  }
}

/// How long `body` takes, in nanoseconds.
@inline(__always)
func nanoseconds<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) -> Int {
  let start = monotonicNanoseconds()
  try body()
  return monotonicNanoseconds() - start
}

/// Takes the samples of a figure that may be slow: fewer than `count` where they take too long.
///
/// `sample` is told which one it is.
func slowSamples(
  atMost count: Int, _ sample: (Int) throws(BenchmarkError) -> Int
) throws(BenchmarkError) -> Samples {
  var times: [Int] = []
  try slowRounds(atMost: count, within: 4_000_000_000) { number throws(BenchmarkError) in
    times.append(try sample(number))
  }
  var samples = Samples()
  samples.append(round: times)
  return samples
}

/// Does something that may be slow: fewer than `count` times where it takes too long.
///
/// None but the first is begun after `budget` nanoseconds; `round` is told which one it is.
func slowRounds(
  atMost count: Int, within budget: Int, _ round: (Int) throws(BenchmarkError) -> Void
) throws(BenchmarkError) {
  let start = monotonicNanoseconds()
  for number in 0..<count where number == 0 || monotonicNanoseconds() - start < budget {
    try checkInterruption()
    try round(number)
  }
}
