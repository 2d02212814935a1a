import CArguments
import Glibc
import NPYCrop

/// Arguments as text that keeps their bytes.
///
/// An argument is bytes, and the parser takes text. A byte that is not part of UTF-8 becomes one of
/// the last characters that there are, from U+10FF80 to U+10FFFF, which mean nothing. Where an argument
/// has one of them, its bytes are taken one by one, too, so that no two arguments become the same text.
enum ArgumentText {
  private static let first: UInt32 = 0x10FF00

  /// What the program was started with, without its own name.
  static func ofProgram() -> [String] {
    (1..<max(npycrop_argument_count(), 1)).map { index in
      guard let word = unsafe npycrop_argument(index) else { return "" }
      // Sound: the words are NUL-terminated, and stay where they are while the program runs.
      return unsafe text(of: Array(UnsafeRawBufferPointer(start: word, count: strlen(word))))
    }
  }

  /// The text that stands for an argument.
  static func text(of bytes: [UInt8]) -> String {
    String(bytes, keeping: { $0.value < first }) { byte in
      Unicode.Scalar(first + UInt32(byte)).map { String($0) } ?? ""
    }
  }

  /// The argument that a text stands for.
  static func bytes(of text: String) -> [UInt8] {
    text.unicodeScalars.flatMap { scalar in
      scalar.value < first ? Array(String(scalar).utf8) : [UInt8(truncatingIfNeeded: scalar.value)]
    }
  }

  /// An argument, or a message that holds some, for people: bytes that are not UTF-8 as `\xE9`.
  static func shown(_ text: String) -> String { String(shownPath: bytes(of: text)) }
}
