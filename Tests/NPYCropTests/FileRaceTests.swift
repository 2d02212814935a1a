import Foundation
import Glibc
import Testing

@testable import NPYCrop

/// Files that another thread changes while they are cropped in every way there is: each crop is right,
/// or an error.
///
/// What a reader sees of a cut differs between file systems. The files lie in the folder for temporary
/// files (TMPDIR), so the suite can be run on any of them; NPYCROP_RACE_ROUNDS says how many files
/// each kind of change gets.
@Suite(.serialized) struct FileRaceTests {
  /// What is done to a file.
  enum Change: String, CaseIterable, CustomTestStringConvertible {
    case cut, cutInLastPage, cutAndWriteAgain, replace, remove, grow

    var testDescription: String { rawValue }

    /// Whether crops may be refused under a verification.
    func mayRefuse(_ verification: Verification) -> Bool {
      switch self {
      case .cut, .cutInLastPage, .cutAndWriteAgain: true
      // The times of the file change.
      case .replace, .remove, .grow: verification == .strict
      }
    }
  }

  static let rounds =
    ProcessInfo.processInfo.environment["NPYCROP_RACE_ROUNDS"].flatMap { Int($0) } ?? 250

  @Test(arguments: Change.allCases)
  func `a race gives no crash and no wrong byte`(change: Change) async throws {
    let folder = try TemporaryFolder()
    let clock = try FileClock(folder)
    let (right, refused) = (Tally(), Tally())
    var random = SeededGenerator(seed: 5)
    for round in 0..<Self.rounds {
      let path = try folder.file("a.npy", RacedFile.bytes)
      // A file that is cut and written again is whole before and after: only its times tell.
      let verification: Verification =
        change == .cutAndWriteAgain || random.next(below: 2) == 0 ? .strict : .size
      let access: Access = [.automatic, .mapped, .positionedReads][random.next(below: 3)]
      // A change in the same step of the clock as the file's making could go unnoticed.
      if verification == .strict { try clock.waitForStep() }
      let budget: MemoryBudget? =
        [nil, .bytes(8 << 20), .bytes(1 << 16), .bytes(8 << 20, droppingPageCache: true)][
          random.next(below: 4)]
      let array = try NPYArray(
        path: path, access: access, verification: verification, memoryBudget: budget)
      let place = random.next(below: array.header.dataEnd)
      let delay = random.next(below: 4_000)
      let seeds = (0..<3).map { _ in UInt64(random.next(below: .max)) }
      let (tries, changes, failures) = (Tally(), Tally(), Tally())
      let changer = Thread {
        // However slow the machine is, some crops come before the change.
        while tries.count == 0 { _ = sched_yield() }
        for _ in 0..<delay { _ = getppid() }
        let isChanged = Self.apply(change, to: path, at: place, end: RacedFile.bytes.count)
        if !isChanged { failures.add() }
        changes.add()
      }
      changer.start()
      await withTaskGroup(of: Void.self) { group in
        for seed in seeds {
          group.addTask {
            var random = SeededGenerator(seed: seed)
            // Some crops after the change, and no end before it.
            var rest = 3
            while rest > 0 {
              if changes.count > 0 { rest -= 1 }
              do {
                let wrong = try await RacedFile.wrongCrop(of: array, using: &random)
                if let wrong {
                  Issue.record("round \(round), \(access), \(verification): \(wrong)")
                } else {
                  right.add()
                }
              } catch {
                if !change.mayRefuse(verification) || !Self.isRefusal(error) {
                  Issue.record("round \(round), \(access), \(verification): \(error)")
                }
                refused.add()
              }
              tries.add()
            }
          }
        }
      }
      while !changer.isFinished { _ = sched_yield() }
      #expect(failures.count == 0, "round \(round): the file could not be changed")
      if round % 7 == 0 { array.close() }
    }
    // Both ends of the race were seen, or the test shows nothing.
    #expect(right.count >= Self.rounds)
    if change == .cut || change == .cutAndWriteAgain { #expect(refused.count > Self.rounds / 4) }
  }

  /// Whether an error says that the file was changed, and nothing else.
  private static func isRefusal(_ error: any Error) -> Bool {
    switch (error as? NPYError)?.fault {
    case .file(.truncated), .file(.endOfFile), .file(.changed): true
    default: false
    }
  }

  /// Changes a file, and tells whether that was done.
  private static func apply(_ change: Change, to path: String, at place: Int, end: Int) -> Bool {
    switch change {
    case .cut:
      return unsafe truncate(path, off_t(place)) == 0
    case .cutInLastPage:
      let page = (end - 1) / 4096 * 4096
      return unsafe truncate(path, off_t(page + place % (end - page))) == 0
    case .cutAndWriteAgain:
      let descriptor = unsafe open(path, O_RDWR)
      guard ftruncate(descriptor, off_t(place)) == 0 else { return false }
      let written = unsafe RacedFile.bytes.withUnsafeBytes { bytes in
        unsafe pwrite(
          descriptor, bytes.baseAddress.map { unsafe $0 + place }, end - place, off_t(place))
      }
      return close(descriptor) == 0 && written == end - place
    case .replace:
      let other = path + ".new"
      let data = Data([UInt8](repeating: 255, count: end))
      guard (try? data.write(to: URL(fileURLWithPath: other))) != nil else { return false }
      return unsafe rename(other, path) == 0
    case .remove:
      return unsafe unlink(path) == 0
    case .grow:
      return unsafe truncate(path, off_t(end + 100_000)) == 0
    }
  }
}

/// The file of the races: bytes that are never 0, which is what stands where a file was cut.
private enum RacedFile {
  static let planes = 24
  static let rows = 40
  static let columns = 64
  static let data = patternBytes(planes * rows * columns)
  static let bytes = npyBytes(
    header: headerText(descr: "'|u1'", shape: "(\(planes), \(rows), \(columns))"), data: data)

