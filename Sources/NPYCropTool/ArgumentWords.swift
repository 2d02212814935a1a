import ArgumentParser

/// The words of the command line, told apart for the parser.
///
/// The parser takes what begins with a dash for options, and of two of one kind the last. Here names
/// and regions that begin with a dash, such as `-1.npy` and `-5:20`, come after a `--`, and an option
/// that is given twice is a fault.
struct ArgumentWords {
  /// What the program is to do.
  private(set) var subcommand: String?
  /// What the parser is given.
  private(set) var words: [String]
  /// The same, with something for each argument that `crop` needs.
  var completed: [String] { words + (words.contains("--") ? [] : ["--"]) + [".", "."] }

  // `OptionTests` compares these two lists with the help of each command.

  /// The options that have a value, by their long names.
  private static let valued: Set = [
    "--offset", "--max-header-size", "--dtype", "--shape", "--order", "--output", "--output-order",
    "--field", "--view", "--as", "--casting", "--scale", "--shift", "--pad", "--fill", "--access",
    "--advice", "--points", "--size", "--indices", "--mask",
    "--generate-completion-script",
  ]

  /// The options that have none.
  private static let flags: Set = [
    "--raw", "--print", "--explain", "--json", "--help", "--version",
  ]

  init(_ arguments: [String]) throws(ValidationError) {
    words = arguments
    // What a shell asks for completions, and the parser's own way to ask for help.
    guard arguments.first?.hasPrefix("---") != true, arguments.first != "help" else { return }
    var options: [String] = []
    var others: [String] = []
    var given: [String: String] = [:]
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if word == "--" {
        others += rest
        break
      }
      guard Self.isOption(word) else {
        try Self.checkIsNoOption(word)
        others.append(word)
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let written = String(parts[0])
      let name = written == "-o" ? "--output" : written
      guard Self.valued.contains(name) else {
        options.append(word)
        continue
      }
      var value = parts.count > 1 ? String(parts[1]) : nil
      if value == nil, let next = rest.first, !Self.isOption(next) { value = rest.removeFirst() }
      guard let value else {
        options.append(word)
        continue
      }
      if let first = given.updateValue(value, forKey: name) {
        throw ValidationError(
          "\(written) is given twice, as '\(first)' and as '\(value)'; give it once.")
      }
      let text = name == "--output" ? value : try Self.plain(value)
      // Joined, a value may begin with a dash; apart, it may be empty.
      options += text.first == "-" ? ["\(written)=\(text)"] : [written, text]
    }
    subcommand = others.first
    // After the name of the file.
    for index in others.indices.dropFirst(2) { others[index] = try Self.plain(others[index]) }
    words = others.prefix(1) + options + (others.count > 1 ? ["--"] + others.dropFirst() : [])
  }

  /// An argument that is no name of a file, and so is text.
  private static func plain(_ argument: String) throws(ValidationError) -> String {
    guard let text = String(validating: ArgumentText.bytes(of: argument), as: UTF8.self) else {
      throw ValidationError("'\(argument)' is not UTF-8, as all but the names of files have to be.")
    }
    return text
  }

  private static func isOption(_ word: String) -> Bool {
    word.hasPrefix("--") || word == "-o" || word.hasPrefix("-o=") || word == "-h"
  }

  /// Refuses what the parser would take for several options of one letter.
  private static func checkIsNoOption(_ word: String) throws(ValidationError) {
    guard word.count > 1, word.first == "-",
      word.allSatisfy({ $0.isLetter || $0 == "-" || $0 == "_" })
    else { return }
    let long = "-\(word)"
    let advice =
      valued.contains(long) || flags.contains(long)
      ? "Did you mean '\(long)'?"
      : "Long options begin with two dashes; short ones are -o and -h. A file of this name is "
        + "'./\(word)'."
    throw ValidationError("Unknown option '\(word)'. \(advice)")
  }
}
