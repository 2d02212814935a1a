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
      // Until the words are parsed, judged by the first one.
      kind = subcommand(arguments.first)
      let words = try ArgumentWords(arguments)
      kind = subcommand(words.subcommand)
      var command = try parse(words)
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
      if status == .success { return tellHelp(text) }
      standardError(text + "\n")
      return status
    }
  }

  /// Parses the words; an unknown option is reported before anything else.
  ///
  /// The parser reports missing arguments first. Once none is missing, it reports the option.
  private static func parse(_ words: ArgumentWords) throws -> any ParsableCommand {
    do {
      return try NPYCropCommand.parseAsRoot(words.words)
    } catch {
      do {
        _ = try NPYCropCommand.parseAsRoot(words.completed)
      } catch let unknown where NPYCropCommand.message(for: unknown).hasPrefix("Unknown option") {
        throw unknown
      } catch {}
      throw error
    }
  }

  /// Writes what was asked for, such as the help, which may fail like any other output.
  private static func tellHelp(_ text: String) -> ExitCode {
    do {
      var output = OutputFile(descriptor: .standardOutput)
      try output.write(Array("\(text)\n".utf8))
      try output.finish()
      return .success
    } catch {
      tell("\(error)")
      return .failure
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

  /// A usage error in the parser's form.
  private static func usage(_ fault: String, of command: any ParsableCommand.Type) -> String {
    let name = command.configuration.commandName.map { $0 == "npycrop" ? "" : "\($0) " } ?? ""
    return """
      \(fault)
      Usage: \(NPYCropCommand.usageString(for: command))
        See 'npycrop \(name)--help' for more information.

      """
  }
}
