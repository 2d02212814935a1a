import Testing

@testable import NPYCrop

@Suite struct FieldTests {
  /// Four records of 24 bytes, with gaps: a nested record, a subarray, a name with a dot.
  private func records(_ folder: TemporaryFolder, access: Access = .automatic) throws -> NPYArray {
    let descr =
      "[('id', '>u2'), ('', '|V2'), ('position', [('x', '<f4'), ('y', '<f4')]), "
      + "(('The title', 'a.b'), '|u1', (2, 3)), ('', '|V2'), ('tail', '<i4')]"
    return try NPYArray(
      path: folder.file(
        "a.npy",
        npyBytes(header: headerText(descr: descr, shape: "(2, 2)"), data: patternBytes(96))),
      access: access)
  }

  @Test(arguments: [Access.mapped, .positionedReads])
  func `a field is an array of its own, with the axes of its subarray last`(
    access: Access
  ) throws {
    let folder = try TemporaryFolder()
    let array = try records(folder, access: access)
    let data = patternBytes(96)
    let id = try array.field("id")
    #expect(id.shape == [2, 2] && id.strides == [48, 24] && id.elementType.description == "'>u2'")
    #expect(
      try id.cropRegion([1], as: UInt16.self).elements
        == [48, 72].map { UInt16(data[$0]) << 8 | UInt16(data[$0 + 1]) })
    let y = try array.field("position").field("y")
    #expect(try y.cropRegion([0, 1]).bytes == Array(data[32..<36]))
    #expect(try array.field("position.y").cropRegion(.all) == y.cropRegion(.all))
    let block = try array.field("a.b")
    #expect(block.shape == [2, 2, 2, 3] && block.strides == [48, 24, 3, 1])
    #expect(
      try block.cropRegion([1, 0, .slice(by: -1), 1], as: UInt8.self).elements
        == [data[48 + 12 + 3 + 1], data[48 + 12 + 1]])
    #expect(try array.field("The title").shape == block.shape)
    #expect(
      try block.cropRegion([0, 0, -1..<1, 0..<3], padding: .edge).bytes
        == Array(data[12..<15]) + Array(data[12..<15]))
    let tail = try array.field("tail").cropRegion([1, 1], as: Int32.self)
    #expect(tail.elements == [data.suffix(4).reversed().reduce(0) { $0 << 8 | Int32($1) }])
    #expect(
      try array.field("tail").converted(to: Double.self).cropRegion([1, 1]).elements
        == tail.elements.map(Double.init))
    // A record within a record, whole.
    #expect(try array.field("position").cropRegion([0, 0]).bytes == Array(data[4..<12]))
  }

  @Test func `a subarray of no elements whose other lengths are too many is refused`() throws {
    let lengths = [0, Int(Int32.max), Int(Int32.max), Int(Int32.max)]
    let folder = try TemporaryFolder()
    let array = try NPYArray(
      path: folder.file(
        "a.npy",
        npyBytes(
          header: headerText(
            descr: "[('a', '<f4', \(tupleText(lengths))), ('b', '|u1')]", shape: "(2,)"),
          data: [7, 8])))
    let error = #expect(throws: NPYError.self) { try array.field("a") }
    #expect(error?.fault == .header(.tooBig(shape: [2] + lengths, itemSize: 4)))
    #expect(try array.field("b").cropRegion(.all).bytes == [7, 8])
  }

  @Test func `the last field of the last record is not beyond the file`() throws {
    let folder = try TemporaryFolder()
    for access in [Access.mapped, .positionedReads] {
      let array = try records(folder, access: access)
      let crop = try array.field("tail").cropRegion([.slice(by: -1), .slice(by: -1)])
      #expect(crop.bytes.prefix(4) == patternBytes(96).suffix(4))
    }
  }

  @Test(arguments: [Access.mapped, .positionedReads])
  func `a field of no records is padded like any empty array`(access: Access) throws {
    let folder = try TemporaryFolder()
    let array = try NPYArray(
      path: folder.file(
        "a.npy",
        npyBytes(header: headerText(descr: "[('a', '<i4'), ('b', '<f8')]", shape: "(0,)"))),
      access: access)
    for name in ["a", "b"] {
      let field = try array.field(name)
      #expect(try field.cropRegion(.all).bytes.isEmpty)
      let crop = try field.converted(to: Double.self).cropRegion([-2..<3], padding: .constant(7))
      #expect(crop.elements == [7, 7, 7, 7, 7])
    }
  }

  @Test(arguments: [Access.mapped, .positionedReads])
  func `a subarray of subarrays has the axes of the outer one before those of the inner one`(
    access: Access
  ) throws {
    let folder = try TemporaryFolder()
    let descr = "[('', '|u1', 3), ('c', ([('x', '<i2', (2,)), ('', '|i1', [1])], [2]), (3,))]"
    let data = patternBytes(4 * 33)
    let path = try folder.file(
      "a.npy", npyBytes(header: headerText(descr: descr, shape: "(4,)"), data: data))
    let array = try NPYArray(path: path, access: access)
    #expect(array.fields.map(\.name) == ["c"])
    #expect(array.fields.map(\.subarrays) == [[[3], [2]]])
    let x = try array.field("c.x")
    #expect(x.shape == [4, 3, 2, 2] && x.strides == [33, 10, 5, 2])
    let start = 2 * 33 + 3 + 1 * 10 + 1 * 5
    #expect(try x.cropRegion([2, 1, 1]).bytes == Array(data[start..<start + 4]))
    let parts = try array.field("c").cropRegion([0, .slice(by: -1), 1])
    let expected = [28, 18, 8].flatMap { data[$0..<$0 + 5] }
    #expect(parts.bytes == expected)
    // Whole records, as the file has them, with a header that says the same.
    let whole = try array.cropRegion([1...2])
    let header = try NPYHeader(elementType: whole.elementType, shape: whole.shape)
    let copy = try NPYArray(path: folder.file("b.npy", header.serialized + whole.bytes))
    #expect(copy.elementType == array.elementType)
    #expect(try copy.field("c.x").cropRegion(.all) == x.cropRegion([1...2]))
  }

  @Test func `a field of more axes than there can be, or of sizes past counting, is an error`()
    throws
  {
    let folder = try TemporaryFolder()
    let ones = String(repeating: "1, ", count: 32)
    let descr =
      "[('many', ('|u1', (\(ones))), (\(ones))), ('few', ('|u1', (\(ones))), (\(ones.dropLast(3)))), "
      + "('huge', '<f8', (0, 65536, 65536, 65536, 65536))]"
    let path = try folder.file(
      "a.npy", npyBytes(header: headerText(descr: descr, shape: "(1,)"), data: [7, 9]))
    let array = try NPYArray(path: path)
    #expect(try array.cropRegion(.all).bytes == [7, 9])
    let error = #expect(throws: NPYError.self) { try array.field("many") }
    #expect(error?.fault == .header(.tooManyAxes(count: 65, limit: 64)))
    #expect(try array.field("few").shape.count == 64)
    #expect(try array.field("few").cropRegion(.all).bytes == [9])
    let other = #expect(throws: NPYError.self) { try array.field("huge") }
    guard case .header(.tooBig(_, itemSize: 8)) = other?.fault else {
      Issue.record("\(String(describing: other))")
      return
    }
  }

  @Test func `names are equal where their characters are, and every path is tried`() throws {
    let folder = try TemporaryFolder()
    // Two spellings of é; a record 'a' with a field that begins with an accent; 'a.b' beside 'a'.
    let descr =
      "[('\u{E9}', '|u1'), ('e\u{301}', '|u1'), ('a', [('\u{301}b', '|u1'), ('b', [('d', '|u1')])]), "
      + "('a.b', [('c', '|u1')])]"
    let array = try NPYArray(
      path: folder.file(
        "a.npy",
        npyBytes(
          header: headerText(descr: descr, shape: "(1,)"), version: 3, data: [1, 2, 3, 4, 5])))
    for (name, value) in [
      ("\u{E9}", 1), ("e\u{301}", 2), ("a.\u{301}b", 3), ("a.b.d", 4), ("a.b.c", 5),
    ] as [(String, UInt8)] {
      #expect(try array.field(name).cropRegion(.all).bytes == [value], "\(name)")
    }
  }

  @Test func `a record may have 700 fields, by names of any script`() throws {
    let folder = try TemporaryFolder()
    let fields = (0..<700).map { "('Größe \($0)', '<u2')" }.joined(separator: ", ")
    let header = headerText(descr: "[\(fields)]", shape: "(3,)")
    let data = patternBytes(3 * 1400)
    let path = try folder.file("a.npy", npyBytes(header: header, version: 3, data: data))
    let array = try NPYArray(path: path, maxHeaderSize: 100_000)
    #expect(array.header.fields.count == 700)
    for index in [0, 1, 350, 699] {
      let crop = try array.field("Größe \(index)").cropRegion([.slice(by: -1)], as: UInt16.self)
      let expected = [2, 1, 0].map { record in
        let place = 1400 * record + 2 * index
        return UInt16(data[place]) | UInt16(data[place + 1]) << 8
      }
      #expect(crop.elements == expected)
    }
  }

  @Test func `a field that is not there is an error with those that are`() throws {
    let folder = try TemporaryFolder()
    let array = try records(folder)
    for (name, fields) in [
      ("X", ["id", "position", "a.b", "tail"]), ("position.z", ["x", "y"]), ("id.x", []),
      ("", ["id", "position", "a.b", "tail"]), ("position.", ["x", "y"]),
      (".", ["id", "position", "a.b", "tail"]),
    ] {
      let error = #expect(throws: NPYError.self) { try array.field(name) }
      let rest =
        name.hasPrefix("position.") ? String(name.dropFirst(9)) : name == "id.x" ? "x" : name
      guard case .crop(.noField(rest, let type)) = error?.fault else {
        Issue.record("\(name): \(String(describing: error))")
        continue
      }
      #expect(type.fields.map(\.name) == fields, "\(name)")
    }
  }
}
