import Foundation
import Testing

@testable import NPYCrop

/// `npycrop crop` with --points, --indices and --mask.
@Suite struct PlaceOptionTests {
  private func sample(_ folder: TemporaryFolder) throws -> String {
    let header = try NPYHeader(elementType: .uint8, shape: [4, 5, 3])
    return try folder.file("a.npy", header.serialized + (0..<60).map { UInt8($0) })
  }

  private func crop(_ arguments: [String]) throws -> [UInt8] {
    let result = try npycrop(["crop"] + arguments + ["--raw"])
    #expect(result.status == 0, "\(arguments): \(result.errorLines)")
    return result.output
  }

  private func file(_ folder: TemporaryFolder, _ text: String, _ name: String = "p.csv") throws
    -> String
  {
    try folder.file(name, Array(text.utf8))
  }

  @Test func `a table of points is text in many forms, or an array`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    let expected: [UInt8] = [0, 59, 20]
    for text in [
      "0,0,0\n-1,4,2\n1,1,2\n", "z,y,x\n0,0,0\n-1,4,2\n1,1,2", "0 0 0\r\n-1 4 2\r\n1 1 2\r\n",
      "# points\n\n0\t0\t0\n -1;4;2 # last\n1.0,1e0,2.0\n\n", "\u{FEFF}0,0,0\n-1,4,2\n1,1,2\n",
    ] {
      #expect(try crop([path, "--points", file(folder, text)]) == expected, "\(text)")
    }
    let header = try NPYHeader(elementType: .int8, shape: [3, 3], order: .fortran)
    let array = try folder.file("p.npy", header.serialized + [0, 255, 1, 0, 4, 1, 0, 2, 2])
    #expect(try crop([path, "--points", array]) == expected)
    // Of two coordinates, with and without what to take of the third axis.
    let pairs = try file(folder, "3,4\n0,0\n", "q.txt")
    #expect(try crop([path, "--points", pairs]) == [57, 58, 59, 0, 1, 2])
    #expect(try crop([path, "::-2", "--points", pairs]) == [59, 57, 2, 0])
    let windows = try file(folder, "3,4,2\n-1,0,0\n", "w.txt")
    #expect(
      try crop([path, "--points", windows, "--size", "1,1,2", "--pad", "edge"]) == [59, 59, 0, 1])
  }

  @Test func `indices and masks come from files of any length`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    let indices = try file(folder, "3 0\n3,-1", "i.txt")
    #expect(try crop([path, "0, 1", "--indices", indices]) == [46, 1, 46, 46])
    let many = try file(folder, (0..<40_000).map { "\($0 % 4)" }.joined(separator: "\n"), "m.txt")
    let rows = try crop([path, ":, 0", "--indices", many])
    #expect(rows.count == 200_000 && rows[10] == 30)
    let mask = try file(folder, "0 1\n0\n1\n", "k.txt")
    #expect(try crop([path, "0, 0", "--mask", mask]) == [15, 45])
    let header = try NPYHeader(elementType: ElementType("?"), shape: [4, 5])
    let flags = try folder.file("k.npy", header.serialized + (0..<20).map { $0 % 9 == 0 ? 1 : 0 })
    #expect(try crop([path, "1", "--mask", flags]) == [1, 28, 55])
    let out = folder.path + "/o.npy"
    for order in ["C", "F"] {
      let done = try npycrop("crop", path, "--mask", flags, "-o", out, "--output-order", order)
      #expect(done.status == 0)
      let written = try NPYArray(path: out)
      #expect(written.shape == [3, 3])
      #expect(try written.cropRegion(.all).bytes == [0, 1, 2, 27, 28, 29, 54, 55, 56])
    }
    // Lists in REGION are paired up with the mask.
    #expect(try crop([path, "[[0, 1, 2]]", "--mask", flags]) == [0, 28, 56])
    let printed = try npycrop("crop", path, "0", "--mask", flags, "--print")
    #expect(printed.text == "array([ 0, 27, 54], dtype=uint8)\n")
    #expect(try npycrop("crop", path, "--mask", flags, "--explain").text.contains("(3, 3)"))
  }

  @Test func `numbers in text may come from a pipe`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    for (option, text, expected) in [
      ("--mask", "1 0 0 1", [UInt8(0), 45]), ("--indices", "3 0", [45, 0]),
      ("--points", "3\n0", [45, 0]),
    ] {
      let result = try shell(
        "printf '\(text)' | \"$npycrop\" crop '\(path)' '0, 0' \(option) /dev/stdin --raw")
      #expect(result.status == 0 && result.output == expected, "\(option): \(result.errorLines)")
    }
  }

  @Test func `what is wrong with a file of places is told with its line`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    func fault(_ arguments: [String], status: Int32 = 1) throws -> String {
      let result = try npycrop(["crop", path] + arguments + ["--raw"])
      #expect(result.status == status && result.output.isEmpty, "\(arguments)")
      return result.errorLines.first ?? ""
    }
    func points(_ text: String) throws -> String {
      try fault(["--points", try file(folder, text)])
    }
    #expect(
      try points("0,0\n1\n").contains("p.csv: line 2: 1 numbers, but the lines before have 2"))
    #expect(try points("0,0\n1,x\n").contains("line 2: expected a whole number, found 'x'"))
    #expect(try points("0,0.5\n").contains("found '0.5'"))
    #expect(try points("0x1e,0\n").contains("found '0x1e'"))
    #expect(try points("0,0x0.8p1\n").contains("found '0x0.8p1'"))
    #expect(try points("z,0\n").contains("line 1: expected names or numbers alone"))
    #expect(try points("z,y\nx,y\n").contains("line 2: expected a whole number, found 'x'"))
    #expect(try points("99999999999999999999,0\n").contains("expected a whole number"))
    #expect(try points("0,0,9\n").contains("index 9 is out of range for axis 2 with size 3"))
    #expect(try points("0,0,0,0\n").contains("too many indices"))
    #expect(try points("z,y,x\n").contains("no points"))
    #expect(try points("").contains("no points"))
    #expect(try points("0,0\n1\0,\0").contains("line 2: found a byte 0; expected text"))
    #expect(try fault(["--points", "/dev/zero"]).contains("line 1: found a byte 0"))
    let table = try file(folder, "0,0\n")
    #expect(
      try fault(["--points", table, "--size", "1"]).contains("2 coordinates, but --size has 1"))
    #expect(try fault(["--points", folder.path + "/none"]).contains("No such file"))
    #expect(try fault(["--points", folder.path]).contains("Is a directory"))
    let floats = try NPYHeader(elementType: .float32, shape: [1])
    let wrong = try folder.file("f.npy", floats.serialized + [0, 0, 0, 0])
    #expect(try fault(["--indices", wrong]).contains("expected integers, not float32"))
    let bools = try NPYHeader(elementType: ElementType("?"), shape: [4])
    let flags = try folder.file("b.npy", bools.serialized + [1, 0, 0, 1])
    #expect(try fault(["--indices", flags]).contains("a mask is given with --mask"))
    #expect(try fault(["--mask", wrong]).contains("elements of type bool, not float32"))
    let large = try NPYHeader(elementType: ElementType("<u8"), shape: [1])
    let huge = try folder.file("u.npy", large.serialized + [UInt8](repeating: 255, count: 8))
    #expect(try fault(["--indices", huge]).contains("more than any index"))
    #expect(try fault(["--mask", try file(folder, "0 2 1 0")]).contains("found 2"))
    #expect(
      try fault(["--mask", try file(folder, "0 1")]).contains(
        "the mask has shape (2,), but the array has (4,) from axis 0 on"))
  }

  @Test func `options of places that do not go together are a fault of the command line`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    let table = try file(folder, "0,0\n")
    for (arguments, message) in [
      ([], "Missing expected argument '<region>'"),
      (["--points", table, "--mask", table], "--points and --mask were given; give one of them."),
      (["0", "--size", "1"], "--size needs --points"),
      (["0", "--points", table, "--size", "1,1"], "leave REGION out"),
      (["--points", table, "--size", "1,x"], "expected lengths such as 1,64,64"),
      (["--points", table, "--size", "-1,1"], "expected lengths such as 1,64,64"),
    ] {
      let result = try npycrop(["crop", path] + arguments + ["--raw"])
      #expect(result.status == 64, "\(arguments)")
      #expect(result.errorLines.first?.contains(message) == true, "\(result.errorLines)")
    }
  }
}
