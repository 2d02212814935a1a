import CAllocationCount
import CCounts

/// What a round of crops takes, apart from instructions: callgrind is told where the rounds are.
struct Counts {
  /// The crops of a round.
  static let crops = 16
  /// All of the same crops: one that something disturbed does not move the median.
  private static let rounds = 5

  let allocations: UInt
  let faults: Int

  @inline(__always)
  init(of crop: inout some CountedCrop, times factor: Int) throws {
    // The first crops of a process fill its caches, and the first of an array decide how it is read.
    for number in 0..<4 * Self.crops { try crop.run(number % Self.crops) }
    var allocations: [UInt] = []
    var faults: [Int] = []
    for _ in 0..<Self.rounds {
      let before = (allocation_count(), minor_faults())
      count_mark()
      for number in 0..<Self.crops {
        for _ in 0..<factor { try crop.run(number) }
      }
      count_mark()
      allocations.append(allocation_count() - before.0)
      faults.append(minor_faults() - before.1)
    }
    self.allocations = allocations.sorted()[Self.rounds / 2]
    self.faults = faults.sorted()[Self.rounds / 2]
  }
}
