import ArgumentParser
import NPYCrop

/// The command line: windows out of `.npy` files at a shell.
struct NPYCropCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "npycrop",
    abstract: "Read small windows out of .npy files too large to load.",
    discussion: """
      Exit status: 0, or 1 where the file or the region is at fault, or 64 where the command line \
      is. What is at fault is told on standard error, in one line.
      """,
    version: "0.1.0",
    subcommands: [InfoCommand.self, CropCommand.self])
}

@main
enum Program {
  static func main() {
    let status = run(withNegativeRegionsAsValues(Array(CommandLine.arguments.dropFirst())))
    // Only here, where nothing is held any more that a search for leaks would miss.
    if status != .success { NPYCropCommand.exit(withError: status) }
  }

  /// Runs a command line, and says what is at fault.
  private static func run(_ arguments: [String]) -> ExitCode {
    do {
      var command = try NPYCropCommand.parseAsRoot(arguments)
      try command.run()
      return .success
    } catch let fault as NPYError {
      standardError("npycrop: \(printable(fault.description))\n")
      return .failure
    } catch let fault as ToolFault {
      standardError("npycrop: \(printable(fault.description))\n")
      return .failure
    } catch {
      let status = NPYCropCommand.exitCode(for: error)
      let text = NPYCropCommand.fullMessage(for: error)
      guard !text.isEmpty else { return status }
      if status == .success { print(text) } else { standardError(text + "\n") }
      return status
    }
  }

  /// Lets a region begin with a minus sign, as in `-5:20`, without a `--` before it, and the values
  /// of some options.
  ///
  /// No option of the program has a digit behind its dashes, and a leading space means nothing to
  /// a region.
  private static func withNegativeRegionsAsValues(_ arguments: [String]) -> [String] {
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    var changed: [String] = []
    for argument in arguments[..<end] {
      let previous = changed.last ?? ""
      let unsigned = argument.drop { "-+ \t".contains($0) }
      if ["--fill", "--scale", "--shift"].contains(previous), argument.first == "-" {
        changed[changed.count - 1] += "=\(argument)"
      } else if argument.first == "-", unsigned.first?.isNumber == true,
        // Behind an option that takes one it is that option's value.
        previous.first != "-" || ["--raw", "--print"].contains(previous) || previous.contains("=")
      {
        changed.append(" " + argument)
      } else {
        changed.append(argument)
      }
    }
    return changed + arguments[end...]
  }
}

/// What is at fault on the tool's own side.
struct ToolFault: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
