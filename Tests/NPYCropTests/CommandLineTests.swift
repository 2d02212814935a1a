import Foundation
import Testing

@testable import NPYCrop

/// `npycrop` as a shell sees it: what it writes where, and how it exits.
@Suite struct CommandLineTests {
  @Test func `shapes are written as Python writes them, or without the brackets`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    for shape in ["3,4", "(3, 4)", "3,4,", "( 3,4,)"] {
      let result = try npycrop(
        "crop", path, "0, :2", "--raw", "--dtype", "u1", "--offset", "0", "--shape", shape)
      #expect(result.output == [0x93, 0x4E], "\(shape)")
    }
    let scalar = try npycrop(
      "crop", path, "()", "--raw", "--dtype", "u1", "--offset", "0", "--shape", "()")
    #expect(scalar.output == [0x93])
  }

  @Test func `what a file names is shown without what a terminal would act on`() throws {
    let folder = try TemporaryFolder()
    let text = headerText(
      descr: "[('a\\x1b[31m\\nfake: line\\u202e', '<i4')]", shape: "()")
    let path = try folder.file("a.npy", npyBytes(header: text, data: [1, 2, 3, 4]))
    let result = try npycrop("info", path)
    #expect(result.text.contains("a\\u{1b}[31m\\u{a}fake: line\\u{202e}"))
    #expect(try npycrop("info", folder.path + "/\u{1b}[0m\nx").errorLines.count == 1)
  }

  @Test func `standard output under another name is written to, not replaced`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    let link = "\(folder.path)/out"
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: "/proc/self/fd/1")
    let expected = try NPYHeader(elementType: .uint8, shape: []).serialized + [7]
    #expect(try npycrop("crop", path, "1,1", "-o", link).output == expected)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "/proc/self/fd/1")
    let lost = "\(folder.path)/lost"
    try FileManager.default.createSymbolicLink(
      atPath: lost, withDestinationPath: "\(folder.path)/nothing")
    #expect(try npycrop("crop", path, "1,1", "-o", lost).status == 1)
    #expect(try npycrop("crop", path, "1,1", "-o", "").status == 1)
  }

  private func sample(_ folder: TemporaryFolder) throws -> String {
    let header = try NPYHeader(elementType: .uint8, shape: [4, 6])
    return try folder.file("a.npy", header.serialized + (0..<24).map { UInt8($0) })
  }

  @Test func `info tells where the data of each writer's file begins`() throws {
    let folder = try TemporaryFolder()
    for entry in try Fixtures.lines(of: "numpy/offsets.jsonl", as: DataOffsetTests.Entry.self) {
      let path = try folder.file("foo.npy", bytes(hex: entry.file_hex))
      let result = try npycrop("info", path)
      #expect(result.status == 0)
      #expect(result.text.contains("\ndata offset:    \(entry.data_offset)\n"), "\(entry.writer)")
      for crop in entry.crops {
        #expect(try npycrop("crop", path, crop.region, "--raw").output == bytes(hex: crop.hex))
      }
    }
  }

  @Test func `info --json is one object in NumPy's words`() throws {
    struct Info: Decodable {
      let descr: String
      let shape: [Int]
      let fortran_order: Bool
      let strides: [Int]
      let nbytes: Int
      let trailing_bytes: Int
    }
    let result = try npycrop("info", Fixtures.path("shape_3x4x5_F.npy"), "--json")
    let info = try JSONDecoder().decode(Info.self, from: Data(result.output))
    #expect(info.descr == "<f4" && info.shape == [3, 4, 5] && info.fortran_order)
    #expect(info.strides == [4, 12, 48] && info.nbytes == 240 && info.trailing_bytes == 0)
  }

  @Test func `info shows a record as a tree of fields`() throws {
    let result = try npycrop("info", Fixtures.path("struct_nested.npy"))
    #expect(result.text.contains("\n  in  record at byte 4\n    p  >f4"))
  }

  @Test func `a region may begin with a minus sign`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    #expect(try npycrop("crop", path, "-1, 2:5", "--raw").output == [20, 21, 22])
    #expect(try npycrop("crop", path, "- -1, --2", "--raw").output == [8])
    #expect(try npycrop("crop", "--raw", path, "-1:").output == [18, 19, 20, 21, 22, 23])
    #expect(try npycrop("crop", "--raw", path, "[-1, -1, ...]").output == [23])
  }

  @Test func `a file without a header is described by options`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    let options = [
      "crop", path, "1", "--raw", "--dtype", ">u2", "--shape", "3,4", "--offset", "128",
    ]
    #expect(try npycrop(options).output == [8, 9, 10, 11, 12, 13, 14, 15])
    #expect(try npycrop(options + ["--order", "F"]).output == [2, 3, 8, 9, 14, 15, 20, 21])
    let info = try npycrop(
      "info", path, "--dtype", ">u2", "--shape", "3,4", "--offset", "128"
    ).text
    #expect(info.contains("no header") && info.contains("(3, 4)") && info.contains("(8, 2)"))
    for bad in [
      ["--dtype", "f4"], ["--shape", "3"], ["--order", "F"], ["--dtype", "f3", "--shape", "3"],
      ["--dtype", "f4", "--shape", "-3"], ["--dtype", "f4", "--shape", "x"],
      ["--dtype", "f4", "--shape", "1 0"],
      ["--dtype", "f4", "--shape", "3,,4"], ["--dtype", "f4", "--shape", ""], ["--offset", "-3"],
    ] {
      let result = try npycrop(["crop", path, "1", "--raw"] + bad)
      #expect(result.status == 64, "\(bad)")
      #expect(result.output.isEmpty)
    }
  }

  @Test func `what is at fault is one line on standard error, and the exit status 1`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    for (arguments, message) in [
      (["crop", path, "9", "--raw"], "index 9 is out of range for axis 0 with size 4"),
      (["crop", path, "1,2,3", "--raw"], "too many indices"),
      (["crop", path, "1:b", "--raw"], "byte 3"),
      (["crop", path, "-1, 99999999999999999999", "--raw"], "an index of at most 19 digits"),
      (["crop", folder.path + "/none.npy", "1", "--raw"], "No such file or directory"),
      (["crop", folder.path, "1", "--raw"], "it is a directory"),
      (["info", Fixtures.path("bad_gzip.npy")], "gzip"),
      (["info", Fixtures.path("bad_header_nul.npy")], "header, byte"),
      (["crop", path, "1", "-o", folder.path + "/no/such/b.npy"], "No such file or directory"),
      (["crop", path, "1", "-o", folder.path], "directory"),
    ] {
      let result = try npycrop(arguments)
      #expect(result.status == 1, "\(arguments)")
      #expect(result.output.isEmpty)
      #expect(result.errorLines.count == 1)
      #expect(result.errorLines.first?.hasPrefix("npycrop: ") == true)
      #expect(result.errorLines.first?.contains(message) == true, "\(result.errorLines)")
    }
  }

  @Test func `a command line at fault is the exit status 64`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    for arguments in [
      ["crop", path, "1"], ["crop", path, "1", "--raw", "-o", "b.npy"], ["crop", path],
      ["cut", path], ["crop", path, "1", "--raw", "--output-order", "K"], ["info"],
    ] {
      let result = try npycrop(arguments)
      #expect(result.status == 64, "\(arguments)")
      #expect(result.output.isEmpty && !result.errorLines.isEmpty)
    }
    #expect(try npycrop("--help").status == 0)
  }

  @Test func `an output file appears whole, in place of an older one, or not at all`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    let out = "\(folder.path)/b.npy"
    #expect(try npycrop("crop", path, "1:3", "-o", out).status == 0)
    #expect(try NPYArray(path: out).cropRegion(.all, as: UInt8.self).shape == [2, 6])
    // A failure leaves the older one as it was, and nothing beside it.
    #expect(try npycrop("crop", path, "9", "-o", out).status == 1)
    #expect(try NPYArray(path: out).shape == [2, 6])
    #expect(try npycrop("crop", path, "0", "-o", out).status == 0)
    #expect(try NPYArray(path: out).shape == [6])
    // The file that is read may be the one that is written.
    #expect(try npycrop("crop", path, "::-1", "-o", path).status == 0)
    #expect(try NPYArray(path: path).cropRegion([0, 0], as: UInt8.self).elements == [18])
    // A link stays one: what it leads to is written.
    let link = "\(folder.path)/link.npy"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: out)
    #expect(try npycrop("crop", path, "2:", "-o", link).status == 0)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == out)
    #expect(try NPYArray(path: out).shape == [2, 6])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        == ["a.npy", "b.npy", "link.npy"])
  }

  @Test func `a dash writes a .npy to standard output, and a device is written to`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    let expected = try NPYHeader(elementType: .uint8, shape: [2]).serialized + [0, 6]
    #expect(try npycrop("crop", path, ":2, 0", "-o", "-").output == expected)
    #expect(try npycrop("crop", path, ":2, 0", "-o", "/dev/null").status == 0)
    let full = try npycrop("crop", path, ":2, 0", "-o", "/dev/full")
    #expect(full.status == 1)
    #expect(full.errorLines == ["npycrop: /dev/full: write: No space left on device"])
  }

  @Test func `padding goes by NumPy's names and by those of other libraries`() throws {
    let folder = try TemporaryFolder()
    // The row 6 7 8 9 10 11.
    let path = try sample(folder)
    let expected: [(names: [String], row: [UInt8])] = [
      (["constant", "zeros"], [0, 0, 6, 7, 8, 9, 10, 11, 0, 0]),
      (["edge", "replicate", "nearest", "Edge"], [6, 6, 6, 7, 8, 9, 10, 11, 11, 11]),
      (
        ["reflect", "mirror", "reflect_101", "BORDER_REFLECT_101"],
        [8, 7, 6, 7, 8, 9, 10, 11, 10, 9]
      ),
      (["symmetric", "grid-mirror", "BORDER_REFLECT"], [7, 6, 6, 7, 8, 9, 10, 11, 11, 10]),
      (["wrap", "circular", "periodic", "grid-wrap"], [10, 11, 6, 7, 8, 9, 10, 11, 6, 7]),
    ]
    for (names, row) in expected {
      for name in names {
        let result = try npycrop("crop", path, "1, -2:8", "--pad", name, "--raw")
        #expect(result.output == row, "\(name)")
      }
    }
    let help = try npycrop("crop", "--help").text.split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
    #expect(help.contains("are symmetric here"))
  }

  @Test func `padding and its value may differ by axis`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    func row(_ arguments: String...) throws -> [UInt8] {
      try npycrop(["crop", path, "-1:1, -1:2", "--raw"] + arguments).output
    }
    #expect(try row("--pad", "constant", "--fill", "9") == [9, 9, 9, 9, 0, 1])
    #expect(try row("--pad", "constant", "--fill", "9,8") == [8, 9, 9, 8, 0, 1])
    #expect(try row("--pad", "constant,edge", "--fill", "9") == [9, 9, 9, 0, 0, 1])
    #expect(try row("--pad", "wrap, constant") == [0, 18, 19, 0, 0, 1])
    let strict = try npycrop("crop", path, "-1:, -1:2", "--raw", "--pad", "none,edge")
    #expect(strict.output == [18, 18, 19])
  }

  @Test func `a value is read as the file's type has it`() throws {
    let folder = try TemporaryFolder()
    let cases: [(descr: String, fill: String, element: [UInt8])] = [
      ("|b1", "true", [1]), ("<i2", "-2", [0xFE, 0xFF]),
      (
        ">u8", "18446744073709551615",
        [UInt8](repeating: 255, count: 8)
      ),
      ("<f4", "nan", [0, 0, 0xC0, 0x7F]), (">f4", "-inf", [0xFF, 0x80, 0, 0]),
      ("<f2", "1e-1", [0x66, 0x2E]),
      ("<c8", "1+2j", [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]),
      (
        "<c8", "(1e-0-2j)",
        [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]
      ),
      ("<c8", "2j", [0, 0, 0, 0, 0, 0, 0, 0x40]), ("<M8[s]", "NaT", [0, 0, 0, 0, 0, 0, 0, 0x80]),
      ("|S4", "a,b", [0x61, 0x2C, 0x62, 0]),
    ]
    for (descr, fill, element) in cases {
      let type = try ElementType(descr)
      let header = try NPYHeader(elementType: type, shape: [1])
      let path = try folder.file("t.npy", header.serialized + patternBytes(type.itemSize))
      let result = try npycrop(
        "crop", path, "1:2", "--pad", "constant", "--fill", fill, "--raw")
      #expect(result.output == element, "\(fill) as \(descr): \(result.errorLines)")
    }
  }

  @Test func `padding that makes no sense is a fault of the command line, or of the region`() throws
  {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    let cases: [(arguments: [String], status: Int32)] = [
      (["--pad", "mirrored"], 64), (["--fill", "1"], 64), (["--pad", "edge", "--fill", "1"], 64),
      (["--pad", "constant", "--fill", "one"], 1), (["--pad", "constant", "--fill", "1e400"], 1),
      (["--pad", "constant", "--fill", "0x10"], 1), (["--pad", "edge,foo"], 64),
      (["--pad", ""], 64),
      (["--pad", "constant", "--fill", "1,2,3"], 1), (["--pad", "edge,edge,edge"], 1),
      (["--pad", "constant", "--fill", "-1"], 1), (["--pad", "constant", "--fill", "0.5"], 1),
      (["--pad", "constant,edge", "--fill", "1,2,3"], 64),
    ]
    for (arguments, status) in cases {
      let result = try npycrop(["crop", path, "-1:1", "--raw"] + arguments)
      #expect(result.status == status, "\(arguments): \(result.errorLines)")
      #expect(result.output.isEmpty)
      #expect(status == 64 || result.errorLines.count == 1)
    }
  }

  /// What NumPy prints of an array.
  struct Print: Decodable {
    let file_hex: String
    let text: String
  }

  @Test func `crop --print is NumPy's repr`() throws {
    let folder = try TemporaryFolder()
    let table = try Fixtures.lines(of: "numpy/prints.jsonl", as: Print.self)
    #expect(table.count == 60)
    for entry in table {
      let path = try folder.file("a.npy", bytes(hex: entry.file_hex))
      let result = try npycrop("crop", path, "...", "--print")
      #expect(result.text == entry.text + "\n")
    }
  }

  @Test func `small floats are printed as the numbers that they are`() throws {
    let folder = try TemporaryFolder()
    for descr in ["|V1", "<f1"] {
      let path = try folder.file(
        "a.npy",
        npyBytes(
          header: headerText(descr: "'\(descr)'", shape: "(256,)"), data: (0...255).map(UInt8.init))
      )
      for type in ["float8_e4m3fn", "float8_e5m2"] {
        for chunk in ["0:64", "64:128", "128:200", "200:256"] {
          let view = ["crop", path, chunk, "--print", "--view", type]
          let converted = try npycrop(view + ["--as", "float32"]).text
          #expect(
            try npycrop(view).text.filter { !$0.isWhitespace }
              == converted.filter { !$0.isWhitespace }
              .replacingOccurrences(of: "dtype=float32", with: "dtype=\(type)"))
        }
      }
      #expect(try npycrop("info", path).text.contains(descr))
      #expect(try npycrop("crop", path, "66:68", "--print").text.contains(#"[b'\x42', b'\x43']"#))
    }
  }

  @Test func `a truth value of a single record is as wide as it is`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "a.npy",
      npyBytes(
        header: headerText(descr: "[('a', '|b1'), ('b', '|b1', (2,))]", shape: "(2,)"),
        data: [1, 1, 0, 0, 0, 1]))
    let dtype = "dtype=[('a', '?'), ('b', '?', (2,))])"
    #expect(
      try npycrop("crop", path, "0", "--print").text
        == "array((True, [ True, False]), \(dtype)\n")
    #expect(
      try npycrop("crop", path, ":1", "--print").text
        == "array([( True, [ True, False])], \(dtype)\n")
  }

  @Test func `records of huge shapes are printed in part, or refused in a line`() throws {
    let folder = try TemporaryFolder()
    let huge = "2000000000"
    for (descr, shape, data, expected) in [
      (
        "[('a', '|u1', (0, \(huge), \(huge), \(huge))), ('b', '|u1')]", "(2,)", [1, 2] as [UInt8],
        "array([([], 1), ([], 2)]"
      ),
      ("[('a', [], (\(huge),))]", "(1,)", [], "array([([(), (), (), ..., (), (), ()],)]"),
      ("[('a', '|u1', (\(huge), 0))]", "(1,)", [], nil),
      ("[('a', [], (\(String(repeating: "2, ", count: 30))))]", "(1,)", [], nil),
      ("'|V0'", "(\(String(repeating: "2, ", count: 40)))", [], nil),
    ] {
      let path = try folder.file(
        "a.npy", npyBytes(header: headerText(descr: descr, shape: shape), data: data))
      let result = try npycrop("crop", path, "--print", "...")
      if let expected {
        #expect(result.text.hasPrefix(expected), "\(descr)")
      } else {
        #expect(result.status == 1 && result.errorLines.count == 1, "\(descr)")
        #expect(result.errorLines.first?.contains("the output would be too long") == true)
      }
    }
    for descr in ["|V100000000", "|S100000000", "<U25000000"] {
      let header = headerText(descr: "'\(descr)'", shape: "()")
      let path = try folder.file("a.npy", npyBytes(header: header))
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try handle.truncate(atOffset: try handle.seekToEnd() + 100_000_000)
      try handle.close()
      let result = try npycrop("crop", path, "...", "--print")
      #expect(result.errorLines.first?.contains("the output would be too long") == true, "\(descr)")
    }
  }

  @Test func `of a huge array only the ends are read that are printed`() throws {
    let folder = try TemporaryFolder()
    let header = try NPYHeader(elementType: .uint8, shape: [1 << 20, 1 << 20])
    let path = try folder.file("a.npy", header.serialized + [7])
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.truncate(atOffset: UInt64(header.dataEnd))
    try handle.close()
    let result = try npycrop("crop", path, "...", "--print")
    #expect(
      result.text == """
        array([[7, 0, 0, ..., 0, 0, 0],
               [0, 0, 0, ..., 0, 0, 0],
               [0, 0, 0, ..., 0, 0, 0],
               ...,
               [0, 0, 0, ..., 0, 0, 0],
               [0, 0, 0, ..., 0, 0, 0],
               [0, 0, 0, ..., 0, 0, 0]], shape=(1048576, 1048576), dtype=uint8)

        """)
  }

  @Test(arguments: [
    ("wrap", [2, 4, 8, 16]), ("symmetric", [2, 4, 8, 16]), ("reflect", [2, 3, 5, 9, 17]),
  ])
  func `the longest region there is prints as a shorter one with the same ends does`(
    mode: String, lengths: [Int]
  ) throws {
    let folder = try TemporaryFolder()
    for length in lengths {
      let data = (0..<length).map { UInt8($0) }
      let path = try folder.file(
        "a.npy", npyBytes(header: headerText(descr: "'|u1'", shape: "(\(length),)"), data: data))
      func printed(_ farthest: Int) throws -> String {
        let region = "\(-farthest):\(farthest + 1)"
        // The longer shape may begin another line.
        return try npycrop("crop", path, region, "--pad", mode, "--print").text
          .filter { !$0.isWhitespace }
      }
      // The elements come again after 2, 4, 8, 16 or 32 places.
      let (long, short) = (1 << 61, 1 << 11)
      let expected = try printed(short).replacing(
        "shape=(\(2 * short + 1),)", with: "shape=(\(2 * long + 1),)")
      #expect(expected.contains("\(2 * long + 1)"))
      #expect(try printed(long) == expected)
    }
  }

  @Test func `crop --explain tells the cost, and reads nothing`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "a.npy",
      npyBytes(
        header: headerText(descr: "'<u2'", shape: "(300, 1000)"),
        data: [UInt8](repeating: 7, count: 600_000)))
    let isCold = FetchTests.canBeCold ? try FetchTests.drop(path, byteCount: 600_000) : false
    let result = try npycrop("crop", path, "50::100, 5", "--explain", "--advice", "willneed")
    #expect(result.status == 0)
    let told = Dictionary(
      uniqueKeysWithValues: result.text.split(separator: "\n").map { line in
        let parts = line.split(separator: ":", maxSplits: 1)
        return (String(parts[0]), parts[1].drop { $0 == " " })
      })
    #expect(
      told["shape"] == "(3,)" && told["result"] == "6 bytes" && told["runs"] == "3 contiguous")
    #expect(told["pages"] == "3 of 4096 bytes")
    if isCold {
      #expect(told["read from disk"] == "12288 bytes (12.0 KiB)")
      // That of the header may be.
      let resident = try residentPages(of: path, byteCount: 600_000).dropFirst()
      #expect(!resident[40...].contains(true))
    }
    for way in ["automatic", "mapped", "positioned-reads"] {
      let crop = try npycrop("crop", path, "7, 5:8", "--print", "--access", way)
      #expect(crop.text == "array([1799, 1799, 1799], dtype=uint16)\n")
    }
    let wrong = try npycrop("crop", path, "0", "--print", "--access", "x")
    #expect(wrong.status == 64)
  }

  @Test func `fields are taken, viewed and converted by options`() throws {
    let folder = try TemporaryFolder()
    let descr = "[('id', '<u2'), ('position', [('x', '<f4'), ('y', '>f4')]), ('half', '<V2')]"
    let path = try folder.file(
      "a.npy",
      npyBytes(
        header: headerText(descr: descr, shape: "(2,)"),
        data: [
          1, 0, 0, 0, 0x80, 0x3F, 0x40, 0, 0, 0, 0x80, 0x3F,
          2, 0, 0, 0, 0, 0xBF, 0x40, 0x40, 0, 0, 0x00, 0xC0,
        ]))
    func printed(_ arguments: String...) throws -> String {
      let result = try npycrop(["crop", path, ":", "--print"] + arguments)
      return result.text + result.errorLines.joined(separator: "\n")
    }
    #expect(try printed("--field", "id") == "array([1, 2], dtype=uint16)\n")
    #expect(try printed("--field", "position.y") == "array([2., 3.], dtype='>f4')\n")
    #expect(
      try printed("--field", "position.x", "--as", "f8", "--scale", "2", "--shift", "-1")
        == "array([ 1., -2.])\n")
    #expect(
      try printed("--field", "half", "--view", "bfloat16", "--as", "float32")
        == "array([ 1., -2.], dtype=float32)\n")
    #expect(
      try printed("--field", "half", "--view", "bfloat16") == "array([ 1., -2.], dtype=bfloat16)\n")
    #expect(
      try printed("--field", "position.x", "--as", "i4", "--casting", "unsafe", "--pad", "none")
        == "array([1, 0], dtype=int32)\n")
    #expect(
      try printed("--field", "position.z")
        == "npycrop: \(path): no field 'z'; the fields are 'x', 'y'; ask for one of them at a time")
    #expect(
      try printed("--field", "position.x", "--as", "i4").contains("cannot be cast to int32"))
    #expect(try printed("--field", "id", "--as", "f4", "--scale", "1/4").contains("[0.25, 0.5 ]"))
    for scale in ["1/2/3", "x", "/2", "1/", ""] {
      let result = try npycrop("crop", path, ":", "--print", "--as", "f4", "--scale", scale)
      #expect(result.status == 64, "\(scale)")
    }
    #expect(try npycrop("crop", path, ":", "--print", "--scale", "2").status == 64)
    #expect(try npycrop("crop", path, ":", "--print", "--as", "int33").status == 64)
    #expect(try npycrop("crop", path, ":", "--print", "--raw").status == 64)
  }
}
