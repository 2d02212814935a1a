import ArgumentParser
import NPYCrop

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `npycrop info`: what a file holds, without reading its data.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Show what a .npy file holds: type, shape, order and where the data begins.")

  @OptionGroup var source: SourceOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup(title: "Files without a header") var layout: LayoutOptions

  func run() throws {
    try layout.check()
    let report = ArrayReport(try layout.open(source))
    var output = OutputFile(descriptor: .standardOutput)
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try output.write(Array(try encoder.encode(report)) + [UInt8(ascii: "\n")])
    } else {
      try output.write(Array("\(report.text)\n".utf8))
    }
  }
}
