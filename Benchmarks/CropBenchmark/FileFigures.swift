/// All that is measured of one file.
struct FileFigures {
  let sample: Sample
  let cost: CropCost
  /// A crop of an array that stays open.
  let keptOpen: Samples
  /// The same after a look whether the file was replaced, as a server has it.
  let checked: Samples
  /// Opening the file, a crop, closing it.
  let reopened: Samples
  /// The same with the file out of the page cache.
  let cold: ColdSamples
  /// The same with the advice to read single pages only.
  let coldRandom: ColdSamples
  /// None of a file that nobody could load.
  let fullLoads: FullLoads?

  /// How many times longer a full load takes than a crop of an array that is open.
  var warmRatio: Double? {
    fullLoads.map { Double($0.warm.median) / Double(keptOpen.median) }
  }

  /// The same with nothing in memory, opening included on both sides.
  var coldRatio: Double? {
    fullLoads.map { Double($0.cold.samples.median) / Double(cold.samples.median) }
  }

  /// How the times of a crop are to those of another file: the median of the rounds' ratios.
  func ratio(to other: FileFigures) -> Double {
    Samples.median(
      of: zip(keptOpen.rounds, other.keptOpen.rounds).map {
        Double(Samples.median(of: $0)) / Double(Samples.median(of: $1))
      })
  }
}
