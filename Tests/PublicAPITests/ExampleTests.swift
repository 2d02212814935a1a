import Foundation
import Testing

/// Each example of the documentation stands, line by line, in a test that runs it.
@Suite struct ExampleTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func files(under folder: String, ending: String) -> [URL] {
    let found = FileManager.default.enumerator(
      at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
    return (found?.compactMap { $0 as? URL } ?? []).filter { $0.path.hasSuffix(ending) }
  }

  /// A line without its comment and without any space; empty if there is nothing more.
  private static func code(_ line: some StringProtocol) -> String {
    var code = String(line)
    if let comment = code.range(of: "//") { code = String(code[..<comment.lowerBound]) }
    // Tests have the file in a folder of their own.
    return code.filter { !$0.isWhitespace }.replacingOccurrences(
      of: "\"scan.npy\"", with: "scanPath")
  }

  /// The examples of a text: the lines between the marks of a block of Swift.
  private static func examples(in text: String) -> [[String]] {
    var examples: [[String]] = []
    var open: [String]?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      // In a comment of a source file the text comes after three slashes.
      let start = line.drop { $0 == " " }
      let inner = start.hasPrefix("///") ? start.dropFirst(3).drop { $0 == " " } : start
      if inner.hasPrefix("```") {
        if let example = open {
          examples.append(example.map(code).filter { !$0.isEmpty && !$0.hasPrefix("import") })
          open = nil
        } else {
          open = inner.hasPrefix("```swift") ? [] : nil
        }
      } else if open != nil {
        open?.append(String(inner))
      }
    }
    return examples
  }

  /// Whether a text contains all lines in this order; other text may be between them.
  private static func stand(_ lines: [String], in text: String) -> Bool {
    var rest = text[...]
    for line in lines {
      guard let found = rest.range(of: line) else { return false }
      rest = rest[found.upperBound...]
    }
    return true
  }

  @Test func `each example of the documentation is run by a test`() throws {
    let tests = try Self.files(under: "Tests/PublicAPITests", ending: ".swift")
      .map { try String(contentsOf: $0, encoding: .utf8) }
      .map { $0.split(separator: "\n").map(Self.code).joined() }
    let texts =
      [Self.root.appendingPathComponent("README.md")]
      + Self.files(under: "Sources/NPYCrop", ending: ".md")
      + Self.files(under: "Sources/NPYCrop", ending: ".swift")
    var count = 0
    for text in texts {
      for example in try Self.examples(in: String(contentsOf: text, encoding: .utf8)) {
        count += 1
        #expect(
          tests.contains { Self.stand(example, in: $0) },
          "\(text.lastPathComponent): \(example.joined(separator: "\n"))")
      }
    }
    #expect(count > 30)
  }

  @Test func `an example that no test has is found`() {
    let text = "/// ```swift\n/// let a = 1  // one\n/// ```"
    #expect(Self.examples(in: text) == [["leta=1"]])
    #expect(Self.stand(["leta=1", "letb"], in: "leta=1;letb=2"))
    #expect(!Self.stand(["letb", "leta=1"], in: "leta=1;letb=2"))
  }
}
