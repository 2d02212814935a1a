import Foundation

/// What a run of the command line came to.
struct CommandResult {
  let status: Int32
  let output: [UInt8]
  let errorLines: [String]

  var text: String { String(decoding: output, as: UTF8.self) }
}

/// Runs `npycrop` as it was built beside the tests.
func npycrop(_ arguments: [String]) throws -> CommandResult {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("npycrop")
  process.arguments = arguments
  let (output, errors) = (Pipe(), Pipe())
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = output
  process.standardError = errors
  try process.run()
  // Results and messages of these tests fit in a pipe, so neither waits for the other.
  let bytes = Array(try output.fileHandleForReading.readToEnd() ?? Data())
  let message = try errors.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  return CommandResult(
    status: process.terminationStatus, output: bytes,
    errorLines: String(decoding: message, as: UTF8.self).split(separator: "\n").map(String.init))
}

/// Runs `npycrop` with arguments written out.
func npycrop(_ arguments: String...) throws -> CommandResult {
  try npycrop(arguments)
}
