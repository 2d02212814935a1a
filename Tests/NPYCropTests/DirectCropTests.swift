import Testing

@testable import NPYCrop

/// Crops into the caller's memory, which are made without a plan where they can be: the result and the error are
/// those of the plan.
@Suite struct DirectCropTests {
  private static let types = [
    "|u1", "<i2", ">i2", "<f4", ">f8", "<c16", "|S3", "|b1", "|V24", "|V0",
  ]

  /// What became of a crop.
  private enum Outcome: Equatable {
    case bytes([UInt8])
    case error(String)

    init(_ body: () throws(NPYError) -> [UInt8]) {
      do throws(NPYError) { self = .bytes(try body()) } catch { self = .error(error.description) }
    }
  }

  /// A selection within an axis, or a little outside.
  private func selection(_ random: inout SeededRandom, length: Int) -> AxisSelection {
    let start = random.below(length + 1)
    switch random.below(12) {
    case 0: return .all
    case 1: return random.below(max(length, 1)).axisSelection
    case 2: return (random.below(4) - 2).axisSelection
    case 3: return .slice(from: start)
    case 4: return .slice(to: start)
    case 5: return .slice(from: random.below(9) - 4, to: random.below(9) - 4)
    case 6: return .slice(from: nil, to: nil, by: random.below(4) - 1)
    case 7 where random.isRare(): return .newAxis
    case 7 where random.isRare(): return .ellipsis
    default: return (start..<start + random.below(length + 1 - start)).axisSelection
    }
  }

  /// A view of an array: slices, also backwards, with new axes and without some.
  private func view(
    of array: NPYArray, _ random: inout SeededRandom
  ) throws(NPYError) -> NPYArray {
    var view = array
    for _ in 0..<random.below(3) {
      var selections: [AxisSelection] = []
      for length in view.shape {
        if random.below(6) == 0 { selections.append(.newAxis) }
        switch random.below(8) {
        case 0 where length > 0: selections.append(random.below(length).axisSelection)
        case 1, 2: selections.append(.slice(by: -1))
        case 3: selections.append(.slice(by: [2, 3, -2][random.below(3)]))
        case 4 where length > 1: selections.append(.slice(from: 1))
        default: selections.append(.all)
        }
      }
      view = try view[Region(selections)]
    }
    return view
  }

  /// Whether elements are in memory as they are in the plan's crop.
  private func isSame<Element: NPYElement>(
    _ array: NPYArray, _ region: Region, _ padding: Padding, _ order: MemoryOrder?,
    _ plan: CropPlan, zero: Element
  ) throws -> Bool {
    let planned = try array.elements(as: Element.self).cropRegion(plan).elements
    var output = [Element](repeating: zero, count: planned.count)
    try array.cropRegion(region, as: Element.self, padding: padding, order: order, into: &output)
    // As bytes: not every number equals itself.
    return unsafe output.withUnsafeBytes { unsafe Array($0) }
      == planned.withUnsafeBytes { unsafe Array($0) }
  }

