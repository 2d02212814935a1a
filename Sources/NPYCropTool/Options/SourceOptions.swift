import ArgumentParser
import NPYCrop

/// Which file, and where in it the array is.
struct SourceOptions: ParsableArguments {
  @Argument(help: "The .npy file.", completion: .file(extensions: ["npy"]))
  var file: FileName

  @Option(
    help: ArgumentHelp(
      "The byte of the file at which the array begins (default: 0).",
      discussion: "For a file that holds several arrays. With --dtype: where the data begins.",
      valueName: "bytes"),
    transform: count)
  var offset: Int?

  @Option(
    help: ArgumentHelp(
      "The maximum number of characters in the header, like NumPy's max_header_size "
        + "(default: \(NPYArray.defaultMaxHeaderSize)).", valueName: "characters"),
    transform: count)
  var maxHeaderSize: Int?

  func open(
    access: Access = .automatic, advice: Advice = .normal
  ) throws(NPYError) -> NPYArray {
    try NPYArray(
      path: file, offset: offset ?? 0,
      maxHeaderSize: maxHeaderSize ?? NPYArray.defaultMaxHeaderSize, access: access, advice: advice)
  }
}

/// A number of bytes or characters.
private func count(_ text: String) throws -> Int {
  guard let count = Int(text), count >= 0 else {
    throw ValidationError("expected a whole number from 0 to \(Int.max)")
  }
  return count
}
