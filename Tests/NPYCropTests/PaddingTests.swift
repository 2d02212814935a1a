import Foundation
import Testing

@testable import NPYCrop

@Suite struct PaddingTests {
  /// What NumPy makes of an array padded axis by axis and then indexed: `arange(n).reshape(shape)`,
  /// with -1 - axis for places outside along an axis that is padded by a constant.
  struct Entry: Decodable {
    let text: String
    let shape: [Int]
    let modes: [String]
    let result: [Int]?
    let elements: [Int32]?
    let error: String?

    var padding: Padding {
      Padding(
        axes: modes.enumerated().map { axis, mode in
          switch mode {
          case "constant": .constant(FillValue(-1 - axis))
          case "edge": .edge
          case "reflect": .reflect
          case "symmetric": .symmetric
          default: .wrap
          }
        })
    }
  }

  /// The array `arange(n).reshape(shape)` in a file of an order.
  private func array(
    _ shape: [Int], _ folder: TemporaryFolder, order: MemoryOrder = .c,
    access: Access = .automatic
  ) throws -> NPYArray {
    let name = "\(order)-\(shape.map { String($0) }.joined(separator: "-")).npy"
    let path = "\(folder.path)/\(name)"
    if !FileManager.default.fileExists(atPath: path) {
      var data: [UInt8] = []
      let count = shape.reduce(1, *)
      for place in 0..<count {
        var (rest, number) = (place, 0)
        if order == .fortran {
          // The element at each place of a Fortran-order file, by its number in C order.
          var index: [Int] = []
          for length in shape {
            index.append(rest % length)
            rest /= length
          }
          for (axis, length) in shape.enumerated() { number = number * length + index[axis] }
        } else {
          number = place
        }
        data += (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
      }
      _ = try folder.file(
        name,
        npyBytes(
          header: headerText(
            descr: "'<i4'", order: order == .c ? "False" : "True", shape: tupleText(shape)),
          data: data))
    }
    return try NPYArray(path: path, access: access)
  }

  @Test func `places outside are what numpy pad puts there, or an error where it refuses`() throws {
    let folder = try TemporaryFolder()
    let table = try Fixtures.lines(of: "numpy/padding.jsonl", as: Entry.self)
    #expect(table.count >= 500)
    for (number, entry) in table.enumerated() {
      let fileOrder: MemoryOrder = number % 3 == 0 ? .fortran : .c
      let access: Access = number % 4 == 1 ? .positionedReads : .automatic
      let array = try array(entry.shape, folder, order: fileOrder, access: access)
      let region = try Region(numpy: entry.text)
      let crop = try? array.cropRegion(region, as: Int32.self, padding: entry.padding)
      #expect(crop?.shape == entry.result, "\(entry)")
      #expect(crop?.elements == entry.elements, "\(entry)")
      #expect((crop == nil) == (entry.error != nil), "\(entry)")
    }
  }

  @Test func `a plan knows where the last element that it reads ends, and so does each slab`()
    throws
  {
    let folder = try TemporaryFolder()
    let table = try Fixtures.lines(of: "numpy/padding.jsonl", as: Entry.self)
    for entry in table where entry.error == nil {
      let array = try array(entry.shape, folder)
      let plan = try array.plan(Region(numpy: entry.text), padding: entry.padding)
      for part in [plan, plan.edgeItems(1)] + plan.slabs(ofAtMost: 20) {
        let elements = try array.elements(as: Int32.self).cropRegion(part).elements
        // In C order the elements are their places.
        guard let last = elements.max(), last >= 0 else { continue }
        #expect(part.sourceEnd == array.header.dataOffset + 4 * (Int(last) + 1), "\(entry)")
      }
    }
  }

  @Test func `slabs of a padded region one after the other are the crop`() throws {
    let folder = try TemporaryFolder()
    let table = try Fixtures.lines(of: "numpy/padding.jsonl", as: Entry.self)
    for (number, entry) in table.enumerated() where entry.error == nil {
      let array = try array(entry.shape, folder)
      let region = try Region(numpy: entry.text)
      let order: MemoryOrder = number % 2 == 0 ? .c : .fortran
      let plan = try array.plan(region, padding: entry.padding, order: order)
      for limit in [4, 20, 120] {
        let slabs = Array(plan.slabs(ofAtMost: limit))
        var elements: [Int32] = []
        for slab in slabs {
          // A slab cut again is the same, too.
          for piece in slab.slabs(ofAtMost: limit / 2) {
            elements += try array.elements(as: Int32.self).cropRegion(piece).elements
          }
        }
        let whole = try array.elements(as: Int32.self).cropRegion(plan)
        #expect(elements == whole.elements, "\(entry) in slabs of \(limit)")
        if order == .c { #expect(whole.elements == entry.elements, "\(entry)") }
      }
    }
  }

  @Test func `the valid region of a crop is what is the array's own, and the mask says so`() throws
  {
    let folder = try TemporaryFolder()
    let table = try Fixtures.lines(of: "numpy/padding.jsonl", as: Entry.self)
    for entry in table where entry.error == nil {
      let array = try array(entry.shape, folder)
      let region = try Region(numpy: entry.text)
      // What no index map shows: the fill alone says which elements are outside.
      let marked = try array.cropRegion(region, as: Int32.self, padding: .constant(-1))
      for order in [MemoryOrder.c, .fortran] {
        let crop = try array.cropRegion(
          region, as: Int32.self, padding: entry.padding, order: order)
        let outside = try array.cropRegion(
          region, as: Int32.self, padding: .constant(-1), order: order)
        #expect(try crop.validMask() == outside.elements.map { $0 >= 0 }, "\(entry)")
      }
      let crop = try array.cropRegion(region, as: Int32.self, padding: entry.padding)
      guard let valid = crop.validRegion else {
        #expect(marked.elements.allSatisfy { $0 < 0 }, "\(entry)")
        continue
      }
      // The crop cut to its valid region is the array's own part of it.
      let path = try folder.file(
        "crop.npy",
        npyBytes(
          header: headerText(descr: "'<i4'", shape: tupleText(crop.shape)),
          data: crop.elements.flatMap { element in
            (0..<4).map { UInt8(truncatingIfNeeded: element >> (8 * $0)) }
          }))
      let own = try cropRegion(valid, of: path, as: Int32.self).elements
      #expect(own == marked.elements.filter { $0 >= 0 }, "\(entry)")
    }
  }

  @Test func `a crop that leaves nothing is valid as a whole`() throws {
    let folder = try TemporaryFolder()
    let array = try array([4, 5], folder)
    for crop in [
      try array.cropRegion([1..<3], as: Int32.self),
      try array.cropRegion([1..<3], as: Int32.self, padding: .wrap),
      try array.cropRegion([.indices([2, 0]), 0..<5], as: Int32.self),
    ] {
      #expect(crop.validRegion == Region(origin: [0, 0], size: crop.shape))
      #expect(try crop.validMask().allSatisfy { $0 })
    }
    #expect(try array.cropRegion([2..<2], as: Int32.self, padding: .edge).validRegion == nil)
    #expect(try array.cropRegion([-1], as: Int32.self, padding: .edge).validRegion == nil)
    #expect(try array.cropRegion([-1, 2], as: Int32.self, padding: .edge).validMask() == [false])
  }

  @Test func `padding is planned in few segments however wide it is`() throws {
    let folder = try TemporaryFolder()
    let array = try array([3, 5], folder)
    for padding in [Padding.constant, .edge, .reflect, .symmetric, .wrap] {
      let plan = try array.plan(
        [0..<3, .slice(from: -1_000_000_000, to: 1_000_000_000)], padding: padding)
      #expect(plan.segments(ofAxis: 1).count < 16, "\(padding)")
      // And is copied in pieces of any size.
      var slabs = plan.slabs(ofAtMost: 64).makeIterator()
      let next = slabs.next()
      let first = try #require(next)
      let wanted = try array.cropRegion(
        [0, .slice(from: -1_000_000_000, to: -999_999_984)], as: Int32.self, padding: padding)
      #expect(try array.elements(as: Int32.self).cropRegion(first).elements == wanted.elements)
    }
  }

  @Test func `only the pages of elements that show are counted`() throws {
    let folder = try TemporaryFolder()
    let array = try array([64, 64], folder)
    // A page is 16 rows of 256 bytes; the header puts the array 128 bytes into its first page.
    let pageSize = 4096
    let outside = try array.plan([-9..<0, 0..<64], padding: .constant)
    #expect(outside.pageCount(pageSize: pageSize) == 0)
    #expect(outside.runCount == 0)
    let mirrored = try array.plan([-9 ..< -1, 0..<4], padding: .reflect)
    #expect(mirrored.pageCount(pageSize: pageSize) == 1)
    let edge = try array.plan([.slice(from: 70, to: 1000), 3], padding: .edge)
    #expect(edge.runCount == 930)
  }

  @Test func `slabs and pages of padding without end are counted without going through it`() throws
  {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "a.npy", npyBytes(header: headerText(descr: "'|u1'", shape: "(8,)"), data: patternBytes(8)))
    let array = try NPYArray(path: path)
    let far = 1 << 61
    let plan = try array.plan([-far..<far + 1], padding: .edge)
    #expect(plan.pageCount() == 3)
    let slabs = plan.slabs(ofAtMost: far + far / 2).map(\.byteCount)
    #expect(slabs == [far + far / 2, far / 2 + 1])
    // Many segments in a cycle that is repeated: each slab finds its own.
    let wide = try folder.file(
      "b.npy",
      npyBytes(header: headerText(descr: "'|u1'", shape: "(20011,)"), data: patternBytes(20_011)))
    let cycles = try NPYArray(path: wide).plan(
      [.slice(from: 20_011, to: 20_011 * 60_000, by: 10_000)], padding: .wrap)
    #expect(cycles.segments(ofAxis: 0).count > 5000)
    let whole = try NPYArray(path: wide).cropRegion(cycles).bytes
    let pieces = try cycles.slabs(ofAtMost: 1000).flatMap {
      try NPYArray(path: wide).cropRegion($0).bytes
    }
    #expect(pieces == whole)
  }

  @Test(arguments: [
    (Padding.wrap, [2, 4, 8, 16]), (.symmetric, [2, 4, 8, 16]), (.reflect, [2, 3, 5, 9, 17]),
    (.edge, [1, 7]), (.constant, [1, 7]),
  ])
  func `the ends of the longest region there is are those of a shorter one`(
    padding: Padding, lengths: [Int]
  ) throws {
    let folder = try TemporaryFolder()
    for length in lengths {
      let data = (0..<length).map { UInt8($0) }
      let header = headerText(descr: "'|u1'", shape: "(\(length),)")
      let array = try NPYArray(path: folder.file("a.npy", npyBytes(header: header, data: data)))
      func ends(_ farthest: Int) throws -> Crop<UInt8> {
        let plan = try array.plan([-farthest..<farthest + 1], padding: padding)
        return try array.elements(as: UInt8.self).cropRegion(plan.edgeItems(3))
      }
      // Periods of these lengths are powers of 2, so far apart the same elements are seen again.
      let crop = try ends(1 << 61)
      #expect(try crop.elements == ends(1 << 11).elements)
      #expect(crop.validRegion == nil)
    }
  }

  @Test func `the valid region of a long crop is a range, however long`() throws {
    let folder = try TemporaryFolder()
    // Elements of no bytes: any length is that of a small file.
    let path = try folder.file(
      "a.npy", npyBytes(header: headerText(descr: "'|V0'", shape: "(3, \(1 << 60))")))
    let array = try NPYArray(path: path)
    let plan = try array.plan([-1..<2], padding: [.constant(.zero), .none])
    let half = 1 << 58
    #expect(plan.edgeItems(half).validRegion == [1..<3, 0..<2 * half])
    let around = try array.plan([0..<3, -5..<(1 << 60) + 5], padding: .constant)
    #expect(around.edgeItems(half).validRegion == [0..<3, 5..<2 * half - 5])
    #expect(try array.cropRegion(around.edgeItems(half)).validRegion == [0..<3, 5..<2 * half - 5])
    // Runs of a list that follow each other are one range, others stay apart.
    let list = try array.plan([.indices([0, 2, 1, -1, 7, 1])], padding: .constant)
    #expect(list.validRegion == [.indices([0, 1, 2, 5]), 0..<1 << 60])
    let joined = try array.plan([-1..<2, .indices([0, 2, 1])], padding: .constant)
    #expect(joined.validRegion == [1..<3, 0..<3])
  }

  @Test func `the farthest place is inside an axis that is longer, and is not padding`() throws {
    let folder = try TemporaryFolder()
    let length = 1 << 62
    let path = try folder.file(
      "a.npy", npyBytes(header: headerText(descr: "'|V0'", shape: "(\(length),)")))
    let array = try NPYArray(path: path)
    // The farthest place of all is inside.
    let farthest = 1 << 61
    let plan = try array.plan([farthest - 1..<farthest + 1], padding: .constant)
    #expect(plan.validRegion == [0..<2])
  }

  @Test func `a walk in too many pieces is refused`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "a.npy", npyBytes(header: headerText(descr: "'|V0'", shape: "(1000000007,)")))
    let array = try NPYArray(path: path)
    let wide: Region = [.slice(from: -(1 << 61), to: 1 << 61, by: 400_000_009)]
    let error = #expect(throws: NPYError.self) { try array.plan(wide, padding: .symmetric) }
    #expect(error?.fault == .region(.tooScattered(axis: 0, limit: 1 << 20)))
  }

  // MARK: - Values

  private func filled(_ descr: String, _ value: FillValue) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let type = try ElementType(descr)
    let path = try folder.file(
      "a.npy",
      npyBytes(
        header: headerText(descr: "'\(descr)'", shape: "(2,)"),
        data: patternBytes(2 * type.itemSize)))
    return try cropRegion([2..<4], of: path, padding: .constant(value)).bytes
  }

  @Test func `a value to pad with stands in the file's type and byte order`() throws {
    let cases: [(String, FillValue, [UInt8])] = [
      ("<i2", -2, [0xFE, 0xFF]), (">i2", -2, [0xFF, 0xFE]), ("|u1", 255, [255]),
      ("<u8", FillValue(UInt64.max), [UInt8](repeating: 255, count: 8)), ("|b1", true, [1]),
      ("<f2", 1.5, [0x00, 0x3E]), (">f4", 1, [0x3F, 0x80, 0, 0]),
      ("<f8", 0.1, [0x9A, 0x99, 0x99, 0x99, 0x99, 0x99, 0xB9, 0x3F]),
      ("<c8", FillValue(real: 1, imaginary: -2), [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]),
      (">c8", 1, [0x3F, 0x80, 0, 0, 0, 0, 0, 0]),
      ("<M8[s]", FillValue(Int64.min), [0, 0, 0, 0, 0, 0, 0, 0x80]),
      ("|S3", FillValue(text: "ab"), [0x61, 0x62, 0]),
      (">U2", FillValue(text: "é"), [0, 0, 0, 0xE9, 0, 0, 0, 0]),
      ("|V3", FillValue(bytes: [1, 2, 3]), [1, 2, 3]), ("|V3", .zero, [0, 0, 0]),
      ("<i4", 3.0, [3, 0, 0, 0]),
    ]
    for (descr, value, element) in cases {
      let found = try filled(descr, value)
      #expect(found == element + element, "\(value) as \(descr)")
    }
    #if arch(x86_64)
      // Rounded once: by way of a Double it would be 1.
      let odd = try filled("<f4", FillValue(Float80(1) + 0x1p-24 + 0x1p-60))
      #expect(Array(odd[..<4]) == [1, 0, 0x80, 0x3F])
      let half = try filled("<f16", -0.5)
      #expect(Array(half[..<10]) == [0, 0, 0, 0, 0, 0, 0, 0x80, 0xFE, 0xBF])
    #endif
  }

  @Test func `a value takes the memory that it was given in, however large the type is`() throws {
    let largest = Int(Int32.max)
    for type in ["|S\(largest)", "<U\(largest / 4)"] {
      let type = try ElementType(type)
      let padding = Padding(axes: (0..<64).map { .constant(FillValue(text: "a\($0)")) })
      let fill = try padding.fill(of: type)
      #expect(fill.element(ofAxis: 63).count < 16)
    }
    // A text that is shorter than the type is followed by zeros in each element of a run, and one of
    // zeros alone is none.
    #expect(try filled("|S3", FillValue(text: "a")) == [0x61, 0, 0, 0x61, 0, 0])
    #expect(try filled("|S3", FillValue(text: "\0")) == [0, 0, 0, 0, 0, 0])
    #expect(try filled("|V3", FillValue(bytes: [1, 0, 0])) == [1, 0, 0, 1, 0, 0])
    #expect(try filled(">i4", 256) == [0, 0, 1, 0, 0, 0, 1, 0])
  }

  @Test func `a value that the type does not have is an error`() throws {
    let cases: [(String, FillValue)] = [
      ("|u1", -1), ("|i1", 128), ("<i4", 0.5), ("<i8", FillValue(Double.nan)), ("|b1", 2),
      ("<f2", 1e6), ("<f4", 1e300), ("<i2", FillValue(text: "a")), ("|S2", FillValue(text: "abc")),
      ("|V3", 1), ("<f8", FillValue(real: 1, imaginary: 0)), ("|V3", FillValue(bytes: [1])),
      ("<M8[s]", 0.5), ("<f4", FillValue(UInt128.max)), ("|u1", FillValue(UInt128.max)),
    ]
    for (descr, value) in cases {
      let type = try ElementType(descr)
      let error = #expect(throws: NPYError.self) { try filled(descr, value) }
      #expect(error?.fault == .crop(.fillValue(value, elementType: type)))
    }
  }

  @Test func `typed crops get the value in the order of this machine`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "a.npy",
      npyBytes(
        header: headerText(descr: "'>i4'", shape: "(1, 2)"), data: [0, 0, 0, 7, 0, 0, 0, 8]))
    let crop = try cropRegion(
      [-1..<2, -1..<3], of: path, as: Int32.self, padding: [.constant(5), .constant(6)])
    #expect(crop.elements == [6, 5, 5, 6, 6, 7, 8, 6, 6, 5, 5, 6])
  }

  // MARK: - Refusals

  private func refusal(
    _ region: Region, _ padding: Padding, shape: [Int] = [4, 5]
  ) throws -> NPYError.Fault? {
    let array = try array(shape, TemporaryFolder())
    return #expect(throws: NPYError.self) { try array.plan(region, padding: padding) }?.fault
  }

  @Test func `regions that cannot be padded are errors that say why`() throws {
    #expect(
      try refusal([0..<9], [.edge]) == .region(.paddingRank(modes: 1, axes: 2)))
    #expect(
      try refusal([.all, 0..<9], [.edge, .none])
        == .region(.sliceOutOfRange(axis: 1, from: 0, to: 9, step: 1, size: 5)))
    #expect(
      try refusal([0..<2], .edge, shape: [0, 5])
        == .region(.emptyAxisPadding(axis: 0)))
    #expect(
      try refusal([.slice(from: .min, to: .max)], .wrap)
        == .region(.placeTooFar(axis: 0, place: .min)))
    #expect(
      try refusal([.slice(from: 0, to: .max)], .wrap)
        == .region(.placeTooFar(axis: 0, place: .max - 1)))
    #expect(try refusal([.slice(by: 0)], .wrap) == .region(.zeroStep(axis: 0)))
    let wide = Region(origin: [0, 0], size: [1 << 60, 1 << 60])
    #expect(
      try refusal(wide, .constant)
        == .region(.resultTooBig(shape: [1 << 60, 1 << 60], itemSize: 4)))
  }

  @Test func `numbers at the ends of what can be counted are errors or crops, never traps`() throws
  {
    let array = try array([4, 5], TemporaryFolder())
    let ends = [Int.min, Int.min + 1, -(1 << 61), -1, 0, 3, 4, 1 << 61, Int.max - 1, Int.max]
    /// The plan, or nil where the numbers are refused for what they are.
    func plan(_ region: Region, _ padding: Padding) -> CropPlan? {
      do {
        return try array.plan(region, padding: padding)
      } catch {
        switch error.fault {
        case .region(.placeTooFar), .region(.tooScattered), .region(.resultTooBig): break
        default: Issue.record("\(region) \(padding): \(error)")
        }
        return nil
      }
    }
    for padding in [Padding.constant, .edge, .reflect, .symmetric, .wrap] {
      var compared = 0
      for from in ends {
        // A single place can be as far away as it likes.
        #expect(plan([from], padding)?.elementCount == 5)
        #expect(plan([.indices([0, from])], padding)?.elementCount == 10)
        for to in ends {
          for step in ends where step != 0 {
            let slice = AxisSelection.slice(from: from, to: to, by: step)
            guard let empty = plan([slice, 0..<0], padding) else { continue }
            #expect(empty.byteCount == 0)
            // With elements, where they are few enough to be made.
            let full = try array.plan([slice, 0], padding: padding)
            guard full.elementCount < 1000 else { continue }
            #expect(
              try array.elements(as: Int32.self).cropRegion(full).elements.count
                == full.elementCount)
            compared += 1
          }
        }
      }
      #expect(compared > 100, "\(padding)")
    }
  }

  @Test func `a plan with a value is for arrays of its type alone`() throws {
    let folder = try TemporaryFolder()
    func array(_ descr: String) throws -> NPYArray {
      try NPYArray(
        path: folder.file(
          "a.npy",
          npyBytes(header: headerText(descr: descr, shape: "(2,)"), data: patternBytes(8))))
    }
    let plan = try array("'<i4'").plan([0..<3], padding: .constant(1))
    let wanted = try CropError.foreignType(
      found: ElementType(">i4"), planned: ElementType("<i4"))
    let zero = try array("'<i4'").plan([0..<3], padding: .constant)
    let other = try array("'>i4'")
    let error = #expect(throws: NPYError.self) { try other.cropRegion(plan) }
    #expect(error?.fault == .crop(wanted))
    #expect(try other.cropRegion(zero).bytes.suffix(4) == [0, 0, 0, 0])
  }
}
