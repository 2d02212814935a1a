import Foundation
import Testing

@testable import NPYCrop

@Suite struct FixtureTests {
  @Test func `every file that NumPy reads and a reader must take is read as NumPy reads it`() throws
  {
    var crops = 0
    for fixture in try Fixture.all() where fixture.policy == "must-accept" {
      let array = try NPYArray(path: Fixtures.path(fixture.name))
      #expect(array.header.dataOffset == fixture.dataOffset, "\(fixture)")
      #expect(array.elementType.itemSize == fixture.itemsize, "\(fixture)")
      #expect(array.trailingByteCount == fixture.trailingBytes, "\(fixture)")
      #expect((array.header.order == .fortran) == fixture.fortranOrder, "\(fixture)")
      #expect(array.header.version.map { [Int($0.rawValue), 0] } == fixture.version, "\(fixture)")
      crops += try compareCrops(of: array, with: fixture)
    }
    // The manifest is there, and was not read as an empty one.
    #expect(crops > 400)
  }

  @Test func `every malformed file is refused with an error`() throws {
    let refused = try Fixture.all().filter { $0.policy == "must-reject" }
    #expect(refused.count > 80)
    for fixture in refused {
      let error = #expect(throws: NPYError.self, "\(fixture)") {
        try NPYArray(path: Fixtures.path(fixture.name))
      }
      // The file was found and read: what is at fault is in it.
      guard case .header = error?.fault else {
        Issue.record("\(fixture): \(String(describing: error))")
        continue
      }
    }
  }

  @Test func `a header over the limit is read where the caller raises the limit`() throws {
    for name in ["header_length_10001.npy", "header_length_65535.npy"] {
      let error = #expect(throws: NPYError.self) { try NPYArray(path: Fixtures.path(name)) }
      guard case .header(.headerTooLong(_, limit: 10_000)) = error?.fault else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(try NPYArray(path: Fixtures.path(name), maxHeaderSize: 65_535).shape == [3])
    }
    let many = try NPYArray(
      path: Fixtures.path("struct_700_fields_over_limit.npy"), maxHeaderSize: 20_000)
    #expect(many.elementType.fields.count == 700)
  }

  @Test func `what users met is read as NumPy reads it, or refused`() throws {
    let cases = try FieldCase.all().filter { $0.how == nil }
    #expect(cases.count >= 10)
    for entry in cases {
      guard entry.expected == "read" else {
        let error = #expect(throws: NPYError.self, "\(entry)") {
          try NPYArray(path: Fixtures.fieldPath(entry.file))
        }
        guard case .header = error?.fault else {
          Issue.record("\(entry): \(String(describing: error))")
          continue
        }
        continue
      }
      guard let slice = entry.slice else {
        let folder = Fixtures.fieldPath("")
        let options = entry.options.map { $0.replacingOccurrences(of: "{folder}", with: folder) }
        let result = try npycrop(["crop", Fixtures.fieldPath(entry.file)] + options + ["--raw"])
        #expect(result.status == 0 && sha256(result.output) == entry.sha256, "\(entry)")
        continue
      }
      var array = try NPYArray(path: Fixtures.fieldPath(entry.file))
      if let field = entry.options.last {
        #expect(entry.options.dropLast() == ["--field"], "\(entry)")
        array = try array.field(field)
      }
      let crop = try array.cropRegion(Region(numpy: slice))
      #expect(crop.shape == entry.shape, "\(entry)")
      #expect(sha256(crop.bytes) == entry.sha256, "\(entry)")
    }
  }
}
