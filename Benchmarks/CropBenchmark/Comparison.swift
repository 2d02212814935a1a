import NPYCrop

/// The measurements of the report: a small window against the whole file, over growing files.
struct Comparison {
  private(set) var files: [FileFigures] = []
  /// What is missing and why, in words.
  private(set) var omissions: [String] = []

  /// Makes a directory in the parent with the samples in it, measures, and removes them all.
  init(in parent: String) throws(BenchmarkError) {
    var directory = try SampleDirectory(in: parent)
    defer { directory.remove() }
    let samples = try makeSamples(in: &directory, parent: parent)

    var timer = CropTimer()
    // Before anything is counted: the first crop of a process pays for loading its code.
    for sample in samples { try timer.check(sample) }
    var costs: [CropCost] = []
    for sample in samples { costs.append(try timer.cost(of: sample)) }
    showProgress("crops of files that stay open")
    let keptOpen = try timer.timeKeptOpen(samples)
    for (index, sample) in samples.enumerated() {
      let size = bytesText(sample.byteCount)
      showProgress("opening, cropping and closing \(size)")
      let checked = try timer.timeChecked(sample)
      let reopened = try timer.timeReopened(sample)
      var fullLoads: FullLoads?
      if !sample.isSparse {
        showProgress("full loads of \(size)")
        fullLoads = try FullLoads(of: sample)
      }
      // Last, since it leaves the page cache in small pieces.
      showProgress("cold crops of \(size)")
      files.append(
        FileFigures(
          sample: sample, cost: costs[index], keptOpen: keptOpen[index], checked: checked,
          reopened: reopened,
          cold: try timer.timeCold(sample, advice: .normal),
          coldRandom: try timer.timeCold(sample, advice: .random), fullLoads: fullLoads))
    }
  }

  /// The file that the others are compared with: that of 64 MiB, which is always there.
  var reference: FileFigures { files[1] }

  private mutating func makeSamples(
    in directory: inout SampleDirectory, parent: String
  ) throws(BenchmarkError) -> [Sample] {
    let sizes = try SampleSizes(in: parent)
    if let omission = sizes.omission { omissions.append(omission) }
    var samples = try directory.makeSamples(byteCounts: sizes.byteCounts)
    do {
      samples.append(try directory.makeSparseSample(byteCount: 1 << 40))
    } catch {
      // Some file systems have no files that long.
      guard case .system(let call, _, let number) = error else { throw error }
      omissions.append("No file of 1 TiB: \(call): \(words(forErrno: number)).")
    }
    return samples
  }
}
