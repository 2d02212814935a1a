import Foundation
import NPYCrop
import Testing

/// The files under Fixtures, found beside this source: nothing is bundled.
enum Fixtures {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures").path

  static func path(_ name: String) -> String { "\(folder)/files/\(name)" }

  /// The path of a file that users met.
  static func fieldPath(_ name: String) -> String { "\(folder)/field/files/\(name)" }

  /// The objects of a file that has one in each line.
  static func lines<Entry: Decodable>(of name: String, as _: Entry.Type) throws -> [Entry] {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
    let decoder = JSONDecoder()
    return try data.split(separator: UInt8(ascii: "\n")).map {
      try decoder.decode(Entry.self, from: $0)
    }
  }
}

/// What NumPy makes of a fixture: a line of manifest.jsonl.
struct Fixture: Decodable, CustomStringConvertible {
  struct Crop: Decodable {
    let slice: String
    let shape: [Int]
    /// The crop itself, where it has at most 1,024 bytes.
    let hex: String?
    let sha256: String
  }

  struct NumPy: Decodable {
    let accepts: Bool
  }

  let name: String
  let kind: String
  let policy: String
  let size: Int
  let numpy: NumPy
  let version: [Int]?
  let dataOffset: Int?
  let fortranOrder: Bool?
  let itemsize: Int?
  let trailingBytes: Int?
  let crops: [Crop]?

  enum CodingKeys: String, CodingKey {
    case name, kind, policy, size, numpy, version, itemsize, crops
    case dataOffset = "data_offset"
    case fortranOrder = "fortran_order"
    case trailingBytes = "trailing_bytes"
  }

  var description: String { name }

  /// All fixtures but the archives.
  static func all() throws -> [Fixture] {
    try Fixtures.lines(of: "manifest.jsonl", as: Fixture.self).filter { $0.kind != "npz" }
  }
}

/// A question that users had, with NumPy's answer: a line of field/manifest.jsonl.
struct FieldCase: Decodable, CustomStringConvertible {
  let file: String
  /// Nil where the options say what is taken.
  let slice: String?
  /// Of the command line; `{folder}` in them is that of the files.
  let options: [String]
  let expected: String
  let shape: [Int]?
  let sha256: String?
  /// What is to be done to the file first.
  let how: String?

  var description: String { "\(file) \(options) \(slice ?? "")" }

  static func all() throws -> [FieldCase] {
    try Fixtures.lines(of: "field/manifest.jsonl", as: FieldCase.self)
  }
}

/// Compares every crop of a fixture with the array's, and gives their number.
func compareCrops(of array: NPYArray, with fixture: Fixture) throws -> Int {
  for expected in fixture.crops ?? [] {
    let crop = try array.cropRegion(Region(numpy: expected.slice))
    #expect(crop.shape == expected.shape, "\(fixture) \(expected.slice)")
    if let hex = expected.hex {
      #expect(crop.bytes == bytes(hex: hex), "\(fixture) \(expected.slice)")
    } else {
      #expect(sha256(crop.bytes) == expected.sha256, "\(fixture) \(expected.slice)")
    }
  }
  return fixture.crops?.count ?? 0
}

/// The bytes that hexadecimal digits stand for.
func bytes(hex: String) -> [UInt8] {
  let digits = hex.compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
