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
    let arguments = withNegativeRegionsAsValues(Array(CommandLine.arguments.dropFirst()))
    do {
      var command = try NPYCropCommand.parseAsRoot(arguments)
      try command.run()
    } catch let fault as NPYError {
      fail(fault.description)
    } catch let fault as ToolFault {
      fail(fault.description)
    } catch {
      NPYCropCommand.exit(withError: error)
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

  private static func fail(_ message: String) -> Never {
    standardError("npycrop: \(printable(message))\n")
    NPYCropCommand.exit(withError: ExitCode.failure)
  }
}

/// What is at fault on the tool's own side.
struct ToolFault: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
