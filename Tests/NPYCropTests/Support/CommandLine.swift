import CAllocationCount
import Foundation

/// What a run of the command line came to.
struct CommandResult {
  let status: Int32
  let output: [UInt8]
  let errorLines: [String]

  var text: String { String(decoding: output, as: UTF8.self) }
}

/// `npycrop` as it was built beside the tests.
private let npycropPath = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
  .deletingLastPathComponent().appendingPathComponent("npycrop").path

/// Runs `npycrop`.
func npycrop(_ arguments: [String]) throws -> CommandResult {
  try result(of: process(npycropPath, arguments))
}

/// Runs a script in which `$npycrop` is the tool, for what only a shell can say: names that are no
/// UTF-8, limits, and other users.
func shell(_ script: String) throws -> CommandResult { try result(of: shellProcess(script)) }

/// A script that can be sent signals.
func shellProcess(_ script: String) -> Process {
  process("/bin/sh", ["-c", "npycrop='\(npycropPath)'\n\(script)"])
}

private func process(_ executable: String, _ arguments: [String]) -> Process {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: executable)
  process.arguments = arguments
  process.standardInput = FileHandle.nullDevice
  // A report of a crash would hold the pipes open that a test reads to their ends.
  process.environment = ProcessInfo.processInfo.environment.merging(
    ["SWIFT_BACKTRACE": "enable=no"]) { $1 }
  return process
}

private func result(of process: Process) throws -> CommandResult {
  let (output, errors) = (Pipe(), Pipe())
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

/// What a test needs of the machine, and says that it is skipped without.
enum Machine {
  /// A script that runs another as somebody who is not root.
  static let asNobody =
    geteuid() == 0 ? "setpriv --reuid 65534 --regid 65534 --clear-groups" : "env"

  static let hasNobody = succeeds("\(asNobody) \"$npycrop\" --version")

  /// What begins a script whose processes see no `/proc`.
  static let withoutProc = "unshare -m sh -c \"mount -t tmpfs none /proc && "

  /// Whether no sanitizer is in the programs.
  static let isPlain = allocations_are_counted()

  /// Sanitizers read `/proc` themselves.
  static let canHideProc = isPlain && succeeds("\(withoutProc) true\"")

  static let hasCompiler = succeeds("clang --version")

  private static func succeeds(_ script: String) -> Bool {
    (try? shell(script))?.status == 0
  }
}