  @Test func `a crop into memory is what its plan makes of any view, and fails as it does`() throws
  {
    let folder = try TemporaryFolder()
    var calls = PropertyCalls(percent: 10)
    var number = 0
    var (results, errors) = (0, 0)
    while calls.areLeft {
      let rank = calls.random.below(11)
      let longest = rank > 5 ? 3 : 6
      let shape = (0..<rank).map { _ in
        calls.random.isRare() ? calls.random.below(2) : 1 + calls.random.below(longest)
      }
      let type = calls.random.one(of: Self.types)
      let partSize = try ElementType(type).itemSize
      // A field has a size.
      let isRecord = partSize > 0 && calls.random.below(3) == 0
      let descr =
        isRecord ? "[('p', '|u1'), ('a', '\(type)', (2, 3)), ('b', '\(type)')]" : "'\(type)'"
      let itemSize = isRecord ? 1 + 7 * partSize : partSize
      let text = headerText(
        descr: descr, order: calls.random.below(2) == 0 ? "True" : "False",
        shape: tupleText(shape))
      number += 1
      let path = try folder.file(
        "\(number % 4)", npyBytes(header: text, data: patternBytes(shape.reduce(itemSize, *))))
      let whole = try NPYArray(
        path: path, access: calls.random.one(of: [.automatic, .mapped, .positionedReads]))
      let base = isRecord ? try whole.field(calls.random.one(of: ["a", "b"])) : whole
      for _ in 0..<4 {
        var array = try view(of: base, &calls.random)
        if calls.random.isRare() { array = array.padded(.edge) }
        if calls.random.isRare() { array = array.ordered(.fortran) }
        for _ in 0..<4 {
          var selections = array.shape.map { selection(&calls.random, length: $0) }
          if calls.random.below(4) == 0 { selections = selections.dropLast() }
          if calls.random.isRare() { selections.append(.all) }
          let region = Region(
            selections, convention: calls.random.below(2) == 0 ? .numpy : .strict,
            fault: calls.random.below(40) == 0 ? .severalEllipses : nil)
          let padding = calls.random.one(of: [Padding.ofArray, .ofArray, .none, .wrap])
          let order = calls.random.one(of: [MemoryOrder?.none, .none, .c, .fortran])
          var size = 0
          let planned = Outcome { () throws(NPYError) in
            let plan = try array.plan(region, padding: padding, order: order)
            size = plan.byteCount
            return try array.cropRegion(plan).bytes
          }
          let direct = calls.call {
            Outcome { () throws(NPYError) in
              var output = [UInt8](repeating: 0xEE, count: size)
              try array.cropRegion(region, padding: padding, order: order, into: &output)
              return output
            }
          }
          #expect(direct == planned, "\(region) of \(array), \(array.strides), \(padding)")
          let extra = calls.random.below(5)
          let appended = calls.call {
            Outcome { () throws(NPYError) in
              try [UInt8](capacity: size + extra + 1) { (output) throws(NPYError) in
                output.append(0x55)
                try array.cropRegion(region, padding: padding, order: order, into: &output)
              }
            }
          }
          if case .bytes(let bytes) = planned {
            #expect(appended == .bytes([0x55] + bytes))
            results += 1
            // Of another size, both refuse.
            var output = [UInt8](repeating: 0, count: size + 1)
            let wrong = #expect(throws: NPYError.self) {
              try array.cropRegion(region, padding: padding, order: order, into: &output)
            }
            #expect(wrong?.fault == .crop(.outputSize(needed: size, available: size + 1)))
          } else {
            #expect(appended == planned)
            errors += 1
          }
          if case .bytes = planned {
            let plan = try array.plan(region, padding: padding, order: order)
            let isSame =
              switch (array.elementType.kind, array.elementType.itemSize) {
              case (.bool, _):
                try isSame(array, region, padding, order, plan, zero: false)
              case (.int, 2): try isSame(array, region, padding, order, plan, zero: Int16(0))
              case (.float, 4): try isSame(array, region, padding, order, plan, zero: Float(0))
              case (.float, 8): try isSame(array, region, padding, order, plan, zero: 0.0)
              case (.complex, 16):
                try isSame(
                  array, region, padding, order, plan, zero: Complex128(real: 0, imaginary: 0))
              default: true
              }
            #expect(isSame, "\(region) of \(array), \(array.strides), \(padding)")
          }
        }
      }
    }
    #expect(results > 0 && errors > 0)
  }

  @Test func `a crop into memory of a closed array is refused, also of no elements`() throws {
    let array = try NPYArray(path: Fixtures.path("shape_2x3_C.npy"))
    array.close()
    for region: Region in [[0..<2, 0..<3], [0..<0], [1, 2]] {
      let size = try array.plan(region).byteCount
      var output = [UInt8](repeating: 0, count: size)
      let error = #expect(throws: NPYError.self) { try array.cropRegion(region, into: &output) }
      #expect(error?.fault == .file(.closed))
    }
  }
}
