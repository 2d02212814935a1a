import Testing

@testable import NPYCrop

/// "Is the bytes offset in files produced by np.save always 128?" The question's own array, and
/// two for which the answer is no.
@Suite struct SeedQuestionTests {
  /// x of `np.meshgrid(np.arange(4), np.arange(4))`, stacked three deep: element (i, j, k) is j.
  private let meshgrid: [UInt8] = (0..<16).flatMap { place in
    [UInt8](repeating: UInt8(place % 4), count: 3)
  }

  @Test func `the array of the question begins at 128 and its first row is that of np.load`() throws
  {
    let folder = try TemporaryFolder()
    let header = try NPYHeader(elementType: .uint8, shape: [4, 4, 3])
    let path = try folder.file("foo.npy", header.serialized + meshgrid)
    let array = try NPYArray(path: path)
    #expect(array.header.dataOffset == 128)
    let row = try array.cropRegion([0], as: UInt8.self)
    #expect(row.shape == [4, 3])
    #expect(row.elements == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])
  }

  @Test func `a record type with a long header begins at 192, and crops to the same elements`()
    throws
  {
    let names = ["red_channel", "green_channel", "blue_channel"]
    let fields = names.enumerated().map { index, name in
      Field(name: name, title: nil, elementType: .uint8, shape: [], offset: index)
    }
    let record = ElementType(.record(fields), itemSize: 3)
    let header = try NPYHeader(elementType: record, shape: [4, 4])
    let folder = try TemporaryFolder()
    let array = try NPYArray(path: folder.file("foo.npy", header.serialized + meshgrid))
    #expect(array.header.dataOffset == 192)
    #expect(array.elementType.fields.map(\.name) == names)
    #expect(try array.cropRegion([0]).bytes == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])
    #expect(try array.cropRegion([2, 1...2]).bytes == [1, 1, 1, 2, 2, 2])
  }

  @Test func `a file of an old NumPy, aligned to 16, begins at 80`() throws {
    var text = "{'descr': '|u1', 'fortran_order': False, 'shape': (4, 4, 3), }"
    while (10 + text.utf8.count + 1) % 16 != 0 { text += " " }
    let folder = try TemporaryFolder()
    let array = try NPYArray(
      path: folder.file("foo.npy", npyBytes(header: text + "\n", data: meshgrid)))
    #expect(array.header.dataOffset == 80)
    #expect(array.header.oddities == [.dataOffsetNotMultipleOf64(80)])
    let row = try array.cropRegion([0], as: UInt8.self)
    #expect(row.elements == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])
  }
}
