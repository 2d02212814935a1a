import ArgumentParser
import NPYCrop

/// The name of a file as it was given: bytes, which need not be UTF-8.
struct FileName: ExpressibleByArgument, NPYPath {
  let pathBytes: [UInt8]

  init(argument: String) { pathBytes = ArgumentText.bytes(of: argument) }

  init(_ bytes: [UInt8]) { pathBytes = bytes }

  /// The name for a message.
  var shown: String { String(shownPath: pathBytes) }

  /// The name as the C library takes it.
  var cString: [CChar] { (pathBytes + [0]).map { CChar(bitPattern: $0) } }

  /// The folder that the file is in.
  var folder: FileName {
    guard let slash = pathBytes.lastIndex(of: UInt8(ascii: "/")) else { return FileName([0x2E]) }
    return FileName(Array(pathBytes[..<max(slash, 1)]))
  }

  /// A file in this folder.
  func appending(_ name: String) -> FileName { FileName(pathBytes + Array("/\(name)".utf8)) }

  /// What stands after the last dot of the name, where that can name a format: nil where there is
  /// none, or a number, as in `scan.2`.
  var ending: String? {
    let name = pathBytes[((pathBytes.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)...]
    let visible = name.drop { $0 == UInt8(ascii: ".") }
    guard let dot = visible.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    let ending = String(shownPath: Array(visible[(dot + 1)...]))
    return ending.allSatisfy(\.isNumber) ? nil : ending
  }
}
