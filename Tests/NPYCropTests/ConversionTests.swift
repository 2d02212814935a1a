import Testing

@testable import NPYCrop

@Suite struct ConversionTests {
  /// What NumPy's `can_cast` says of two types.
  struct Entry: Decodable {
    let source: String
    let target: String
    let safe: Bool
    let same_kind: Bool
  }

  @Test func `the casting rules are NumPy's, pair by pair`() throws {
    let table = try Fixtures.lines(of: "numpy/casting.jsonl", as: Entry.self)
    #expect(table.count == 256)
    for entry in table {
      let (source, target) = (try ElementType(entry.source), try ElementType(entry.target))
      #expect(Casting.safe.allows(source, to: target) == entry.safe, "\(entry)")
      #expect(Casting.sameKind.allows(source, to: target) == entry.same_kind, "\(entry)")
      #expect(Casting.unsafe.allows(source, to: target))
    }
    #expect(!Casting.unsafe.allows(try ElementType("S4"), to: .int32))
    #expect(!Casting.unsafe.allows(.int32, to: try ElementType("M8[s]")))
  }

  struct Conversion: Decodable {
    let source: String
    let target: String
    let source_hex: String
    let target_hex: String
  }

  @Test func `numbers at the edges of the types become what astype makes of them`() throws {
    let folder = try TemporaryFolder()
    let table = try Fixtures.lines(of: "numpy/conversions.jsonl", as: Conversion.self)
    #expect(table.count == 19 * 14)
    for entry in table {
      let small = ElementType.SmallFloat(rawValue: entry.source)
      let target = try ElementType(entry.target)
      let data = bytes(hex: entry.source_hex)
      let expected = bytes(hex: entry.target_hex)
      let count = expected.count / target.itemSize
      let descr = small == nil ? entry.source : "|V\(data.count / count)"
      var source = try array(descr, shape: [count], data, folder)
      switch small {
      case .bfloat16: source = try source.viewed(as: .bfloat16)
      case .float8E4M3FN: source = try source.viewed(as: .float8E4M3FN)
      case .float8E5M2: source = try source.viewed(as: .float8E5M2)
      default: break
      }
      guard source.elementType.number != nil else {
        // A long double, on a machine that has none.
        #expect(throws: NPYError.self) {
          try source.converted(to: target, casting: .unsafe).plan(.all)
        }
        continue
      }
      let converted = try source.converted(to: target, casting: .unsafe)
      let found = try converted.cropRegion(converted.plan(.all)).bytes
      #expect(
        isSame(found, expected, target), "\(entry.source) to \(entry.target): \(found)")
    }
  }

  /// Whether bytes are the same, or such of a float that is no number on both sides.
  private func isSame(_ one: [UInt8], _ other: [UInt8], _ type: ElementType) -> Bool {
    guard one.count == other.count else { return false }
    let size = type.kind == .float || type.kind == .complex ? type.unitSize : 1
    func isNaN(_ bytes: ArraySlice<UInt8>) -> Bool {
      let bits = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return switch size {
      case 2: Float16(bitPattern: UInt16(bits)).isNaN
      case 4: Float(bitPattern: UInt32(bits)).isNaN
      case 8: Double(bitPattern: bits).isNaN
      default: false
      }
    }
    return stride(from: 0, to: one.count, by: size).allSatisfy { start in
      let range = start..<start + size
      return one[range] == other[range] || isNaN(one[range]) && isNaN(other[range])
    }
  }

  private func array(
    _ descr: String, shape: [Int], _ data: [UInt8], _ folder: TemporaryFolder,
    access: Access = .automatic
  ) throws -> NPYArray {
    try NPYArray(
      path: folder.file(
        "a.npy",
        npyBytes(header: headerText(descr: "'\(descr)'", shape: tupleText(shape)), data: data)),
      access: access)
  }

  @Test func `bytes become floats between 0 and 1 in the same pass`() throws {
    let folder = try TemporaryFolder()
    let data = patternBytes(40 * 50 * 3)
    for access in [Access.mapped, .positionedReads] {
      let image = try array("|u1", shape: [40, 50, 3], data, folder, access: access)
      let region: Region = [3..<30, 7..<49]
      let expected = try image.cropRegion(region, as: UInt8.self).elements.map {
        Float($0) * (Float(1) / Float(255))
      }
      let scale = Double(Float(1) / Float(255))
      let crop = try image.converted(to: Float.self, scale: scale).cropRegion(region)
      #expect(crop.shape == [27, 42, 3])
      #expect(crop.elements == expected)
      var output = [Float](repeating: -1, count: expected.count)
      try image.converted(to: Float.self, scale: scale).cropRegion(region, into: &output)
      #expect(output == expected)
      let moved = try image.converted(to: Double.self, scale: 2, shift: -1).cropRegion(region)
      #expect(
        moved.elements.map { ($0 + 1) / 2 }
          == crop.elements.map { Double($0 / Float(scale)).rounded() })
    }
  }

  @Test func `a plan converts in slabs, with padding, in every order, and raw`() throws {
    let folder = try TemporaryFolder()
    for (descr, size) in [("<i2", 2), (">i2", 2), (">f4", 4), ("<c8", 8)] {
      let array = try array(descr, shape: [9, 11], patternBytes(99 * size), folder)
      let region: Region = [.slice(from: 10, to: -3, by: -1), .slice(from: -4, to: 14, by: 3)]
      for order in [MemoryOrder.c, .fortran] {
        let converted = try array.converted(to: .complex128, casting: .unsafe)
        let plan = try converted.plan(region, padding: .reflect, order: order)
        let whole = try array.converted(to: Complex128.self, casting: .unsafe).cropRegion(plan)
        #expect(try converted.cropRegion(plan).elementType == .complex128)
        #expect(try converted.cropRegion(plan).bytes.count == whole.elements.count * 16)
        var elements: [Complex128] = []
        for slab in plan.slabs(ofAtMost: 100) {
          elements += try array.converted(to: Complex128.self, casting: .unsafe).cropRegion(slab)
            .elements
        }
        #expect(elements.map { "\($0)" } == whole.elements.map { "\($0)" })
        // Element by element, as crops of one.
        for row in 0..<plan.shape[0] {
          for column in 0..<plan.shape[1] {
            let one = try array.converted(to: Complex128.self, casting: .unsafe).cropRegion(
              [10 - row, -4 + 3 * column], padding: .reflect)
            #expect("\(one.elements[0])" == "\(whole[row, column])")
          }
        }
      }
    }
  }

  @Test(arguments: ["|u1", "|b1", ">u2", "<f2", "<i4", ">f8", "<c8", ">c16", "<f16", "<c32"])
  func `a matrix in the other memory order converts to the same elements`(descr: String) throws {
    let folder = try TemporaryFolder()
    let type = try ElementType(descr)
    // Wider and higher than a tile, and no multiple of one.
    let shape = [3, 83, 131]
    let rows = try array(descr, shape: shape, patternBytes(3 * 83 * 131 * type.itemSize), folder)
    let columns = try NPYArray(
      path: folder.file(
        "b.npy",
        npyBytes(
          header: headerText(descr: "'\(descr)'", order: "True", shape: tupleText(shape)),
          data: rows.cropRegion(.all, order: .fortran).bytes)))
    let regions: [Region] = [
      .all, [1, 5..<70, 3..<130], [.all, .slice(by: -1), .slice(by: 2)], [.all, 0..<40, 7],
      [0..<3, .slice(from: -3, to: 90), .slice(from: -20, to: 140)],
    ]
    for target in [ElementType.bool, .int16, .float16, .float32, .complex64, .complex128] {
      let scale: Double = target.number?.kind == .float ? 0.25 : 1
      for region in regions {
        func converted(_ array: NPYArray, _ order: MemoryOrder) throws -> [UInt8] {
          let view = try array.converted(to: target, casting: .unsafe, scale: scale)
          return try view.cropRegion(
            view.plan(region, padding: .reflect, order: order)
          ).bytes
        }
        for order in [MemoryOrder.c, .fortran] {
          #expect(
            try converted(columns, order) == converted(rows, order), "\(target), \(region)")
        }
      }
    }
  }

  @Test(arguments: [Access.mapped, .positionedReads], ["|u1", ">i2", "<c8"])
  func `a batch converts each window as a crop does`(access: Access, descr: String) async throws {
    let folder = try TemporaryFolder()
    let itemSize = try ElementType(descr).itemSize
    let path = try folder.file(
      "a.npy",
      npyBytes(
        header: headerText(descr: "'\(descr)'", shape: "(31, 40)"),
        data: patternBytes(31 * 40 * itemSize)))
    let array = try NPYArray(path: path, access: access)
    let windows = [[3, 4], [0, 0], [-2, 30], [24, 33], [27, -5], [10, 11]].map {
      Region(origin: $0, size: [7, 7])
    }
    for (padding, order) in [(Padding.reflect, MemoryOrder.c), (.constant(2.5), .fortran)] {
      var expected: [Float] = []
      for window in windows {
        expected += try array.converted(to: Float.self, casting: .unsafe, scale: 0.5, shift: -3)
          .cropRegion(window, padding: padding, order: order).elements
      }
      let patterns = expected.map(\.bitPattern)
      let batch = try await array.converted(to: Float.self, casting: .unsafe, scale: 0.5, shift: -3)
        .padded(padding).ordered(order).cropRegions(windows, parallelism: 3)
      #expect(batch.elements.map(\.bitPattern) == patterns)
      #expect(batch.shape == [6, 7, 7])
      var output = [Float](repeating: 0, count: expected.count)
      var span = output.mutableSpan
      try array.converted(to: Float.self, casting: .unsafe, scale: 0.5, shift: -3).padded(padding)
        .ordered(order).cropRegions(windows, into: &span)
      #expect(output.map(\.bitPattern) == patterns)
    }
    let error = await #expect(throws: NPYError.self) {
      _ = try await array.converted(to: Bool.self).cropRegions(windows, parallelism: .automatic)
    }
    #expect(
      error?.fault
        == .crop(
          .conversion(found: array.elementType, requested: .bool, casting: .safe)))
  }

  #if arch(x86_64)
    @Test func `long rows of the largest elements convert one by one as they do together`() throws {
      let folder = try TemporaryFolder()
      // The exponents of ordinary numbers, so that each differs from its neighbours.
      var data: [UInt8] = []
      for part in 0..<600 * 3 * 2 {
        data += [0, 0, 0, 0, 0, 0, UInt8(part % 251), UInt8(0x80 | part % 127)]
        data += [UInt8(part % 7), 0x40, 0, 0, 0, 0, 0, 0]
      }
      let array = try array("<c32", shape: [600, 3], data, folder)
      for region in [[.all, .indices([0, 2, 1])], [.slice(by: 2), 1]] as [Region] {
        for target in [ElementType.bool, .float32, .complex128] {
          let view = try array.converted(to: target, casting: .unsafe)
          let plan = try view.plan(region)
          let slabs = plan.slabs(ofAtMost: target.itemSize * 50).map { slab in
            (try? view.cropRegion(slab).bytes) ?? []
          }
          #expect(try view.cropRegion(plan).bytes == slabs.flatMap(\.self), "\(target)")
        }
      }
    }
  #endif

  @Test func `a value to pad with is one of the result, in its order and unscaled`() throws {
    let folder = try TemporaryFolder()
    let array = try array(">u2", shape: [2], [0, 1, 0, 2], folder)
    let crop = try array.converted(to: Float.self, scale: 10).cropRegion(
      [-1..<3], padding: .constant(0.5))
    #expect(crop.elements == [0.5, 10, 20, 0.5])
    // Where nothing but the order of bytes changes, too.
    let native = try array.converted(to: .uint16)
    let plan = try native.plan([-1..<3], padding: .constant(7))
    #expect(try native.elements(as: UInt16.self).cropRegion(plan).elements == [7, 1, 2, 7])
    #expect(try native.cropRegion(plan).bytes == [7, 0, 1, 0, 2, 0, 7, 0])
  }

  @Test(arguments: ["|u1", "<u2", ">u2", "<f4", ">c8", ">f8"])
  func `a raw crop is in the byte order of the type that was asked for`(descr: String) throws {
    let folder = try TemporaryFolder()
    let size = try ElementType(descr).itemSize
    let array = try array(descr, shape: [7, 9], patternBytes(63 * size), folder)
    let region: Region = [-1..<8, .slice(from: 5, to: -3, by: -2)]
    func crop(_ type: String, _ padding: Padding) throws -> (CropPlan, RawCrop) {
      let view = try array.converted(to: ElementType(type), casting: .unsafe)
      let plan = try view.plan(region, padding: padding)
      return (plan, try view.cropRegion(plan))
    }
    for (type, unit) in [("u2", 2), ("i4", 4), ("f2", 2), ("f8", 8), ("c16", 8), ("?", 1)] {
      for padding in [Padding.reflect, .constant(1)] {
        let (_, native) = try crop("<" + type, padding)
        let (plan, other) = try crop(">" + type, padding)
        var swapped: [UInt8] = []
        for start in stride(from: 0, to: native.bytes.count, by: unit) {
          swapped += native.bytes[start..<start + unit].reversed()
        }
        #expect(other.bytes == swapped, "\(type)")
        #expect(try other.elementType == ElementType(">" + type))
        // Elements are in the order of this machine all the same.
        if type == "f8" {
          let view = try array.converted(to: ElementType(">f8"), casting: .unsafe)
          let doubles = try view.elements(as: Double.self).cropRegion(plan).elements
          var bytes: [UInt8] = []
          for bits in doubles.map(\.bitPattern) {
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
          }
          #expect(bytes == native.bytes)
        }
      }
    }
  }

  @Test func `floats that no integer holds become the nearest, and NaN 0`() throws {
    let folder = try TemporaryFolder()
    let values: [Float] = [.nan, .infinity, -.infinity, 1e20, -1e20, 300, -300, 2.9, -2.9, -0.9]
    let data = values.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
    }
    let array = try array("<f4", shape: [10], data, folder)
    func cast<Element: NPYElement>(_: Element.Type) throws -> [Element] {
      try array.converted(to: Element.self, casting: .unsafe).cropRegion(.all).elements
    }
    #expect(try cast(UInt8.self) == [0, 255, 0, 255, 0, 255, 0, 2, 0, 0])
    #expect(try cast(Int8.self) == [0, 127, -128, 127, -128, 127, -128, 2, -2, 0])
    #expect(
      try cast(Int64.self)
        == [0, .max, .min, .max, .min, 300, -300, 2, -2, 0])
    #expect(try cast(Bool.self) == [true] + [Bool](repeating: true, count: 9))
  }

  @Test func `small floats are what the caller says that they are`() throws {
    let folder = try TemporaryFolder()
    let words = try array("<V2", shape: [3], [0x80, 0x3F, 0x00, 0xC0, 0x80, 0x7F], folder)
    let halves = try words.viewed(as: .bfloat16).converted(to: Float.self).cropRegion(.all)
    #expect(halves.elements == [1, -2, .infinity])
    let bytes = try array("|V1", shape: [4], [0x38, 0xC0, 0x7E, 0x01], folder)
    #expect(
      try bytes.viewed(as: .float8E4M3FN).converted(to: Float.self).cropRegion(.all).elements
        == [1, -2, 448, 0x1p-9])
    let others = try array("|V1", shape: [3], [0x3C, 0xC0, 0x7C], folder)
    #expect(
      try others.viewed(as: .float8E5M2).converted(to: Double.self).cropRegion(.all).elements
        == [1, -2, .infinity])
    let error = #expect(throws: NPYError.self) { try words.viewed(as: .float32) }
    let found = words.elementType
    #expect(error?.fault == .crop(.viewSize(found: found, requested: .float32)))
  }

  @Test func `what cannot be converted is an error that says by which rule`() throws {
    let folder = try TemporaryFolder()
    let array = try array("<f8", shape: [2], patternBytes(16), folder)
    func fault(_ body: () throws -> Void) -> NPYError.Fault? {
      #expect(throws: NPYError.self) { try body() }?.fault
    }
    #expect(
      fault { _ = try array.converted(to: Float.self).cropRegion(.all) }
        == .crop(.conversion(found: .float64, requested: .float32, casting: .safe)))
    #expect(
      fault { _ = try array.converted(to: Int.self, casting: .sameKind).cropRegion(.all) }
        == .crop(.conversion(found: .float64, requested: .int64, casting: .sameKind)))
    // What is read only.
    for target in [try ElementType("f16"), .bfloat16, .float8E5M2] {
      let found = fault { _ = try array.converted(to: target, casting: .unsafe).plan(.all) }
      #expect(
        found == .crop(.conversion(found: .float64, requested: target, casting: .unsafe)))
      #expect(found.map { "\($0)".contains("can be read but is not a type of results") } == true)
      // A type's own numbers are delivered all the same, but not changed.
      let own = try NPYArray(
        path: folder.file(
          "b.npy",
          npyBytes(
            header: headerText(descr: "'V\(target.itemSize)'", shape: "(2,)"),
            data: patternBytes(2 * target.itemSize)))
      ).viewed(as: target)
      #expect(
        try own.converted(to: target).cropRegion(own.converted(to: target).plan(.all)).bytes
          == patternBytes(2 * target.itemSize))
      #expect(
        fault { _ = try own.converted(to: target, scale: 2).plan(.all) }
          == .crop(.affineConversion(requested: target)))
    }
    #expect(
      fault {
        _ = try array.converted(to: Int.self, casting: .unsafe, scale: 2).cropRegion(.all)
      } == .crop(.affineConversion(requested: .int64)))
    // A plan is for its type: the same layout of another one is not read by it.
    let plan = try array.converted(to: .float32, casting: .sameKind).plan(.all)
    let other = try array.viewed(as: .int64)
    #expect(
      fault { _ = try other.converted(to: Float.self, casting: .unsafe).cropRegion(plan) }
        == .crop(.foreignConversion(planned: .float32, found: .float32)))
    #expect(
      fault { _ = try array.elements(as: Double.self).cropRegion(plan) }
        == .crop(.foreignConversion(planned: .float32, found: nil)))
  }
}
