import Foundation
import Testing

@testable import NPYCrop

/// Names of files are bytes: what is no UTF-8 is a name as well as any.
@Suite struct FileNameTests {
  private static let latin1: [UInt8] = [0x63, 0x61, 0xE9, 0x2E, 0x6E, 0x70, 0x79]

  /// A folder with `u8.npy`, 4 × 6 bytes from 0 on, also under the name with the bytes `ca\xE9.npy`.
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let header = try NPYHeader(elementType: .uint8, shape: [4, 6])
    _ = try folder.file("u8.npy", header.serialized + (0..<24).map { UInt8($0) })
    #expect(try shell("cd '\(folder.path)'; cp u8.npy \"$(printf 'ca\\351.npy')\"").status == 0)
    return folder
  }

  private func path(_ folder: TemporaryFolder, _ name: [UInt8]) -> [UInt8] {
    Array("\(folder.path)/".utf8) + name
  }

  @Test func `the library opens a file by the bytes of its name`() throws {
    let folder = try folder()
    let name = path(folder, Self.latin1)
    let array = try NPYArray(path: name)
    #expect(array.shape == [4, 6] && array.path == "\(folder.path)/ca\\xE9.npy")
    let data = try NPYArray(
      path: name, elementType: .uint8, shape: [24], offset: array.header.dataOffset)
    #expect(try data.cropRegion([23], as: UInt8.self).elements == [23])
    #expect(try cropRegion([1, 2], of: name, as: UInt8.self).elements == [8])
    #expect(try cropRegion([1, 2], of: name).bytes == [8])
    #expect(try NPYArray(path: name).converted(to: Float.self).cropRegion([1, 2]).elements == [8])
    #expect(try cropRegion([1, 2], of: "\(folder.path)/u8.npy", as: UInt8.self).elements == [8])
  }

  @Test func `errors show the bytes that are no UTF-8, and those alone`() throws {
    let cases: [(name: [UInt8], shown: String)] = [
      (Self.latin1, "ca\\xE9.npy"), (Array("Größe \u{10FFFF}".utf8), "Größe \u{10FFFF}"),
      // Half a character between whole ones, an encoded surrogate, and a byte that nothing begins with.
      ([0xC3, 0xA9, 0xE2, 0x82, 0xC3, 0xA9], "é\\xE2\\x82é"),
      ([0xED, 0xA0, 0x80, 0x41], "\\xED\\xA0\\x80A"), ([0x80], "\\x80"), ([0xFF, 0x0A], "\\xFF\n"),
    ]
    for (name, shown) in cases {
      let error = #expect(throws: NPYError.self) { try NPYArray(path: [0x2F, 0x2F] + name) }
      #expect(error?.path == "//\(shown)")
      #expect(error?.fault == .file(.system(call: .open, errno: ENOENT)))
    }
    #expect(throws: NPYError(path: "a\0b", fault: .file(.nulInPath))) {
      try NPYArray(path: [0x61, 0, 0x62] as [UInt8])
    }
  }

  @Test func `the tool reads and writes names that are no UTF-8 byte for byte`() throws {
    let folder = try folder()
    // The second of two names that a repair of the text makes one; the last is UTF-8, of a character
    // that stands for a byte within the tool.
    let result = try shell(
      """
      cd '\(folder.path)'
      e=$(printf 'ca\\351.npy') && "$npycrop" crop "$e" '0, :3' --raw &&
      "$npycrop" crop u8.npy 0 -o "$e" &&
      "$npycrop" crop u8.npy 1 --output="$(printf 'ca\\350.npy')" &&
      mkdir "$(printf 'f\\377')" &&
      "$npycrop" crop u8.npy 2 -o "$(printf 'f\\377/\\303.npy')" &&
      "$npycrop" crop u8.npy 3 -o "$(printf '\\364\\217\\277\\251.npy')" && "$npycrop" info "$e"
      """)
    #expect(result.status == 0 && result.errorLines.isEmpty, "\(result.errorLines)")
    #expect(result.output.prefix(3) == [0, 1, 2])
    #expect(result.text.contains("ca\\xE9.npy\n"))
    for (name, row) in [
      (Self.latin1, 0), ([0x63, 0x61, 0xE8, 0x2E, 0x6E, 0x70, 0x79], 1),
      ([0x66, 0xFF, 0x2F, 0xC3, 0x2E, 0x6E, 0x70, 0x79], 2),
      (Array("\u{10FFE9}.npy".utf8), 3),
    ] {
      let array = try NPYArray(path: path(folder, name))
      #expect(array.shape == [6])
      #expect(try array.cropRegion([0], as: UInt8.self).elements == [UInt8(6 * row)], "\(name)")
    }
    let count = try shell("cd '\(folder.path)'; ls -A . f* | wc -l").text
    #expect(count.filter(\.isNumber) == "9")
  }

  @Test func `messages of the tool show such names escaped, and other arguments must be text`()
    throws
  {
    let folder = try folder()
    for (arguments, status, message) in [
      ("info \"$(printf 'no\\351\\033.npy')\"", 1, "no\\xE9\\u{1b}.npy: open: No such file"),
      ("crop u8.npy 0 -o \"$(printf 'no\\351/x')\"", 1, "no\\xE9/x: open: No such file"),
      ("\"$(printf '\\351\\033')\" u8.npy", 64, "'\\xE9\\u{1b}'"),
      ("crop u8.npy 0 \"$(printf '\\351')\" --raw", 64, "'\\xE9' is not UTF-8"),
      ("crop u8.npy 0 --raw --\"$(printf '\\351')\"", 64, "option '--\\xE9'"),
      ("crop u8.npy \"$(printf '\\351')\" --raw", 64, "'\\xE9' is not UTF-8"),
      ("crop u8.npy 0 --raw --field \"$(printf '\\351')\"", 64, "'\\xE9' is not UTF-8"),
      ("crop u8.npy 0 --raw --pad constant --fill=\"$(printf '\\351')\"", 64, "is not UTF-8"),
    ] {
      let result = try shell("cd '\(folder.path)'; \"$npycrop\" \(arguments)")
      #expect(result.status == status && result.output.isEmpty, "\(arguments)")
      #expect(result.errorLines.first?.contains(message) == true, "\(result.errorLines)")
    }
  }

  @Test func `names may begin with a dash`() throws {
    let folder = try folder()
    for (arguments, output) in [
      ("crop -1.npy -1,0 --raw", [18]), ("crop --raw -1.npy -1,-1", [23]),
      ("crop --raw -- -1.npy -1,1", [19]), ("crop -dash.npy 0,0 --raw", [0]),
      ("crop -h.npy -4,1 --raw", [1]),
      ("crop u8.npy 1,1 -o -2.npy && \"$npycrop\" crop -2.npy '()' --raw", [7]),
      ("crop u8.npy 1,2 --output -o.npy && \"$npycrop\" crop -o.npy '()' --raw", [8]),
      ("crop u8.npy 1,3 -o=-x.npy && \"$npycrop\" crop ./-x.npy '()' --raw", [9]),
      ("crop u8.npy 1,4 -o -dash && \"$npycrop\" crop ./-dash '()' --raw", [10]),
    ] as [(String, [UInt8])] {
      let result = try shell(
        """
        cd '\(folder.path)'; for name in -1 -dash -h; do cp u8.npy ./$name.npy; done
        "$npycrop" \(arguments)
        """)
      #expect(result.output == output, "\(arguments): \(result.errorLines)")
    }
    let info = try shell("cd '\(folder.path)'; cp u8.npy ./-dash.npy; \"$npycrop\" info -dash.npy")
    #expect(info.text.hasPrefix("file:           -dash.npy\n"))
  }
}
