import Foundation
import Testing

@testable import NPYCrop

/// What a user gets wrong is told as what it is, and nothing of it passes in silence.
@Suite struct OptionTests {
  /// A file of ten `float32`, from 0 on.
  private func sample(_ folder: TemporaryFolder) throws -> String {
    let header = try NPYHeader(elementType: .float32, shape: [10])
    let data = (0..<10).flatMap { index in
      let bits = Float(index).bitPattern
      return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
    }
    return try folder.file("vol.npy", header.serialized + data)
  }

  private func expectFault(
    _ arguments: [String], _ message: String, status: Int32 = 64,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try npycrop(arguments)
    #expect(result.status == status, "\(arguments)", sourceLocation: sourceLocation)
    #expect(result.output.isEmpty, sourceLocation: sourceLocation)
    #expect(
      result.errorLines.first?.contains(message) == true,
      "\(arguments): \(result.errorLines)", sourceLocation: sourceLocation)
  }

  @Test func `without arguments the tool says how it is used, as a fault`() throws {
    for arguments in [[], ["--"]] {
      let result = try npycrop(arguments)
      #expect(result.status == 64 && result.output.isEmpty)
      #expect(result.errorLines.contains { $0.hasPrefix("USAGE: npycrop <subcommand>") })
      #expect(result.errorLines.contains { $0.hasPrefix("  crop ") })
    }
    for arguments in [["--help"], ["help"], ["help", "crop"], ["crop", "-h"], ["--version"]] {
      let result = try npycrop(arguments)
      #expect(result.status == 0 && !result.output.isEmpty, "\(arguments)")
    }
  }

  @Test func `an unknown option is told of, before what is missing of the others`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    try expectFault(
      ["crop", path, "0", "--prnt"], "Unknown option '--prnt'. Did you mean '--print'?")
    try expectFault(
      ["crop", path, "0", "--print", "--filed", "x"], "Unknown option '--filed'. Did you mean")
    try expectFault(["crop", path, "0", "--filed=x", "--order", "F"], "Unknown option '--filed'")
    try expectFault(["crop", path, "0", "--json", "--raw"], "Unknown option '--json'")
    try expectFault(["crop", path, "0", "-raw"], "Unknown option '-raw'. Did you mean '--raw'?")
    for command in [["crop"], ["crop", path], ["info"]] {
      try expectFault(command + ["--prnt"], "Unknown option '--prnt'")
    }
    try expectFault(["crop", path], "Missing expected argument '<region>'")
    try expectFault(["crop", path, "--offset", "x"], "'x' is invalid for '--offset")
    #expect(try npycrop("crop", path, "--help", "--prnt").status == 0)
    for word in ["-dash", "-oh", "-xyz"] {
      try expectFault(["info", word], "Unknown option '\(word)'")
      try expectFault(["info", path, word], "A file of this name is './\(word)'")
    }
  }

  @Test func `each long option is named where it is written with one dash`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    var seen = 0
    for command in [[], ["info", path], ["crop", path, "0", "--print"]] {
      let help = try npycrop(command.prefix(1) + ["--help"]).text
      for line in help.split(separator: "\n") where line.hasPrefix("  -") {
        let words = line.split(whereSeparator: { ", ".contains($0) })
        for name in words.prefix(while: { !$0.hasPrefix("<") }) where name.hasPrefix("--") {
          try expectFault(
            command + [String(name.dropFirst())],
            "Unknown option '\(name.dropFirst())'. Did you mean '\(name)'?")
          seen += 1
        }
      }
    }
    #expect(seen >= 25)
  }

  @Test func `an order of what is written is refused where nothing is written`() throws {
    try expectFault(
      ["crop", Fixtures.path("shape_2x3_C.npy"), "0", "--print", "--output-order", "F"],
      "--output-order applies to -o and --raw only")
  }

  @Test func `help that cannot be written is a fault`() throws {
    let result = try shell("\"$npycrop\" --help >/dev/full")
    #expect(result.status == 1)
    #expect(result.errorLines == ["npycrop: standard output: write: No space left on device"])
  }

  @Test func `no destination and several are different faults`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    try expectFault(
      ["crop", path, "0"], "Choose one output: -o FILE, --raw, --print or --explain")
    try expectFault(["crop", path, "0", "--raw", "--print"], "--raw and --print were given")
    try expectFault(["crop", path, "0", "-o", "-", "--raw"], "-o FILE and --raw were given")
    try expectFault(
      ["crop", path, "0", "--explain", "--raw"], "--raw and --explain were given")
  }

  @Test func `every option that has a value is refused a second one`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    var seen = 0
    for command in [["info", path], ["crop", path, "0", "--print"]] {
      let help = try npycrop([command[0], "--help"]).text
      for line in help.split(separator: "\n") where line.hasPrefix("  -") && line.contains("<") {
        let names = line.split(separator: "<")[0].split(whereSeparator: { ", ".contains($0) })
          .map(String.init)
        for name in names {
          try expectFault(
            command + [name, "1"] + ["\(names[0])=2"],
            "\(names[0]) is given twice, as '1' and as '2'; give it once.")
          seen += 1
        }
      }
    }
    #expect(seen >= 20)
    #expect(try npycrop("crop", path, "0", "--print", "--print").status == 0)
  }

  @Test func `a scale and a shift are finite, and are not 0 where they are written otherwise`()
    throws
  {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    let command = ["crop", path, "1:3", "--print", "--casting", "same_kind", "--as"]
    for (option, values, type) in [
      ("--scale", ["1/0", "0/0", "1e400", "inf", "1e300/1e-300"], "float16"),
      ("--shift", ["-1/0", "-1e400", "nan", "-inf"], ">f4"),
    ] {
      for value in values {
        try expectFault(
          command + ["float64", option, value],
          "'\(value)' is invalid for '\(option) <number>': the value is not finite")
      }
      try expectFault(
        command + ["float64", option, "1e-400"], "the value is too small: as a float64 it is 0")
      try expectFault(
        command + ["float64", option, "1e-300/1e300"],
        "the value is too small: as a float64 it is 0")
      try expectFault(command + ["float64", option, "x"], "expected a number, or a fraction")
      try expectFault(command + [type, option, "1e39"], "is infinite in float32")
      try expectFault(command + [type, option, "1e-46"], "is 0 in float32")
      #expect(try npycrop(command + ["float64", option, "1e-300"]).status == 0)
      #expect(try npycrop(command + [type, option, "0.0e5"]).status == 0)
    }
    let halves = try npycrop(command + ["float32", "--scale", "-1/2", "--shift", "-1"])
    #expect(halves.text == "array([-1.5, -2. ], dtype=float32)\n")
  }

  @Test func `counts are whole numbers from 0 on`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    for (option, values) in [
      ("--offset", ["-1", "1.5", "", "9223372036854775808"]), ("--max-header-size", ["-1", "1e3"]),
    ] {
      for value in values {
        try expectFault(["info", path, option, value], "'\(value)' is invalid for '\(option) <")
      }
    }
  }

  @Test func `a conversion that is refused names the option that allows it`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    try expectFault(["crop", path, "0", "--print", "--as", "uint8"], "--casting unsafe", status: 1)
    try expectFault(["crop", path, "0", "--print", "--as", "f2"], "--casting same_kind", status: 1)
    // The way that the message tells of.
    let scaled = ["--scale", "20"]
    try expectFault(
      ["crop", path, ":", "--print", "--as", "uint8"] + scaled,
      "Crop with --as float32 first, then crop that file with --as uint8 --casting unsafe")
    let out = "\(folder.path)/scaled.npy"
    #expect(try npycrop(["crop", path, "8:", "-o", out, "--as", "float32"] + scaled).status == 0)
    #expect(
      try npycrop("crop", out, ":", "--print", "--as", "uint8", "--casting", "unsafe").text
        == "array([160, 180], dtype=uint8)\n")
  }

  @Test func `a header is not read as data, unless it is asked for`() throws {
    let folder = try TemporaryFolder()
    let path = try sample(folder)
    let layout = ["--dtype", "<f4", "--shape", "10"]
    for command in [["info", path], ["crop", path, "0", "--print"]] {
      try expectFault(
        command + layout, "has a header ('<f4', shape (10,))", status: 1)
      try expectFault(command + layout, "--offset 128 to skip the header", status: 1)
    }
    #expect(
      try npycrop(["crop", path, "1:3", "--print"] + layout + ["--offset", "128"]).text
        == "array([1., 2.], dtype=float32)\n")
    #expect(try npycrop(["info", path] + layout + ["--offset", "0"]).status == 0)
    // Damaged after the magic string, and too short to have one.
    let damaged = try folder.file(
      "damaged.npy", Array([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59] + patternBytes(40)))
    try expectFault(
      ["info", damaged] + layout, "the file begins like a .npy file; add --offset", status: 1)
    let short = try folder.file("short", [0x93, 0x4E, 0x55, 0x4D])
    #expect(
      try npycrop("crop", short, "0", "--raw", "--dtype", "u1", "--shape", "4").output == [0x93])
  }
}
