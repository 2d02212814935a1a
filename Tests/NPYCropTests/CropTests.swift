import Testing

@testable import NPYCrop

/// Crops against the oracle: every kind of selection on every axis, in all combinations.
@Suite struct CropTests {
  /// A selection of an axis as the library takes it and as the oracle does.
  struct Choice {
    let selection: any RegionAxis
    let axis: Oracle.Axis

    /// The kinds of selection along an axis of `size` elements, which is at least 2.
    static func all(_ size: Int) -> [Choice] {
      [
        Choice(selection: 0..<size, axis: .taken(Array(0..<size))),
        Choice(selection: 1..<size, axis: .taken(Array(1..<size))),
        Choice(selection: size - 1, axis: .fixed(size - 1)),
        Choice(
          selection: .slice(from: 0, to: size, by: 2),
          axis: .taken(Array(stride(from: 0, to: size, by: 2)))),
        Choice(selection: .slice(by: -1), axis: .taken(Array((0..<size).reversed()))),
        // Three runs, the last of a single element.
        Choice(selection: .indices([1, 0, 0, size - 1, 0]), axis: .taken([1, 0, 0, size - 1, 0])),
      ]
    }
  }

  static let shapes: [[Int]] = [[], [5], [4, 3], [3, 2, 4], [2, 3, 2, 3]]

  @Test(arguments: shapes, [1, 2, 3, 4, 8, 16, 24])
  func `every selection of every axis takes the elements that the oracle takes`(
    shape: [Int], itemSize: Int
  ) throws {
    let folder = try TemporaryFolder()
    let data = patternBytes(shape.reduce(itemSize, *))
    var combinations: [[Choice]] = [[]]
    for size in shape {
      combinations = combinations.flatMap { start in Choice.all(size).map { start + [$0] } }
    }
    for isFortran in [false, true] {
      // An even offset and an odd one: elements lie wherever the header ends.
      for padding in ["", "   "] {
        let text =
          headerText(
            descr: "'|V\(itemSize)'", order: isFortran ? "True" : "False",
            shape: tupleText(shape)) + padding
        let array = try NPYArray(path: folder.file("a.npy", npyBytes(header: text, data: data)))
        let oracle = Oracle(shape: shape, isFortran: isFortran, itemSize: itemSize, data: data)
        for choices in combinations {
          let region = Region(choices.map { $0.selection.axisSelection })
          for order in [MemoryOrder.c, .fortran] {
            let crop = try array.cropRegion(region, order: order)
            let expected = oracle.crop(choices.map(\.axis), fortranResult: order == .fortran)
            // The way of small crops, which makes no plan.
            var output = [UInt8](repeating: 0xEE, count: expected.bytes.count)
            try array.cropRegion(region, order: order, into: &output)
            if crop.shape != expected.shape || crop.bytes != expected.bytes
              || output != expected.bytes
            {
              Issue.record("\(region) of \(shape), fortran \(isFortran), result \(order)")
              return
            }
          }
        }
      }
    }
  }

  @Test func `new axes stand where they are asked for`() throws {
    let folder = try TemporaryFolder()
    let data = patternBytes(24)
    let file = try folder.file(
      "a.npy", npyBytes(header: headerText(descr: "'<u2'", shape: "(3, 4)"), data: data))
    let array = try NPYArray(path: file)
    let oracle = Oracle(shape: [3, 4], isFortran: false, itemSize: 2, data: data)
    let crop = try array.cropRegion([.newAxis, 1..<3, .newAxis, 0..<4, .newAxis])
    let expected = oracle.crop([.new, .taken([1, 2]), .new, .taken([0, 1, 2, 3]), .new])
    #expect(crop.shape == [1, 2, 1, 4, 1])
    #expect(crop.bytes == expected.bytes)
  }

  @Test func `windows with rows of any length are copied whole and no further`() throws {
    let folder = try TemporaryFolder()
    let data = patternBytes(5 * 300)
    let file = try folder.file(
      "a.npy", npyBytes(header: headerText(descr: "'|u1'", shape: "(5, 300)"), data: data))
    let array = try NPYArray(path: file)
    let oracle = Oracle(shape: [5, 300], isFortran: false, itemSize: 1, data: data)
    for width in 1...300 {
      // The crop's memory lies between two guards, which must be left as they are.
      var memory = [UInt8](repeating: 0xEE, count: 3 * width + 200)
      try unsafe memory.withUnsafeMutableBufferPointer { buffer in
        var inner = unsafe MutableSpan(
          _unsafeElements: buffer.extracting(100..<100 + 3 * width))
        try array.cropRegion(Region(origin: [1, 300 - width], size: [3, width]), into: &inner)
      }
      let expected = oracle.crop([.taken([1, 2, 3]), .taken(Array(300 - width..<300))]).bytes
      #expect(Array(memory[100..<100 + 3 * width]) == expected, "width \(width)")
      #expect(memory.prefix(100).allSatisfy { $0 == 0xEE })
      #expect(memory.suffix(100).allSatisfy { $0 == 0xEE })
    }
  }

