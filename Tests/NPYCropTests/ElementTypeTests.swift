import Testing

@testable import NPYCrop

@Suite struct ElementTypeTests {
  private func fields(_ descr: String) throws -> ElementType {
    let text = headerText(descr: descr, shape: "()")
    let bytes = npyBytes(header: text)
    let prefix = try NPYPrefix(bytes.span, available: bytes.count, maxHeaderSize: 10_000)
    return try NPYHeader(
      bytes.span.extracting(0..<prefix.byteCount), prefix: prefix, headerOffset: 0,
      maxHeaderSize: 10_000
    ).elementType
  }

  private func fault(_ descr: String) -> DescrFault? {
    let error = #expect(throws: HeaderError.self, "\(descr)") { try fields(descr) }
    guard case .unsupportedDescr(_, _, let reason) = error else { return nil }
    return reason
  }

  @Test func `a record's fields lie one after the other, padding skipped`() throws {
    let type = try fields(
      "[('a', '|i1'), ('', '|V7'), ('b', '<f8'), (('A title', 'c'), '>u2', (2, 3)), ('', '|V4')]")
    #expect(type.itemSize == 32)
    #expect(type.fields.map(\.name) == ["a", "b", "c"])
    #expect(type.fields.map(\.offset) == [0, 8, 16])
    #expect(type.fields.map(\.title) == [nil, nil, "A title"])
    #expect(type.fields[2].shape == [2, 3])
    #expect(type.fields[2].byteCount == 12)
    #expect(type.fields[2].elementType.byteOrder == .big)
    #expect(type.byteOrder == .notApplicable)
  }

  @Test func `records nest, and void without a name in a record is padding only where it is void`()
    throws
  {
    let type = try fields(
      "[('in', [('p', '>f4'), ('q', '<U2')], (2,)), ('n', '<i4', 3), ('', 'S3')]")
    #expect(type.itemSize == 2 * 12 + 12 + 3)
    #expect(type.fields[0].elementType.fields.map(\.name) == ["p", "q"])
    #expect(type.fields[1].shape == [3])
    #expect(type.fields[2].name == "")
    #expect(try fields("[]").itemSize == 0)
  }

  @Test func `each malformed description has its reason`() {
    #expect(fault("8") == .notADescription)
    #expect(fault("None") == .notADescription)
    #expect(fault("('<i4', (2,))") == .subarrayOutsideField)
    #expect(fault("('<i4', (2,), 3)") == .notADescription)
    #expect(fault("[('a', ('<i4',))]") == .notADescription)
    #expect(fault("{'names': ['a']}") == .notADescription)
    #expect(fault("'|O'") == .objects)
    #expect(fault("[('a', '|O'), ('b', '<i4')]") == .objects)
    #expect(fault("[('a', [('b', 'O')])]") == .objects)
    #expect(fault("'i4,f4'") == .compositeString)
    #expect(fault("'(2,)i2'") == .compositeString)
    #expect(fault("''") == .unknownType)
    #expect(fault("'<q9'") == .unknownType)
    #expect(fault("[('a',)]") == .malformedField)
    #expect(fault("['a']") == .malformedField)
    #expect(fault("[(1, 'i4')]") == .malformedField)
    #expect(fault("[(('x', 'y', 'z'), 'i4')]") == .malformedField)
    #expect(fault("[('a', 'i4', (-1,))]") == .malformedField)
    #expect(fault("[('a', 'i1', (\(String(repeating: "1, ", count: 65))))]") == .malformedField)
    #expect(fault("[('a', 'S', 3)]") == .malformedField)
    #expect(fault("[('a', 'V0', (3,))]") == .malformedField)
    #expect(fault("[('a', 'i4', (True,))]") == .malformedField)
    #expect(fault("[('a', 'i4', [])]") == .malformedField)
    #expect(fault("[('a', ('i4', []))]") == .malformedField)
    #expect(fault("[('a', ('i4', 'f4'))]") == .malformedField)
    #expect(fault("[('a', ('S', 3))]") == .malformedField)
    #expect(fault("[('a', ('i4', (0,)), 3)]") == .malformedField)
    #expect(fault("[('', 'O', (2,))]") == .objects)
    #expect(fault("[('a', 'i4'), ('a', 'i4')]") == .duplicateName("a"))
    #expect(fault("[(('t', 'a'), 'i4'), ('t', 'i4')]") == .duplicateName("t"))
    #expect(fault("[('a', 'i4', (2147483648,))]") == .itemTooLarge)
    #expect(fault("[('a', 'i4', (65536, 65536))]") == .itemTooLarge)
    #expect(fault("[('a', 'V2147483647'), ('b', 'i1')]") == .itemTooLarge)
    #expect(fault("'|V2147483648'") == .itemTooLarge)
    #expect(fault("'|S99999999999999999999'") == .itemTooLarge)
    #expect(fault("'<U536870912'") == .itemTooLarge)
  }

