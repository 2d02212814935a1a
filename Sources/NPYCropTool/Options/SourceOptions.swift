import ArgumentParser
import NPYCrop

/// Which file, and where in it the array is.
struct SourceOptions: ParsableArguments {
  @Argument(help: "The .npy file.", completion: .file(extensions: ["npy"]))
  var file: FileName

  @Option(
    help: ArgumentHelp(
      "The byte of the file at which the array begins; 0 without it.",
      discussion: "For a file of several arrays; with --dtype, where the data begins.",
      valueName: "bytes"),
    transform: count)
  var offset: Int?

  @Option(
    help: ArgumentHelp(
      "How many characters the header may have, as NumPy's max_header_size; "
        + "\(NPYArray.defaultMaxHeaderSize) without it.", valueName: "characters"),
    transform: count)
  var maxHeaderSize: Int?

  func open() throws(NPYError) -> NPYArray {
    try NPYArray(
      path: file, offset: offset ?? 0,
      maxHeaderSize: maxHeaderSize ?? NPYArray.defaultMaxHeaderSize)
  }
}

/// A number of bytes or characters.
private func count(_ text: String) throws -> Int {
  guard let count = Int(text), count >= 0 else {
    throw ValidationError("expected a whole number from 0 to \(Int.max)")
  }
  return count
}
