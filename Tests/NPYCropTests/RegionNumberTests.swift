import Testing

@testable import NPYCrop

/// Boxes at the ends of what can be counted: against sums of twice as many bits, which never
/// overflow.
@Suite struct RegionNumberTests {
  private static let ends = [Int.min, Int.min + 1, -1, 0, 1, Int.max - 1, Int.max]

  /// A box of one axis, by its ends.
  private struct Box {
    let start: Int128
    let end: Int128

    var isEmpty: Bool { start == end }

    /// The box as a region, where its ends and its size can be counted.
    var region: Region? {
      guard let start = Int(exactly: start), Int(exactly: end) != nil, self.end >= self.start,
        let size = Int(exactly: self.end - self.start)
      else { return nil }
      return Region(origin: [start], size: [size])
    }
  }

  /// Tries a change of a box: it gives the box that is expected, or an error where there is none.
  private func check(
    _ expected: Region?, _ text: String, _ change: () throws(RegionError) -> Region
  ) {
    do throws(RegionError) {
      let found = try change()
      #expect(found == expected, "\(text)")
    } catch {
      #expect(expected == nil, "\(text): \(error)")
    }
  }

  /// The multiple of a positive number at a place or before it.
  private func multiple(of number: Int128, before place: Int128) -> Int128 {
    let remainder = place % number
    return place - (remainder < 0 ? remainder + number : remainder)
  }

  @Test(arguments: ends, ends)
  func `changes of a box are exact, or errors where an end cannot be counted`(
    start: Int, size: Int
  ) {
    let region = Region(origin: [start], size: [size])
    let box = Box(start: Int128(start), end: Int128(start) + Int128(size))
    let isBox = box.region != nil
    func changed(_ start: Int128, _ end: Int128) -> Region? {
      isBox ? Box(start: start, end: end).region : nil
    }
    for number in Self.ends {
      let wide = Int128(number)
      check(changed(box.start + wide, box.end + wide), "\(start) \(size) moved by \(number)") {
        () throws(RegionError) in try region.translated(by: [number])
      }
      let grown = changed(box.start - wide, box.end + wide)
      check(grown, "\(start) \(size) grown by \(number)") {
        () throws(RegionError) in try region.expanded(by: [number])
      }
      check(grown, "\(start) \(size) grown by \(number)") {
        () throws(RegionError) in try region.expanded(by: number)
      }
      check(changed(box.start + wide, box.end - wide), "\(start) \(size) shrunk by \(number)") {
        () throws(RegionError) in try region.inset(by: [number])
      }
      let aligned =
        number < 1
        ? nil
        : changed(
          multiple(of: wide, before: box.start), -multiple(of: wide, before: -box.end))
      check(aligned, "\(start) \(size) aligned to \(number)") {
        () throws(RegionError) in try region.aligned(to: [number])
      }
      let low = min(max(box.start, 0), number < 0 ? 0 : wide)
      let high = max(min(box.end, wide), low)
      let inside = number < 0 || !isBox ? nil : Box(start: low, end: high).region
      check(inside, "\(start) \(size) clipped to \(number)") {
        () throws(RegionError) in try region.clipped(to: [number])
      }
    }
  }

  @Test(arguments: ends, ends)
  func `intersection, union and containment of two boxes are exact, or an error`(
    start: Int, size: Int
  ) throws {
    let region = Region(origin: [start], size: [size])
    let box = Box(start: Int128(start), end: Int128(start) + Int128(size))
    for number in Self.ends {
      let other = Region(origin: [number], size: [5])
      let (from, to) = (Int128(number), Int128(number) + 5)
      let isBoth = box.region != nil && other.fault == nil
      let low = max(box.start, from)
      let shared = isBoth ? Box(start: low, end: max(low, min(box.end, to))).region : nil
      check(shared, "\(start) \(size) and \(number)") {
        () throws(RegionError) in try region.intersection(other)
      }
      let hull = Box(start: min(box.start, from), end: max(box.end, to)).region
      check(!isBoth ? nil : box.isEmpty ? other : hull, "\(start) \(size) or \(number)") {
        () throws(RegionError) in try region.union(other)
      }
      guard isBoth else {
        #expect(throws: RegionError.self) { try region.contains(other) }
        continue
      }
      #expect(try region.contains(other) == (box.start <= from && to <= box.end))
      #expect(try region.contains([number]) == (box.start <= from && from < box.end))
    }
  }

  @Test(arguments: ends)
  func `a slice clipped to an array takes of it what it would`(start: Int) throws {
    let folder = try TemporaryFolder()
    let header = try NPYHeader(elementType: .uint8, shape: [5])
    let array = try NPYArray(path: folder.file("a.npy", header.serialized + Array(0..<5)))
    var compared = 0
    for end in Self.ends {
      for step in Self.ends + [-2, 2] {
        let region: Region = [.slice(from: start, to: end, by: step)]
        let places = (0..<5).filter { place in
          let distance = Int128(place) - Int128(start)
          let isBetween = step > 0 ? start <= place && place < end : end < place && place <= start
          return step != 0 && isBetween && distance % Int128(step) == 0
        }
        let clipped: Region
        do throws(RegionError) {
          clipped = try region.clipped(to: [5])
        } catch {
          // What is refused is a step of nothing, or a place that is out of all proportion.
          switch error {
          case .zeroStep(axis: 0): #expect(step == 0)
          case .placeTooFar(axis: 0, _):
            let ends = [start, end].map(\.magnitude)
            #expect(ends.contains { $0 > UInt(Bounds.farthestPlace) })
          default: Issue.record("\(error)")
          }
          continue
        }
        let elements = try array.cropRegion(clipped, as: UInt8.self).elements
        #expect(elements == (step < 0 ? places.reversed() : places).map { UInt8($0) }, "\(region)")
        compared += 1
      }
    }
    #expect(compared > 0)
  }
}
