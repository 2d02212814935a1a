import NPYCrop

/// The variants of a workload of many windows at once, or of one for several tasks, run on its file.
struct BatchRun {
  private let workload: Workload
  private let array: NPYArray
  private let window: [Int]
  private let windowCount: Int
  private let positions: Positions
  private var output: [Float]

  init(_ workload: Workload, windowCount: Int, path: String) throws(BenchmarkError) {
    let array = try BenchmarkError.of { () throws(NPYError) in try NPYArray(path: path) }
    window = try workload.window(in: array.shape, path: path)
    self.workload = workload
    self.array = array
    self.windowCount = windowCount
    positions = Positions(shape: array.shape, window: window, isPooled: false)
    output = [Float](repeating: 0, count: window.reduce(windowCount, *))
  }

  /// Checks and times every variant, round after round.
  mutating func results(
    repetitions: Int, seed: UInt64
  ) async throws(BenchmarkError) -> [WorkloadResult] {
    var results: [WorkloadResult] = []
    for variant in workload.variants {
      var random = SplitMix64(seed: 42)
      try await crop(variant, at: origins(from: &random))
      // Sound: the bytes are read only within the closure.
      let sum = unsafe output.withUnsafeBytes { bytes in unsafe checksum(Array(bytes)) }
      results.append(
        WorkloadResult(workload: workload.name, variant: variant, checksum: sum))
    }
    var random = SplitMix64(seed: seed)
    var touch = PageTouch()
    let rounds = min(4, repetitions)
    for _ in 0..<rounds {
      for index in results.indices {
        try touch.run([array])
        try await crop(results[index].variant, at: origins(from: &random))
        var times: [Int] = []
        let before = ResourceUsage.now
        for _ in 0..<(repetitions + rounds - 1) / rounds {
          try checkInterruption()
          let origins = origins(from: &random)
          let start = monotonicNanoseconds()
          try await crop(results[index].variant, at: origins)
          times.append(monotonicNanoseconds() - start)
        }
        results[index].minorFaults += (ResourceUsage.now - before).minorFaults
        results[index].samples.append(round: times)
      }
    }
    return results
  }

  private func origins(from random: inout SplitMix64) -> [[Int]] {
    var origins: [[Int]] = []
    var position = window
    for _ in 0..<windowCount {
      positions.draw(&position, from: &random)
      origins.append(position)
    }
    return origins
  }

  /// One batch, all of which is timed: making the regions, too.
  private mutating func crop(
    _ variant: Workload.Variant, at origins: [[Int]]
  ) async throws(BenchmarkError) {
    let window = window
    do {
      let array = try array.elements(as: Float.self)
      if windowCount == 1 {
        let region = Region(origin: origins[0], size: window)
        switch variant {
        case .allocated: output = try array.cropRegion(region).elements
        case .twoTasks: try await array.cropRegion(region, parallelism: 2, into: &output)
        default: try array.cropRegion(region, into: &output)
        }
        return
      }
      switch variant {
      case .allocated:
        output = try array.cropRegions(origins: origins, size: window).elements
      case .twoTasks:
        let regions = origins.map { Region(origin: $0, size: window) }
        try await array.cropRegions(regions, parallelism: 2, into: &output)
      default:
        let regions = origins.map { Region(origin: $0, size: window) }
        try array.cropRegions(regions, into: &output)
      }
    } catch {
      throw .array(error)
    }
  }
}
