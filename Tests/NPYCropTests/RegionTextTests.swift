import Testing

@testable import NPYCrop

@Suite struct RegionTextTests {
  /// What NumPy makes of a text, for the array `arange(n).reshape(shape)`.
  struct Entry: Decodable {
    let text: String
    let shape: [Int]
    let result: [Int]?
    let elements: [Int]?
    let error: String?
    let unsupported: Bool?
  }

  @Test func `text selects what NumPy selects, and is refused where NumPy refuses`() throws {
    let table = try Fixtures.lines(of: "numpy/regions.jsonl", as: Entry.self)
    #expect(table.count >= 400)
    for entry in table {
      let header = try NPYHeader(
        version: nil, headerOffset: 0, dataOffset: 0, elementType: .int8, shape: entry.shape,
        order: .c)
      let plan = try? CropPlan(Region(numpy: entry.text), of: ArrayLayout(header), order: .c)
      guard entry.error == nil, entry.unsupported != true else {
        #expect(plan == nil, "\(entry)")
        continue
      }
      #expect(plan?.shape == entry.result, "\(entry)")
      #expect(plan.map(sources) == entry.elements, "\(entry)")
    }
  }

  /// The source bytes that a plan visits, in the order of the result.
  private func sources(_ plan: CropPlan) -> [Int] {
    guard plan.elementCount > 0 else { return [] }
    var source = (0..<plan.layout.shape.reduce(1, *)).map { UInt8(truncatingIfNeeded: $0) }
    if source.isEmpty { source = [0] }
    var output = [UInt8](repeating: 0, count: plan.elementCount)
    let delivery = Delivery(of: .uint8, to: nil, isNative: false)
    unsafe output.withUnsafeMutableBytes { to in
      guard let to = to.baseAddress else { return }
      try? unsafe plan.run(on: MemorySource(source, isLent: true), to: to, delivery: delivery)
    }
    return output.map { Int($0) }
  }

  @Test func `brackets around the whole may be written or left out`() throws {
    let bare = try Region(numpy: "1:3, ..., [0, 2]")
    #expect(try Region(numpy: "[1:3, ..., [0, 2]]") == bare)
    #expect(try Region(numpy: " [ 1:3 , ... , [0,2,] , ] ") == bare)
    #expect(try Region(numpy: "[0, 2:]").description == "0, 2:")
    #expect(try Region(numpy: "[[0, 2]]").description == "[[0, 2]]")
    #expect(try Region(numpy: "[0], 2").description == "[0], 2")
    #expect(try Region(numpy: "()") == Region([], convention: .numpy))
  }

  @Test func `integers in square brackets, an index or a list, are refused`() {
    for text in ["[0, 2]", "[5]", " [ -1, ] "] {
      #expect(throws: RegionError.ambiguousBrackets(text: text)) { try Region(numpy: text) }
    }
    #expect(throws: Never.self) { try Region(numpy: "(0, 2)") }
  }

  @Test func `what is no region is an error at its character`() {
    let texts: [(String, Int)] = [
      ("", 0), ("[]", 1), (",", 0), ("1,,2", 2), ("1:2:3:4", 5), ("1 2", 2), ("a", 0), ("1:b", 2),
      ("[1", 2), ("[1:2", 2), ("1]", 1), ("..", 0), ("....", 3), ("- ", 2), ("1.5", 1), ("07", 0),
      ("Nonee", 0), ("99999999999999999999", 20), ("1;2", 1), ("[[1:2]]", 3), ("é", 0),
      ("(1:2)", 1),
    ]
    for (text, offset) in texts {
      let error = #expect(throws: RegionError.self, "\(text)") { try Region(numpy: text) }
      guard case .syntax(text, offset, _) = error else {
        Issue.record("\(text): \(String(describing: error))")
        continue
      }
    }
  }

  @Test func `lists are one where they stand alone in their place, and are paired up otherwise`()
    throws
  {
    for text in ["0, [1, 0], 2, :", "[[1, 0]]", "[1, 0], :", "np.ix_([0, 1], [1, 0])"] {
      #expect(try !Region(numpy: text).isPaired, "\(text)")
    }
    for text in [
      "[0, 1], [1, 0]", "0, :, [1, 0]", "[1], ..., 0", "[[0], [1]], :", "[True, False],",
    ] {
      #expect(try Region(numpy: text).isPaired, "\(text)")
    }
    #expect(try Region(numpy: "[[0, 1], [1, 0]]") == Region(numpy: "[0, 1], [1, 0]"))
    #expect(
      try Region(numpy: "ix_([0,], [True, False, True])").description == "np.ix_([0], [0, 2])")
  }

  @Test func `lists that are no array of indices or of flags are an error at their character`() {
    let deep = String(repeating: "[", count: 70)
    let texts: [(String, Int)] = [
      ("[[0, 1], [0]], :", 9), ("[[0], 0], :", 6), ("[True, 0], :", 7), ("[0, True], :", 4),
      ("np.ix_([0], 1)", 12), ("np.ix_([[0]])", 7), ("np.ix_([0]) , 1", 11), ("np.ix_", 0),
      (":, " + deep, 67),
    ]
    for (text, offset) in texts {
      let error = #expect(throws: RegionError.self, "\(text)") { try Region(numpy: text) }
      guard case .syntax(text, offset, _) = error else {
        Issue.record("\(text): \(String(describing: error))")
        continue
      }
    }
  }
}
