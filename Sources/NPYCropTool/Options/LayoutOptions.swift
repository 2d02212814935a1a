import ArgumentParser
import NPYCrop

/// How the array lies in a file that does not say so itself.
struct LayoutOptions: ParsableArguments {
  @Option(help: "The element type, such as float32 or '>i2': the file has no header.")
  var dtype: String?

  @Option(help: "The length of each axis, such as 10,20.")
  var shape: String?

  @Option(help: "The order of the file's elements: C or F.")
  var order: OrderArgument?

  func check() throws {
    guard (dtype == nil) == (shape == nil) else {
      throw ValidationError("A file without a header needs both --dtype and --shape.")
    }
    guard order == nil || dtype != nil else {
      throw ValidationError(
        "--order describes a file without a header, with --dtype and --shape; "
          + "the order of the result is --output-order.")
    }
    _ = try elementType()
    _ = try lengths()
  }

  func open(
    _ source: SourceOptions, access: Access = .automatic, advice: Advice = .normal
  ) throws -> NPYArray {
    guard let elementType = try elementType(), let shape = try lengths() else {
      return try source.open(access: access, advice: advice)
    }
    // Who says where the data begins means the header, too, if it is there.
    if source.offset == nil { try checkHasNoHeader(source) }
    return try NPYArray(
      path: source.file, elementType: elementType, shape: shape, order: order?.order ?? .c,
      offset: source.offset ?? 0, access: access, advice: advice)
  }

  /// Refuses to read a header as data, which is what comes of describing a `.npy` file.
  private func checkHasNoHeader(_ source: SourceOptions) throws {
    let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
    // What cannot be opened or is shorter is no `.npy` file, and told of when it is read.
    guard
      let start = try? NPYArray(
        path: source.file, elementType: .uint8, shape: [magic.count], access: .positionedReads),
      try start.cropRegion(.all).bytes == magic
    else { return }
    do {
      let array = try source.open()
      throw ToolFault(
        "\(array.path): the file has a header (\(array.elementType), shape \(tuple(array.shape))), which "
          + "--dtype and --shape would read as data; leave them out, or add --offset "
          + "\(array.header.dataOffset) to skip the header, or --offset 0 to read it as data")
    } catch let fault as NPYError {
      throw ToolFault(
        "\(fault); the file begins like a .npy file; add --offset with the byte where the data begins, or "
          + "--offset 0 to read the whole file as data")
    }
  }

  private func elementType() throws -> ElementType? {
    guard let dtype else { return nil }
    do {
      return try ElementType(dtype)
    } catch {
      throw ValidationError("--dtype '\(dtype)': \(error).")
    }
  }

  private func lengths() throws -> [Int]? {
    guard let shape else { return nil }
    var inner = shape[...]
    if inner.first == "(", inner.last == ")" { inner = inner.dropFirst().dropLast() }
    var lengths = inner.split(separator: ",", omittingEmptySubsequences: false)
    // As in Python, `()` has no lengths, and the last may have a comma after it.
    if lengths.count > 1 || inner.count < shape.count, lengths.last?.isEmpty == true {
      lengths.removeLast()
    }
    return try lengths.map { length in
      guard let length = Int(length.drop { $0 == " " }), length >= 0 else {
        throw ValidationError("--shape '\(shape)': expected lengths such as 10,20.")
      }
      return length
    }
  }
}