  @Test func `complex pairs are laid out as NumPy lays them out`() throws {
    #expect(MemoryLayout<Complex64>.size == Complex64.nativeType.elementType.itemSize)
    #expect(MemoryLayout<Complex128>.stride == Complex128.nativeType.elementType.itemSize)
    let array = try NPYArray(path: Fixtures.path("dtype_le_c8.npy"))
    let raw = try array.cropRegion([0, 1])
    let number = try array.cropRegion([0, 1], as: Complex64.self).elements[0]
    func float(_ bytes: ArraySlice<UInt8>) -> UInt32 {
      bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
    #expect(number.real.bitPattern == float(raw.bytes.prefix(4)))
    #expect(number.imaginary.bitPattern == float(raw.bytes.suffix(4)))
  }

  // MARK: - Against NumPy

  struct TypeString: Decodable {
    let text: String
    let str: String?
    let itemsize: Int?
    let name: String?
    let error: String?
    let composite: Bool?
    let unsupported: Bool?
  }

  @Test func `type strings mean what np.dtype makes of them`() throws {
    let table = try Fixtures.lines(of: "numpy/dtypes.jsonl", as: TypeString.self)
    #expect(table.count > 150)
    for entry in table {
      let type = try? ElementType(entry.text)
      // NumPy writes it for the types of other packages, and reads it not.
      if entry.text == "f1" {
        #expect(type?.typeString == "<f1" && type?.itemSize == 1)
      } else if entry.error != nil || entry.composite == true || entry.unsupported == true {
        #expect(type == nil, "\(entry)")
      } else {
        #expect(type?.typeString == entry.str, "\(entry)")
        #expect(type?.itemSize == entry.itemsize, "\(entry)")
        #expect(type?.name == entry.name, "\(entry)")
      }
    }
  }

  struct Description: Decodable {
    struct Field: Decodable {
      let name: String
      let title: String?
      let descr: String
      let offset: Int
      let shape: [Int]?
    }

    let text: String
    let descr: String?
    let itemsize: Int?
    let fields: [Field]?
    let error: String?
  }

  @Test func `descriptions of records and their subarrays mean what NumPy makes of them`() throws {
    let table = try Fixtures.lines(of: "numpy/descrs.jsonl", as: Description.self)
    #expect(table.count > 1_000)
    for entry in table {
      guard entry.error == nil else {
        _ = fault(entry.text)
        continue
      }
      guard let type = try? fields(entry.text) else {
        Issue.record("\(entry.text) is refused")
        continue
      }
      // As a header has it, where a type that is no record is a string.
      #expect(type.description == entry.descr, "\(entry.text)")
      #expect(type.itemSize == entry.itemsize, "\(entry.text)")
      #expect(try fields(type.description) == type, "\(entry.text)")
      let expected = try #require(entry.fields)
      #expect(type.fields.map(\.name) == expected.map(\.name), "\(entry.text)")
      #expect(type.fields.map(\.title) == expected.map(\.title), "\(entry.text)")
      #expect(type.fields.map(\.offset) == expected.map(\.offset), "\(entry.text)")
      #expect(type.fields.map(\.elementType.descr) == expected.map(\.descr), "\(entry.text)")
      let layout = ArrayLayout(try NPYHeader(elementType: type, shape: [0]))
      for (field, expected) in zip(type.fields, expected) {
        #expect((try? layout.field(field).shape) == expected.shape, "\(entry.text)")
      }
    }
  }

  struct WrittenHeader: Decodable {
    let header_hex: String
    let shape: [Int]
    let fortran: Bool
  }

  @Test func `headers are written as np.save writes them, byte for byte`() throws {
    let table = try Fixtures.lines(of: "numpy/headers.jsonl", as: WrittenHeader.self)
    #expect(table.count >= 80)
    for entry in table {
      let expected = bytes(hex: entry.header_hex)
      let prefix = try NPYPrefix(
        expected.span, available: expected.count, maxHeaderSize: 1_000_000)
      let read = try NPYHeader(
        expected.span.extracting(0..<prefix.byteCount), prefix: prefix, headerOffset: 0,
        maxHeaderSize: 1_000_000)
      #expect(read.shape == entry.shape)
      let written = try NPYHeader(
        elementType: read.elementType, shape: entry.shape, order: entry.fortran ? .fortran : .c)
      #expect(written.serialized == expected, "\(read)")
      #expect(written.dataOffset == expected.count)
    }
  }
}
