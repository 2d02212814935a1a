import NPYCrop

/// The variants of a workload, run on its file.
struct WorkloadRun<Element: NPYElement> {
  private let workload: Workload
  private let array: NPYArray
  /// The same file, of which nothing is asked after a crop.
  private let unverified: NPYArray
  private let window: [Int]
  private let positions: Positions
  private var position: [Int]
  private var output: [Element] = []

  init(_ workload: Workload, path: String) throws(BenchmarkError) {
    let advice: Advice = workload.isPooled ? .random : .normal
    let array = try BenchmarkError.of { () throws(NPYError) in
      try NPYArray(path: path, advice: advice)
    }
    unverified = try BenchmarkError.of { () throws(NPYError) in
      try NPYArray(path: path, verification: .none, advice: advice)
    }
    window = try workload.window(in: array.shape, path: path)
    self.workload = workload
    self.array = array
    positions =
      workload.padding == .none
      ? Positions(
        shape: workload.shape(ofPlacesIn: array.shape), window: window, isPooled: workload.isPooled)
      : Positions(acrossBorderOf: array.shape, window: window)
    position = [Int](repeating: 0, count: window.count)
  }

  /// Checks and times every variant, round after round, so that what disturbs one disturbs all.
  mutating func results(
    repetitions: Int, seed: UInt64
  ) throws(BenchmarkError) -> [WorkloadResult] {
    try array.loadWindows(at: positions.places, size: window)
    // Memory that has its pages, for the variants that use it again.
    try crop(.allocated)
    var results: [WorkloadResult] = []
    for variant in workload.variants {
      results.append(
        WorkloadResult(
          workload: workload.name, variant: variant, checksum: try checksumOfCrops(by: variant)))
    }
    var random = SplitMix64(seed: seed)
    let rounds = min(4, repetitions)
    var touch = PageTouch()
    for _ in 0..<rounds {
      for index in results.indices {
        if workload.isTouchedBefore { try touch.run([array, unverified]) }
        try timeRound(
          &results[index], count: (repetitions + rounds - 1) / rounds, from: &random)
      }
    }
    return results
  }

  private mutating func timeRound(
    _ result: inout WorkloadResult, count: Int, from random: inout SplitMix64
  ) throws(BenchmarkError) {
    positions.draw(&position, from: &random)
    try crop(result.variant)
    var times: [Int] = []
    times.reserveCapacity(count)
    let before = ResourceUsage.now
    for _ in 0..<count {
      positions.draw(&position, from: &random)
      times.append(
        try nanoseconds { () throws(BenchmarkError) in try crop(result.variant) })
    }
    result.minorFaults += (ResourceUsage.now - before).minorFaults
    result.samples.append(round: times)
  }

  /// One crop at the position, all of which is timed: making the region, too.
  @inline(__always)
  private mutating func crop(_ variant: Workload.Variant) throws(BenchmarkError) {
    let region = workload.region(at: position, size: window)
    let padding = workload.padding
    do {
      if let scale = workload.scale {
        try convert(region, variant, scale: scale)
        return
      }
      switch variant {
      case .intoBuffer, .twoTasks:
        try array.cropRegion(region, as: Element.self, padding: padding, into: &output)
      case .unverified:
        try unverified.cropRegion(region, as: Element.self, padding: padding, into: &output)
      case .allocated:
        output = try array.cropRegion(region, as: Element.self, padding: padding).elements
      case .openCropClose:
        try NPYArray(path: array.path).cropRegion(region, as: Element.self, into: &output)
      case .oneCall, .openCropCloseInTasks:
        output = try cropRegion(region, of: array.path, as: Element.self).elements
      }
    } catch {
      throw .array(error)
    }
  }

  /// One crop whose numbers become others.
  private mutating func convert(
    _ region: Region, _ variant: Workload.Variant, scale: Double
  ) throws(NPYError) {
    switch variant {
    case .allocated:
      output =
        try array.converted(to: Element.self, scale: scale).cropRegion(region).elements
    case .unverified:
      try unverified.converted(to: Element.self, scale: scale).cropRegion(region, into: &output)
    default:
      try array.converted(to: Element.self, scale: scale).cropRegion(region, into: &output)
    }
  }

  /// The protocol's checksum of a variant: of eight crops, or of the ends of the whole array.
  private mutating func checksumOfCrops(
    by variant: Workload.Variant
  ) throws(BenchmarkError) -> UInt64 {
    var random = SplitMix64(seed: 42)
    var sum: UInt64 = 0
    for number in 0..<(workload.window == nil ? 1 : workload.checkedCount) {
      positions.draw(&position, from: &random)
      try crop(variant)
      // Sound: the bytes are read only within the closure.
      let ofCrop = unsafe output.withUnsafeBytes { bytes in
        workload.window == nil
          ? unsafe checksum(Array(bytes.prefix(64)) + Array(bytes.suffix(64)))
          : unsafe checksum(Array(bytes))
      }
      sum &+= ofCrop &* UInt64(2 * number + 1)
    }
    return sum
  }
}
