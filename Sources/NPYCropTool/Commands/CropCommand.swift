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
    help: ArgumentHelp(
      "Write a .npy to this file, which appears whole or not at all; '-' for standard output.",
      discussion: "Its name ends in .npy, or has no ending.", valueName: "file"),
    completion: .file(extensions: ["npy"]))
  var output: FileName?

  @Flag(help: "Write the bytes alone to standard output, in the file's byte order or that of --as.")
  var raw = false

  @Flag(
    name: .customLong("print"), help: "Show the crop as NumPy's repr does, in part if it is large.")
  var isPrinted = false

  @Option(help: "The order of the elements that -o and --raw write: C, unless it is F.")
  var outputOrder: OrderArgument?

  @OptionGroup(title: "Fields and conversions") var conversion: ConversionOptions

  @OptionGroup(title: "Windows that leave the array") var padding: PaddingOptions

  @OptionGroup(title: "Files without a header") var layout: LayoutOptions

  /// Checks what the options mean together.
  ///
  /// Not `validate`: the parser runs that before it reports unknown options.
  private func check() throws {
    let destinations = [("-o FILE", output != nil), ("--raw", raw), ("--print", isPrinted)]
    let asked = destinations.filter(\.1).map(\.0)
    guard !asked.isEmpty else {
      throw ValidationError("Say where the crop goes: one of -o FILE, --raw and --print.")
    }
    guard asked.count == 1 else {
      throw ValidationError(
        "The crop goes to one place, and \(asked.joined(separator: " and ")) were given; leave "
          + "\(asked.count == 2 ? "one" : "two") of them out.")
    }
    guard outputOrder == nil || !isPrinted else {
      throw ValidationError(
        "--output-order is the order of what -o and --raw write; --print shows elements by index.")
    }
    try output?.checkEnding()
    guard !raw && output?.isStandardOutput != true || !isTerminal(.standardOutput) else {
      throw ValidationError("The crop is binary: send standard output to a file or a pipe.")
    }
    try layout.check()
    try conversion.check()
    try padding.check()
  }

  func run() throws {
    try check()
    let part = try conversion.part(of: layout.open(source))
    let region: Region
    do {
      region = try Region(numpy: self.region)
    } catch {
      throw ToolFault("\(part.path): \(error)")
    }
    let converted = try conversion.converted(part, isPrinted: isPrinted)
    let array = try converted.padded(padding.padding(of: converted))
      .ordered(outputOrder?.order ?? .c)
    let plan = try array.plan(region)
    if isPrinted {
      try show(plan, of: array, named: conversion.elementType(of: part))
      return
    }
    var file =
      try output.map { try OutputFile(path: $0) } ?? OutputFile(descriptor: .standardOutput)
    if !raw {
      do {
        let header = try NPYHeader(
          elementType: array.elementType, shape: plan.shape, order: plan.order)
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
  private func show(_ plan: CropPlan, of array: NPYArray, named type: ElementType) throws {
    let isSummary = ArrayText.isSummarised(plan.shape)
    let count = ArrayText.writtenCount(type, plan.shape)
    guard plan.shape.contains(0) || count <= Self.mostPrinted else {
      throw ToolFault(
        "\(array.path): more would be printed than \(Self.mostPrinted) elements, or as much in long "
          + "ones; ask for a smaller region, or for one of the fields")
    }
    let crop = try array.cropRegion(isSummary ? plan.edgeItems(ArrayText.edge) : plan)
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
