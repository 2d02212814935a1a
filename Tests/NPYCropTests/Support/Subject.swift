import Foundation

@testable import NPYCrop

/// An array for property tests.
struct Subject {
  let array: NPYArray
  /// Its elements, if there are few.
  let data: [UInt8]?

  var itemSize: Int { array.elementType.itemSize }

  /// Arrays of every kind of shape: small ones in both orders, without elements, of no bytes, of as many
  /// axes as there can be, and of a tebibyte.
  static func all(in folder: TemporaryFolder) throws -> [Subject] {
    let most = Int.max
    var subjects: [Subject] = []
    for shape in [
      [], [1], [2], [3], [5], [8], [17], [3, 4], [2, 3, 4], [4, 1, 2, 3],
      [Int](repeating: 1, count: 64), [2] + [Int](repeating: 1, count: 62) + [3],
    ] {
      let type = ["|u1", "<i2", ">f4", "<c16", "|S3", "<M8[Y]"][subjects.count % 6]
      for order in [MemoryOrder.c, .fortran] {
        subjects.append(try Subject(type, shape, order, folder, number: subjects.count))
      }
    }
    for (type, shape) in [
      ("|u1", [0]), ("<f8", [4, 0]), ("|u1", [0, 1 << 40]), ("<f4", [1 << 60, 0]),
      ("|V0", [most]), ("|S0", [1 << 62]), ("|V0", [1 << 31, 1 << 31]), ("|V0", [3, 1 << 61]),
      ("|V0", [(1 << 61) + 1]), ("|V0", [1 << 60, 2, 0, 1]),
    ] {
      subjects.append(try Subject(type, shape, .c, folder, number: subjects.count))
    }
    let sparse = try folder.file("sparse", [])
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: sparse))
    try handle.truncate(atOffset: 1 << 40)
    try handle.close()
    for (type, shape) in [
      ("|u1", [1 << 40]), ("<f4", [1 << 38]), ("|u1", [1 << 20, 1 << 20]),
      (">i2", [3, 1 << 30, 5]), ("|V1000000", [1 << 20]),
    ] {
      for order in [MemoryOrder.c, .fortran] {
        let array = try NPYArray(
          path: sparse, elementType: ElementType(type), shape: shape, order: order)
        subjects.append(Subject(array: array, data: nil))
      }
    }
    return subjects
  }

  private init(array: NPYArray, data: [UInt8]?) {
    self.array = array
    self.data = data
  }

  private init(
    _ type: String, _ shape: [Int], _ order: MemoryOrder, _ folder: TemporaryFolder, number: Int
  ) throws {
    let header = try NPYHeader(
      version: nil, headerOffset: 0, dataOffset: 0, elementType: ElementType(type), shape: shape,
      order: order)
    let bytes = patternBytes(header.dataByteCount)
    array = try NPYArray(
      path: folder.file("\(number)", bytes), elementType: ElementType(type), shape: shape,
      order: order)
    // Lengths of many elements of no bytes, or beside none, cannot be gone through.
    data = shape.reduce(1, &*) <= 1 << 10 && shape.allSatisfy { $0 <= 1 << 10 } ? bytes : nil
  }
}
