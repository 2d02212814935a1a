import Testing

@testable import NPYCrop

/// The answer to "is the bytes offset in files produced by np.save always 128?".
@Suite struct DataOffsetTests {
  /// The array of the question as a writer wrote it, and what NumPy reads of it.
  struct Entry: Decodable {
    struct Crop: Decodable {
      let region: String
      let hex: String
    }

    let writer: String
    let file_hex: String
    let data_offset: Int
    let crops: [Crop]
  }

  @Test func `the offset is what the file says, and crops are what np.load reads there`() throws {
    let table = try Fixtures.lines(of: "numpy/offsets.jsonl", as: Entry.self)
    // The answer to the question.
    #expect(table.map(\.data_offset) == [128, 192, 80])
    let folder = try TemporaryFolder()
    for entry in table {
      let array = try NPYArray(path: folder.file("foo.npy", bytes(hex: entry.file_hex)))
      #expect(array.header.dataOffset == entry.data_offset, "\(entry.writer)")
      for crop in entry.crops {
        let found = try array.cropRegion(Region(numpy: crop.region))
        #expect(found.bytes == bytes(hex: crop.hex), "\(entry.writer) \(crop.region)")
      }
    }
  }
}