  @Test(arguments: [1, 2, 4, 8, 16])
  func `Fortran files of any side become C order`(itemSize: Int) throws {
    let folder = try TemporaryFolder()
    for (rows, columns) in [(1, 9), (7, 5), (16, 16), (17, 33), (64, 3), (40, 41)] {
      let data = patternBytes(rows * columns * itemSize)
      let text = headerText(
        descr: "'|V\(itemSize)'", order: "True", shape: "(\(rows), \(columns))")
      let array = try NPYArray(path: folder.file("a.npy", npyBytes(header: text, data: data)))
      let oracle = Oracle(
        shape: [rows, columns], isFortran: true, itemSize: itemSize, data: data)
      let expected = oracle.crop([.taken(Array(0..<rows)), .taken(Array(0..<columns))])
      #expect(try array.cropRegion(.all).bytes == expected.bytes)
    }
  }

  @Test(arguments: [("i2", 2), ("u4", 4), ("f8", 8), ("c8", 4), ("c16", 8), ("f2", 2)])
  func `a foreign byte order is delivered as this machine's by every kernel`(
    code: String, unit: Int
  ) throws {
    let folder = try TemporaryFolder()
    let itemSize = try ElementType(code).itemSize
    let data = patternBytes(7 * 9 * itemSize)
    let swapped = stride(from: 0, to: data.count, by: unit).flatMap {
      data[$0..<$0 + unit].reversed()
    }
    for order in ["False", "True"] {
      func path(_ descr: String, _ data: [UInt8]) throws -> String {
        try folder.file(
          "\(descr.first == ">")\(order).npy",
          npyBytes(
            header: headerText(descr: "'\(descr)'", order: order, shape: "(7, 9)"), data: data))
      }
      let foreign = try NPYArray(path: path(">\(code)", data))
      let native = try NPYArray(path: path("<\(code)", swapped))
      for text in ["...", "1:6, 2:7", "::2, ::-3", "3", ":, 4", "[5, 1, 1], 1:"] {
        let region = try Region(numpy: text)
        func compare<Element: NPYElement & Equatable>(_: Element.Type) throws {
          let delivered = try foreign.cropRegion(region, as: Element.self).elements
          let expected = try native.cropRegion(region).bytes
          let bytes = unsafe delivered.withUnsafeBytes { unsafe Array($0) }
          #expect(bytes == expected, "\(code) \(text)")
        }
        switch code {
        case "i2": try compare(Int16.self)
        case "u4": try compare(UInt32.self)
        case "f8": try compare(Double.self)
        case "c8": try compare(Complex64.self)
        case "c16": try compare(Complex128.self)
        default: try compare(Float16.self)
        }
      }
    }
  }

  @Test func `a bool is true for every byte but 0, and holds only 0 or 1`() throws {
    let folder = try TemporaryFolder()
    let data: [UInt8] = [0, 1, 0, 255, 128, 2]
    for order in [MemoryOrder.c, .fortran] {
      let text = headerText(
        descr: "'|b1'", order: order == .c ? "False" : "True", shape: "(2, 3)")
      let array = try NPYArray(path: folder.file("a.npy", npyBytes(header: text, data: data)))
      let crop = try array.cropRegion(.all, as: Bool.self, order: order)
      #expect(crop.elements == [false, true, false, true, true, true])
      let transposed = try array.cropRegion(
        .all, as: Bool.self, order: order == .c ? .fortran : .c)
      let bytes = unsafe transposed.elements.withUnsafeBytes { unsafe Array($0) }
      // The places 0 3 1 4 2 5, or 0 2 4 1 3 5.
      #expect(bytes == (order == .c ? [0, 1, 1, 1, 0, 1] : [0, 0, 1, 1, 1, 1]))
      // The bytes themselves are there for who wants them.
      #expect(try array.cropRegion(.all, order: order).bytes == data)
    }
  }

