import ArgumentParser
import Glibc
import NPYCrop

@main
enum Program {
  static func main() {
    // A write beyond the largest size that a file may have is an error in words, too.
    _ = signal(SIGXFSZ, SIG_IGN)
    let status = run(ArgumentText.ofProgram())
    // Only here, where nothing is held any more that a search for leaks would miss.
    if status != .success { NPYCropCommand.exit(withError: status) }
  }

  /// Runs a command line, and says what is at fault.
  private static func run(_ arguments: [String]) -> ExitCode {
    var kind: any ParsableCommand.Type = NPYCropCommand.self
    do {
      // Until the words are told apart, what most command lines begin with.
      kind = subcommand(arguments.first)
      let words = try ArgumentWords(arguments)
      kind = subcommand(words.subcommand)
      var command = try NPYCropCommand.parseAsRoot(words.words)
      try command.run()
      return .success
    } catch let fault as NPYError {
      tell(fault.inToolWords)
      return .failure
    } catch let fault as ToolFault {
      tell(fault.description)
      return .failure
    } catch let fault as ValidationError {
      standardError(usage("Error: \(shown(fault.message))", of: kind))
      return .validationFailure
    } catch {
      let status = NPYCropCommand.exitCode(for: error)
      let text = shown(NPYCropCommand.fullMessage(for: error))
      guard !text.isEmpty else { return status }
      if status == .success { print(text) } else { standardError(text + "\n") }
      return status
    }
  }

  private static func tell(_ fault: String) { standardError("npycrop: \(printable(fault))\n") }

  /// A message of the parser, which may hold arguments.
  private static func shown(_ message: String) -> String {
    ArgumentText.shown(message).split(separator: "\n", omittingEmptySubsequences: false)
      .map { printable(String($0)) }.joined(separator: "\n")
  }

  private static func subcommand(_ name: String?) -> any ParsableCommand.Type {
    NPYCropCommand.configuration.subcommands.first { $0.configuration.commandName == name }
      ?? NPYCropCommand.self
  }

  /// A fault of the command line, with how it is written; as the parser says it of its own.
  private static func usage(_ fault: String, of command: any ParsableCommand.Type) -> String {
    let name = command.configuration.commandName.map { $0 == "npycrop" ? "" : "\($0) " } ?? ""
    return """
      \(fault)
      Usage: \(NPYCropCommand.usageString(for: command))
        See 'npycrop \(name)--help' for more information.

      """
  }
}

/// What is at fault on the tool's own side.
struct ToolFault: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

extension NPYError {
  /// What went wrong, and what can be done about it here: by the names of the options.
  fileprivate var inToolWords: String {
    guard case .crop(let error) = fault else { return description }
    switch error {
    case .outOfMemory(let byteCount):
      return
        "\(path): no memory for \(byteCount) bytes, though no more of the result is held at once; "
        + "give the process more (ulimit -v, or the limit of its control group)"
    case .conversion(let found, let requested, let casting):
      let option = Self.option(for: found, to: requested, casting)
      return option.map { "\(description) (\($0))" } ?? description
    default:
      return description
    }
  }

  /// The option that helps where elements cannot be converted; nil where none does.
  private static func option(
    for found: ElementType, to requested: ElementType, _ casting: Casting
  ) -> String? {
    switch found.kind {
    case .record: return "--field"
    case .datetime64, .timedelta64, .void: return "--view"
    default:
      guard !casting.allows(found, to: requested) else { return nil }
      return Casting.allCases.first { $0.allows(found, to: requested) }
        .map { "--casting \($0.rawValue)" }
    }
  }
}