  /// Crops an array at random, and tells which crop had another byte than the file; nil if none.
  static func wrongCrop(
    of array: NPYArray, using random: inout SeededGenerator
  ) async throws -> String? {
    // Often near the end, where cuts are seen most.
    let first =
      random.next(below: 2) == 0 ? planes - 1 - random.next(below: 3) : random.next(below: planes)
    let z = first..<min(first + 1 + random.next(below: 2), planes)
    let y = range(below: rows, using: &random)
    let x = range(below: columns, using: &random)
    let region: Region = [z, y, x]
    switch random.next(below: 9) {
    case 0, 1:
      let crop = try array.cropRegion(region, as: UInt8.self)
      return crop.elements == expected(z, y, Array(x)) ? nil : "crop"
    case 2:
      let last = x.lowerBound == 0 ? nil : x.lowerBound - 1
      let reversed = AxisSelection.slice(from: x.upperBound - 1, to: last, by: -1)
      let crop = try array.cropRegion([z, y, reversed], as: UInt8.self)
      return crop.elements == expected(z, y, x.reversed()) ? nil : "reversed crop"
    case 3:
      let crop = try array.converted(to: Float.self).cropRegion(region)
      return crop.elements == expected(z, y, Array(x)).map(Float.init) ? nil : "converted crop"
    case 4:
      let crop = try array.cropRegion([z, y, -5..<columns + 4], as: UInt8.self, padding: .edge)
      let places = (-5..<columns + 4).map { min(max($0, 0), columns - 1) }
      return crop.elements == expected(z, y, places) ? nil : "padded crop"
    case 5:
      let origins = self.origins(6, using: &random)
      let batch = try array.elements(as: UInt8.self).cropRegions(
        origins: origins, size: [1, 4, columns])
      return batch.elements == expected(origins) ? nil : "batch"
    case 6:
      let origins = self.origins(30, using: &random)
      let batch = try await array.elements(as: UInt8.self).cropRegions(
        origins: origins, size: [1, 4, columns], parallelism: 3)
      return batch.elements == expected(origins) ? nil : "batch in tasks"
    case 7:
      for crop in try array.elements(as: UInt8.self).crops(of: [region, region])
      where try crop.get().elements != expected(z, y, Array(x)) { return "one of crops(of:)" }
      return nil
    default:
      var bytes: [UInt8] = []
      for slab in try array.plan(region).slabs(ofAtMost: 700) {
        bytes += try array.cropRegion(slab).bytes
      }
      return bytes == expected(z, y, Array(x)) ? nil : "slabs"
    }
  }

  private static func range(below count: Int, using random: inout SeededGenerator) -> Range<Int> {
    let first = random.next(below: count)
    return first..<first + 1 + random.next(below: count - first)
  }

  private static func origins(_ count: Int, using random: inout SeededGenerator) -> [[Int]] {
    (0..<count).map { _ in [random.next(below: planes), random.next(below: rows - 3), 0] }
  }

  private static func expected(_ z: Range<Int>, _ y: Range<Int>, _ x: [Int]) -> [UInt8] {
    var bytes: [UInt8] = []
    for plane in z {
      for row in y {
        let start = (plane * rows + row) * columns
        for column in x { bytes.append(data[start + column]) }
      }
    }
    return bytes
  }

  /// The windows of one plane, four rows and all columns at these origins.
  private static func expected(_ origins: [[Int]]) -> [UInt8] {
    origins.flatMap { expected($0[0]..<$0[0] + 1, $0[1]..<$0[1] + 4, Array(0..<columns)) }
  }
}
