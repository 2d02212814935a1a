/// All that is measured of one cold file.
struct ColdFileFigures {
  /// One task, in every way.
  struct OfTask {
    let task: ColdTask
    /// The size of the result.
    fileprivate(set) var byteCount = 0
    /// Those of each way.
    fileprivate(set) var samples = ColdWay.allCases.map { _ in ColdSamples() }
  }

  let sample: Sample
  private(set) var tasks = ColdTask.allCases.map { OfTask(task: $0) }
  /// All of the file into memory with `read`, which is the same for every task.
  private(set) var fullLoad = ColdSamples()

  /// Takes samples of every task in every way, in so many rounds, or fewer where they take long: what
  /// disturbs one disturbs all.
  init(of sample: Sample, rounds count: Int) throws(BenchmarkError) {
    self.sample = sample
    var random = SplitMix64(seed: 1)
    let ways = ColdWay.allCases.count
    try slowRounds(atMost: count, within: 25_000_000_000) { round throws(BenchmarkError) in
      for task in tasks.indices {
        for turn in 0..<ways {
          try checkInterruption()
          // Another one is the first each time: it follows what leaves more in the caches, or less.
          try time(task, (turn + round) % ways, from: &random)
        }
      }
      let start = try coldStart()
      fullLoad.append(time: try FullLoads.timeRead(sample), since: start)
    }
  }

  private mutating func time(
    _ task: Int, _ way: Int, from random: inout SplitMix64
  ) throws(BenchmarkError) {
    let request = ColdRequest(tasks[task].task, in: sample, from: &random)
    // Memory that has its pages, and nothing of the file in it.
    var output = [Float](repeating: -1, count: request.elementCount)
    let start = try coldStart()
    let time = try nanoseconds { () throws(BenchmarkError) in
      try ColdWay.allCases[way].crop(request, of: sample.path, into: &output)
    }
    tasks[task].samples[way].append(time: time, since: start)
    tasks[task].byteCount = request.byteCount
    try check(output, of: request)
  }

  /// The moment before a sample, of which no page may be left.
  private func coldStart() throws(BenchmarkError) -> ColdStart {
    let start = try ColdStart(dropping: sample.path)
    if let pages = start.cachedPages, pages > 0 {
      throw .stillCached(path: sample.path, pages: pages)
    }
    return start
  }

  /// Checks that a result is what was written to the file.
  private func check(_ output: [Float], of request: ColdRequest) throws(BenchmarkError) {
    var rest = output[...]
    for range in request.elements {
      for index in range {
        let (row, column) = index.quotientAndRemainder(dividingBy: sample.shape[1])
        let expected = sample.element(row: row, column: column)
        let found = rest.popFirst() ?? .nan
        guard found == expected else {
          throw .wrongElement(
            path: sample.path, index: [row, column], found: found, expected: expected)
        }
      }
    }
  }
}
