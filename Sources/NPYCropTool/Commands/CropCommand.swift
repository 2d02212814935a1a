import ArgumentParser
import NPYCrop

/// `npycrop crop`: a region of a file, as a `.npy` or as raw bytes.
struct CropCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crop",
    abstract: "Copy a region out of a .npy file, touching only its pages.",
    discussion: """
      REGION is the text between NumPy's brackets: '100:164, 200:264', '5, ..., ::-2', \
      'None, -1', '[0, 3, 7], :'. Negative numbers count from the end and slices are clamped. \
      One pair of brackets around the whole region is optional. '[5, 6]' is refused because it is \
      ambiguous: write '5, 6' for an element or '[[5, 6]]' for a list. With --pad, a region may \
      reach outside the array: npycrop crop scan.npy '0, -8:56, -8:56' --pad reflect -o corner.npy
      """)

  @OptionGroup var source: SourceOptions

  @Argument(help: "The region in NumPy notation, such as '100:164, 200:264'.")
  var region: String?

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp(
      "Write a .npy to this file, which is created only when it is complete; '-' for standard output.",
      discussion: "The name must end in .npy or have no ending.", valueName: "file"),
    completion: .file(extensions: ["npy"]))
  var output: FileName?

  @Flag(
    help: "Write only the data bytes to standard output, in the byte order of the file or of --as.")
  var raw = false

  @Flag(
    name: .customLong("print"),
    help: "Print the crop as NumPy's repr does; a large one is summarised.")
  var isPrinted = false

  @Flag(help: "Print what the crop would cost now, and read nothing of the array.")
  var explain = false

  @Option(help: "The order of the elements that -o and --raw write: C (default) or F.")
  var outputOrder: OrderArgument?

  @OptionGroup(title: "Places from a file") var places: PlaceOptions

  @OptionGroup(title: "Fields and conversions") var conversion: ConversionOptions

  @OptionGroup(title: "Windows that reach outside the array") var padding: PaddingOptions

  @OptionGroup(title: "Files without a header") var layout: LayoutOptions

  @OptionGroup(title: "How the file is read") var access: AccessOptions

  /// Checks what the options mean together.
  ///
  /// Not `validate`: the parser runs that before it reports unknown options.
  private func check() throws {
    guard region != nil || !places.isEmpty else {
      throw ValidationError("Missing expected argument '<region>'")
    }
    let destinations = [
      ("-o FILE", output != nil), ("--raw", raw), ("--print", isPrinted), ("--explain", explain),
    ]
    let asked = destinations.filter(\.1).map(\.0)
    guard !asked.isEmpty else {
      throw ValidationError("Choose one output: -o FILE, --raw, --print or --explain.")
    }
    guard asked.count == 1 else {
      throw ValidationError(
        "\(asked.joined(separator: " and ")) were given, but only one output is possible; leave "
          + "\(asked.count == 2 ? "one" : "all but one") of them out.")
    }
    guard outputOrder == nil || !isPrinted else {
      throw ValidationError(
        "--output-order applies to -o and --raw only; --print shows the elements by index.")
    }
    try output?.checkEnding()
    guard !raw && output?.isStandardOutput != true || !isTerminal(.standardOutput) else {
      throw ValidationError("The crop is binary: send standard output to a file or a pipe.")
    }
    try places.check(region: region)
    guard places.size == nil || !isPrinted else {
      throw ValidationError(
        "--print shows one region; write the windows of --size with -o or --raw.")
    }
    try layout.check()
    try conversion.check()
    try padding.check()
  }

  func run() throws {
    try check()
    let part = try conversion.part(
      of: layout.open(
        source, access: access.way, advice: explain ? .normal : access.hint))
    let converted = try conversion.converted(part, isPrinted: isPrinted)
    let array = try converted.padded(padding.padding(of: converted))
      .ordered(outputOrder?.order ?? .c)
    let mask = try places.maskFile()
    // Lists in REGION are paired up with the whole mask.
    if case .array(let mask) = mask, !explain, !isPrinted, outputOrder?.order != .fortran,
      region?.contains("[") != true
    {
      return try writeMasked(array, by: mask)
    }
    let plan = try plan(of: array, mask)
    if explain {
      var file = OutputFile(descriptor: .standardOutput)
      let report = try CostReport(array: array, plan: plan, cost: array.cost(of: plan))
      try file.write(Array("\(report.text)\n".utf8))
      return
    }
    if isPrinted {
      try show(plan, of: array, named: conversion.elementType(of: part))
      return
    }
    var file = try openOutput()
    try writeHeader(of: array, shape: plan.shape, order: plan.order, to: &file)
    try copy(plan, of: array, to: &file)
    try file.finish()
  }

  /// What is taken of an array.
  private func plan(of array: NPYArray, _ mask: PlaceOptions.MaskFile?) throws -> CropPlan {
    do {
      switch try places.places(region, mask: mask) {
      case .region(let region): return try array.plan(region)
      case .windows(let windows): return try array.plan(windows)
      }
    } catch let error as RegionError {
      throw ToolFault("\(array.path): \(error)")
    }
  }

  private func openOutput() throws -> OutputFile {
    try output.map { try OutputFile(path: $0) } ?? OutputFile(descriptor: .standardOutput)
  }

  /// Writes the header of a `.npy` file, unless only data is asked for.
  private func writeHeader(
    of array: NPYArray, shape: [Int], order: MemoryOrder, to file: inout OutputFile
  ) throws {
    guard !raw else { return }
    do {
      let header = try NPYHeader(elementType: array.elementType, shape: shape, order: order)
      try file.write(header.serialized)
    } catch let fault as HeaderError {
      throw ToolFault("\(array.path): \(fault)")
    }
  }

  /// Writes what a mask takes, part by part: neither the mask nor the places of its elements need fit in memory.
  private func writeMasked(_ array: NPYArray, by mask: NPYArray) throws {
    var regions = try MaskRegions(of: mask)
    let none = try array.plan(region(after: regions.none, of: array))
    var file = try openOutput()
    try writeHeader(
      of: array, shape: [regions.count] + none.shape.dropFirst(), order: none.order, to: &file)
    var rows = 0
    while let part = try regions.next() {
      let plan = try array.plan(region(after: part, of: array))
      rows += plan.shape.first ?? 0
      try copy(plan, of: array, to: &file)
    }
    guard rows == regions.count else {
      throw ToolFault("\(mask.path): the file changed while it was read; run the command again")
    }
    try file.finish()
  }

  /// The region of places, and of REGION along the axes after them.
  private func region(after places: Region, of array: NPYArray) throws -> Region {
    do {
      return try Region(numpy: region ?? "...", after: places)
    } catch {
      throw ToolFault("\(array.path): \(error)")
    }
  }

  /// More than anyone reads, and less than fills a machine's memory with text.
  private static let mostPrinted = 100_000

  /// Writes the crop as text; of a large one only what is shown is read.
  private func show(_ plan: CropPlan, of array: NPYArray, named type: ElementType) throws {
    let isSummary = ArrayText.isSummarised(plan.shape)
    let count = ArrayText.writtenCount(type, plan.shape)
    guard plan.shape.contains(0) || count <= Self.mostPrinted else {
      throw ToolFault(
        "\(array.path): the output would be too long: more than \(Self.mostPrinted) elements, where a long "
          + "element counts as several; ask for a smaller region or for one field")
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
        try array.cropRegions(slab, into: &bytes)
      } else {
        buffer = try array.cropRegions(slab).bytes
      }
      try file.write(buffer)
      progress.advance(by: slab.byteCount)
    }
  }
}
