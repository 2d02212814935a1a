import ArgumentParser
import NPYCrop

/// `npycrop crop`: a region of a file, as a `.npy` or as raw bytes.
struct CropCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crop",
    abstract: "Copy a region out of a .npy file, reading only the pages under it.",
    discussion: """
      REGION is what stands between the brackets in NumPy: '100:164, 200:264', '5, ..., ::-2', \
      'None, -1', '[0, 3, 7], :'. Negative numbers count from the end and slices are clamped. \
      Brackets around it all may be written or left out, but \
      '[5, 6]' is refused: it could be a list, which alone is '[[5, 6]]'. With --pad, a region may \
      leave the array: npycrop crop scan.npy '0, -8:56, -8:56' --pad reflect -o corner.npy
      """)

  @OptionGroup var source: SourceOptions

  @Argument(help: "What to take, in NumPy's words, such as '100:164, 200:264'.")
  var region: String

  @Option(
    name: [.customShort("o"), .long],
    help: "Write a .npy to this file, which appears whole or not at all; '-' for standard output.",
    completion: .file(extensions: ["npy"]))
  var output: String?

  @Flag(help: "Write the bytes alone to standard output, in the file's byte order or that of --as.")
  var raw = false

  @Flag(
    name: .customLong("print"), help: "Show the crop as NumPy's repr does, in part if it is large.")
  var isPrinted = false

  @Option(help: "The order of the result's elements: C or F.")
  var outputOrder: OrderArgument = .c

  @OptionGroup(title: "Fields and conversions") var conversion: ConversionOptions

  @OptionGroup(title: "Windows that leave the array") var padding: PaddingOptions

  @OptionGroup(title: "Files without a header") var layout: LayoutOptions

  func validate() throws {
    guard [raw, output != nil, isPrinted].count(where: { $0 }) == 1 else {
      throw ValidationError("Say where the crop goes: one of -o FILE, --raw and --print.")
    }
    guard !(raw || output == "-") || !isTerminal(.standardOutput) else {
      throw ValidationError("The crop is binary: send standard output to a file or a pipe.")
    }
  }

  func run() throws {
    let array = try conversion.part(of: layout.open(source))
    let region: Region
    do {
      region = try Region(numpy: self.region)
    } catch {
      throw ToolFault("\(array.path): \(error)")
    }
    let plan = try conversion.plan(
      region, of: array, padding: padding, order: isPrinted ? .c : outputOrder.order,
      isPrinted: isPrinted)
    if isPrinted {
      try show(plan, of: array)
      return
    }
    var file =
      try output.map { try OutputFile(path: $0) } ?? OutputFile(descriptor: .standardOutput)
    if !raw {
      do {
        let header = try NPYHeader(
          elementType: conversion.elementType(of: array), shape: plan.shape,
          order: outputOrder.order)
        try file.write(header.serialized)
      } catch let fault as HeaderError {
        throw ToolFault("\(array.path): \(fault)")
      }
    }
    try copy(plan, of: array, to: &file)
    try file.finish()
  }

  /// More than anyone reads, and less than fills a machine's memory with text.
  private static let mostPrinted = 100_000

  /// Writes the crop as text; of a large one only what is shown is read.
  private func show(_ plan: CropPlan, of array: NPYArray) throws {
    let isSummary = ArrayText.isSummarised(plan.shape)
    let type = try conversion.elementType(of: array)
    let count = ArrayText.writtenCount(type, plan.shape)
    guard plan.shape.contains(0) || count <= Self.mostPrinted else {
      throw ToolFault(
        "\(array.path): more would be printed than \(Self.mostPrinted) elements, or as much in long "
          + "ones; ask for a smaller region, or for one of the fields")
    }
    let crop = try array.cropRegion(isSummary ? plan.edges(ArrayText.edge) : plan)
    var file = OutputFile(descriptor: .standardOutput)
    try file.write(Array("\(ArrayText(crop, of: plan.shape, named: type).text)\n".utf8))
  }

  /// Copies slab by slab, so that a region larger than memory passes through.
  private func copy(_ plan: CropPlan, of array: NPYArray, to file: inout OutputFile) throws {
    var progress = Progress(byteCount: plan.byteCount)
    var buffer: [UInt8] = []
    for slab in plan.slabs(ofAtMost: 32 << 20) {
      if buffer.count == slab.byteCount {
        var span = buffer.mutableSpan
        // Sound: any byte is a UInt8.
        var bytes = unsafe span.mutableBytes
        try array.cropRegion(slab, into: &bytes)
      } else {
        buffer = try array.cropRegion(slab).bytes
      }
      try file.write(buffer)
      progress.advance(by: slab.byteCount)
    }
  }
}

/// How the array lies in a file that does not say so itself.
struct LayoutOptions: ParsableArguments {
  @Option(help: "The element type, such as float32 or '>i2': the file has no header.")
  var dtype: String?

  @Option(help: "The length of each axis, such as 10,20.")
  var shape: String?

  @Option(help: "The order of the file's elements: C or F.")
  var order: OrderArgument?

  func validate() throws {
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

  func open(_ source: SourceOptions) throws -> NPYArray {
    guard let elementType = try elementType(), let shape = try lengths() else {
      return try source.open()
    }
    return try NPYArray(
      path: source.file, elementType: elementType, shape: shape, order: order?.order ?? .c,
      offset: source.offset)
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
    // As in Python, `()` has no lengths, and the last may have a comma behind it.
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

/// A memory order by NumPy's letter.
enum OrderArgument: String, ExpressibleByArgument, CaseIterable {
  case c = "C"
  case fortran = "F"

  var order: MemoryOrder { self == .c ? .c : .fortran }
}
