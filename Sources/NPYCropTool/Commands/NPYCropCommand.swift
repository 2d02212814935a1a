import ArgumentParser
import NPYCrop

/// The command line: windows out of `.npy` files at a shell.
///
/// A new subcommand is a file in this folder and an entry in `subcommands`; its options are named in
/// `ArgumentWords`, too, which `OptionTests` checks.
struct NPYCropCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "npycrop",
    abstract: "Read small windows out of .npy files too large to load.",
    discussion: """
      Exit status: 0 for success, 1 for an error in the input file, the region, a value or the output \
      (one line on standard error), 64 for an error in the command line.
      """,
    version: "0.1.0",
    subcommands: [InfoCommand.self, CropCommand.self])

  func run() throws {
    standardError(Self.helpMessage() + "\n")
    throw ExitCode.validationFailure
  }
}