  @Test func `empty regions and empty arrays give empty crops`() throws {
    let folder = try TemporaryFolder()
    let none = try NPYArray(
      path: folder.file("a.npy", npyBytes(header: headerText(shape: "(0, 5)"))))
    #expect(try none.cropRegion(.all, as: Float.self).shape == [0, 5])
    #expect(try none.cropRegion([0..<0, 2..<4], as: Float.self).elements.isEmpty)
    let some = try NPYArray(
      path: folder.file(
        "b.npy", npyBytes(header: headerText(shape: "(2, 3)"), data: patternBytes(24))))
    #expect(try some.cropRegion([2..<2], as: Float.self).shape == [0, 3])
    #expect(try some.cropRegion([.indices([]), 1], as: Float.self).shape == [0])
    var output: [Float] = []
    try some.cropRegion([1..<1], into: &output)
  }

  @Test func `ten axes that do not merge are copied as the oracle copies them`() throws {
    let folder = try TemporaryFolder()
    let shape = [Int](repeating: 2, count: 10)
    let data = patternBytes(1024)
    let text = headerText(descr: "'|u1'", order: "True", shape: tupleText(shape))
    let array = try NPYArray(path: folder.file("a.npy", npyBytes(header: text, data: data)))
    let oracle = Oracle(shape: shape, isFortran: true, itemSize: 1, data: data)
    for step in [1, -1] {
      let region = Region([AxisSelection](repeating: .slice(by: step), count: 10))
      let indices = step > 0 ? [0, 1] : [1, 0]
      let expected = oracle.crop([Oracle.Axis](repeating: .taken(indices), count: 10))
      #expect(try array.cropRegion(region).bytes == expected.bytes)
      #expect(try array.cropRegion(region, as: UInt8.self).elements == expected.bytes)
    }
  }

  @Test func `foreign bytes are swapped in every loop of three axes and more`() throws {
    let folder = try TemporaryFolder()
    for (shape, order) in [([3, 4, 5], "False"), ([3, 4, 5], "True"), ([2, 3, 2, 3], "True")] {
      let data = patternBytes(shape.reduce(2, *))
      func array(_ descr: String) throws -> NPYArray {
        try NPYArray(
          path: folder.file(
            "\(descr.first == ">").npy",
            npyBytes(
              header: headerText(descr: "'\(descr)'", order: order, shape: tupleText(shape)),
              data: data)))
      }
      let (big, little) = (try array(">u2"), try array("<u2"))
      var combinations: [[Choice]] = [[]]
      for size in shape {
        combinations = combinations.flatMap { start in Choice.all(size).map { start + [$0] } }
      }
      for choices in combinations {
        let region = Region(choices.map { $0.selection.axisSelection })
        let swapped = try big.cropRegion(region, as: UInt16.self).elements
        let expected = try little.cropRegion(region, as: UInt16.self).elements
        if swapped != expected.map(\.byteSwapped) {
          Issue.record("\(region) of \(shape), \(order)")
          return
        }
      }
    }
  }

  @Test func `64 axes can be cropped`() throws {
    let array = try NPYArray(path: Fixtures.path("shape_1_ndim64_C.npy"))
    let region = Region([AxisSelection](repeating: .slice(by: -1), count: 64))
    #expect(try array.cropRegion(region, as: Float.self).shape.count == 64)
  }

  @Test func `memory of another size than the region is refused, untouched`() throws {
    let array = try NPYArray(path: Fixtures.path("shape_2x3_C.npy"))
    for count in [0, 5, 7] {
      var output = [Float](repeating: -1, count: count)
      let error = #expect(throws: NPYError.self) { try array.cropRegion(.all, into: &output) }
      #expect(error?.fault == .crop(.outputSize(needed: 24, available: 4 * count)))
      #expect(output.allSatisfy { $0 == -1 })
    }
  }

  @Test func `another element type than the file's is refused`() throws {
    let array = try NPYArray(path: Fixtures.path("dtype_be_i4.npy"))
    #expect(throws: NPYError.self) { try array.cropRegion(.all, as: UInt32.self) }
    #expect(throws: NPYError.self) { try array.cropRegion(.all, as: Int64.self) }
    #expect(throws: NPYError.self) { try array.cropRegion(.all, as: Float.self) }
  }

  @Test func `a plan serves any array of its layout, and no other`() throws {
    let first = try NPYArray(path: Fixtures.path("shape_2x3_C.npy"))
    let plan = try first.plan([1])
    #expect(throws: Never.self) {
      try NPYArray(path: Fixtures.path("shape_2x3_C.npy")).elements(as: Float.self).cropRegion(plan)
    }
    let error = #expect(throws: NPYError.self) {
      try NPYArray(path: Fixtures.path("shape_2x3_F.npy")).elements(as: Float.self).cropRegion(plan)
    }
    let expected = NPYError.Fault.crop(.foreignPlan(shape: [2, 3], planned: [2, 3]))
    #expect(error?.fault == expected)
    let other = try NPYArray(path: Fixtures.path("shape_2x3_F.npy"))
    let raw = #expect(throws: NPYError.self) { try other.cropRegion(plan) as RawCrop }
    #expect(raw?.fault == expected)
    var elements = [Float](repeating: 0, count: 3)
    let into = #expect(throws: NPYError.self) {
      try other.elements(as: Float.self).cropRegion(plan, into: &elements)
    }
    #expect(into?.fault == expected)
    var memory = [UInt8](repeating: 0, count: 12)
    let bytes = #expect(throws: NPYError.self) {
      var span = memory.mutableSpan
      var raw = unsafe span.mutableBytes
      try other.cropRegion(plan, into: &raw)
    }
    #expect(bytes?.fault == expected)
  }

  @Test func `a result too large for memory is an error of every call that allocates`() throws {
    let folder = try TemporaryFolder()
    let text = headerText(descr: "'|u1'", shape: "(1, 1, 1)")
    let array = try NPYArray(path: folder.file("a.npy", npyBytes(header: text, data: [7])))
    // One byte, repeated 2⁶⁰ times.
    let repeated = AxisSelection.indices([Int](repeating: 0, count: 1 << 20))
    let region: Region = [repeated, repeated, repeated]
    let expected = NPYError.Fault.crop(.outOfMemory(byteCount: 1 << 60))
    let typed = #expect(throws: NPYError.self) { try array.cropRegion(region, as: UInt8.self) }
    #expect(typed?.fault == expected)
    let raw = #expect(throws: NPYError.self) { try array.cropRegion(region) as RawCrop }
    #expect(raw?.fault == expected)
  }

  @Test func `a wrong type is found before anything is allocated`() throws {
    // 2⁶² elements of no bytes, which would be 2⁶⁴ bytes of the type asked for.
    let array = try NPYArray(
      path: Fixtures.path("shape_2x3_C.npy"), elementType: ElementType("V0"), shape: [1 << 62])
    let error = #expect(throws: NPYError.self) { try array.cropRegion(.all, as: Float.self) }
    #expect(
      error?.fault == .crop(.elementType(found: array.elementType, requested: .float32)))
    #expect(try array.cropRegion(.all).bytes.isEmpty)
  }

  @Test func `a second array in the file is found where the first ends`() throws {
    let folder = try TemporaryFolder()
    let one = npyBytes(header: headerText(descr: "'|u1'", shape: "(3,)"), data: [1, 2, 3])
    let two = npyBytes(header: headerText(descr: "'|u1'", shape: "(2,)"), data: [8, 9])
    let path = try folder.file("two.npy", one + two)
    let first = try NPYArray(path: path)
    #expect(first.trailingByteCount == two.count)
    let second = try NPYArray(path: path, offset: first.header.dataEnd)
    #expect(second.header.headerOffset == one.count)
    #expect(try second.cropRegion(.all, as: UInt8.self).elements == [8, 9])
    #expect(throws: NPYError.self) { try NPYArray(path: path, offset: second.header.dataEnd) }
    #expect(throws: NPYError.self) { try NPYArray(path: path, offset: -1) }
    #expect(throws: NPYError.self) { try NPYArray(path: path, offset: 1) }
  }

  @Test func `an axis without elements ends a region of any number of axes`() throws {
    let folder = try TemporaryFolder()
    let array = try NPYArray(
      path: folder.file(
        "a.npy", npyBytes(header: headerText(shape: "(5,)"), data: patternBytes(20))))
    for count in [1, 7, 8, 9, 20] {
      let axes = [AxisSelection](repeating: .newAxis, count: count)
      for padding in [Padding.none, .constant] {
        for last in [AxisSelection.indices([]), .slice(from: 2, to: 2)] {
          let region = Region(axes + [last])
          let crop = try array.cropRegion(region, padding: padding)
          #expect(crop.shape == [Int](repeating: 1, count: count) + [0] && crop.bytes.isEmpty)
          #expect(try array.cropRegion(region, as: Float.self, padding: padding).elements.isEmpty)
          var output: [Float] = []
          try array.cropRegion(region, padding: padding, into: &output)
          #expect(try array.cropRegion(array.plan(region, padding: padding)) == crop)
        }
      }
    }
  }
}
