/// An array in a file: opening it reads the header only.
///
/// ```swift
/// let scan = try NPYArray(path: "scan.npy")
/// let window = try scan.cropRegion([10..<74, 20..<84], as: Float.self)
/// print(window.elements.count)   // 4096; the rest of the data was not touched
/// ```
///
/// A value that shares the open file with its copies and views; the file is closed with the last of them. Any
/// number of tasks may crop from one array at once.
///
/// If another program makes the file shorter while it is open, the next crop that this could spoil throws an
/// error. ``Access`` and ``Verification`` describe the limits. Replacing a file by renaming another one over it
/// is safe, and so is appending to it, even while it is just being opened, if the data is written first and
/// the header then overwritten in place.
public struct NPYArray: Sendable {
  let source: any Source
  let layout: ArrayLayout
  /// What the file's header says, and where the data lies.
  ///
  /// For a slice, a field or another view it describes the whole array in the file.
  public let header: NPYHeader
  /// What one element of the source is.
  let sourceType: ElementType
  /// What a small crop would notice to ask the type each time.
  let sourceTraits: SourceTraits
  /// How its crops are made; nil for as they are in the file, in C order.
  let attributes: ArrayAttributes?

  /// The fields of the elements, for ``field(_:)``; empty if they are not records.
  public var fields: [ElementType.Field] { elementType.fields }
  /// The size of the file in bytes when it was opened.
  public var fileByteCount: Int { source.byteCount }
  /// The bytes of the file after the data that its header describes: 0 for what `np.save` writes.
  public var trailingByteCount: Int { source.byteCount - header.dataEnd }

  /// Opens a `.npy` file.
  ///
  /// Reads the header, and checks that the file has all the data that it promises.
  ///
  /// - Parameters:
  ///   - path: The file: a `String`, or its bytes if they are not UTF-8.
  ///   - offset: The byte of the file at which the magic string begins: 0 unless the file holds
  ///     several arrays, of which each begins where ``NPYHeader/dataEnd`` of the one before says.
  ///   - maxHeaderSize: How many characters the header may have: NumPy's `max_header_size`.
  ///   - access: How the bytes are read.
  ///   - verification: What is checked after each crop.
  ///   - advice: How the pages are going to be used.
  ///   - memoryBudget: How much of the mapped file may be in the memory of the process; as much as is used if nil.
  /// - Throws: ``NPYError`` with a ``FileError`` or a ``HeaderError``.
  public init(
    path: some NPYPath, offset: Int = 0, maxHeaderSize: Int = NPYArray.defaultMaxHeaderSize,
    access: Access = .automatic, verification: Verification = .size, advice: Advice = .normal,
    memoryBudget: MemoryBudget? = nil
  ) throws(NPYError) {
    try self.init(path.pathBytes, access, verification, advice, memoryBudget) {
      (file: inout OpenFile) throws(NPYError.Fault) in
      try file.header(at: offset, maxHeaderSize: maxHeaderSize)
    }
  }

  /// Opens an array without a header, whose layout the caller knows, as `numpy.memmap` does.
  ///
  /// - Parameters:
  ///   - path: The file: a `String`, or its bytes if they are not UTF-8.
  ///   - elementType: What one element is, such as `.float32` or `try ElementType(">i2")`.
  ///   - shape: The length of each axis.
  ///   - order: Which axis is contiguous: the last (`.c`) or the first (`.fortran`).
  ///   - offset: The byte of the file at which the data begins.
  ///   - access: How the bytes are read.
  ///   - verification: What is checked after each crop.
  ///   - advice: How the pages are going to be used.
  ///   - memoryBudget: How much of the mapped file may be in the memory of the process; as much as is used if nil.
  /// - Throws: ``NPYError`` with a ``FileError`` or a ``HeaderError``.
  public init(
    path: some NPYPath, elementType: ElementType, shape: [Int], order: MemoryOrder = .c,
    offset: Int = 0, access: Access = .automatic, verification: Verification = .size,
    advice: Advice = .normal, memoryBudget: MemoryBudget? = nil
  ) throws(NPYError) {
    try self.init(path.pathBytes, access, verification, advice, memoryBudget) {
      (_: inout OpenFile) throws(NPYError.Fault) in
      try NPYError.Fault.of { () throws(HeaderError) in
        try NPYHeader(
          version: nil, headerOffset: offset, dataOffset: offset, elementType: elementType,
          shape: shape, order: order)
      }
    }
  }

  /// The maximum size of a header that NumPy allows by default, in characters.
  public static let defaultMaxHeaderSize = 10_000

  private init(
    _ path: [UInt8], _ access: Access, _ verification: Verification, _ advice: Advice,
    _ memoryBudget: MemoryBudget?,
    header: (inout OpenFile) throws(NPYError.Fault) -> NPYHeader
  ) throws(NPYError) {
    let shown = String(shownPath: path)
    do throws(NPYError.Fault) {
      var opened = try NPYError.Fault.of { () throws(FileError) in try OpenFile(path: path) }
      let header = try header(&opened)
      // Before the file is mapped: touching a page after its end would raise SIGBUS.
      guard header.dataEnd <= opened.byteCount else {
        throw .header(
          .dataCut(
            needed: header.dataByteCount, found: max(opened.byteCount - header.dataOffset, 0),
            shape: header.shape, itemSize: header.elementType.itemSize,
            dataOffset: header.dataOffset))
      }
      self.header = header
      sourceType = header.elementType
      sourceTraits = SourceTraits(header.elementType)
      attributes = nil
      layout = ArrayLayout(header)
      do {
        source = try opened.source(
          path: shown, access: access, verification: verification, advice: advice,
          budget: memoryBudget)
      } catch {
        throw .file(error)
      }
    } catch {
      throw NPYError(path: shown, fault: error)
    }
  }

  /// An array of a source that has all the data which the header describes.
  init(source: any Source, header: NPYHeader) {
    self.source = source
    self.header = header
    sourceType = header.elementType
    sourceTraits = SourceTraits(header.elementType)
    attributes = nil
    layout = ArrayLayout(header)
  }

  /// Another view of an array.
  init(
    _ array: NPYArray, layout: ArrayLayout, sourceType: ElementType, attributes: ArrayAttributes?
  ) {
    source = array.source
    header = array.header
    self.layout = layout
    self.sourceType = sourceType
    sourceTraits = SourceTraits(sourceType)
    self.attributes = attributes
  }
}

extension NPYArray: CustomStringConvertible {
  /// The path, the type of the elements and the shape.
  public var description: String { "\(path): \(elementType.name), shape \(tupleText(shape))" }
}

extension OpenFile {
  /// The header whose magic string stands at `offset`: read, not mapped, and never more of it
  /// than the file has and the caller allows.
  fileprivate mutating func header(
    at offset: Int, maxHeaderSize: Int
  ) throws(NPYError.Fault) -> NPYHeader {
    guard offset >= 0 else { throw .header(.invalidLayout(shape: [], offset: offset)) }
    let bytes = try steadyHeaderBytes(at: offset, maxHeaderSize: maxHeaderSize)
    guard byteCount > 0 else { throw .header(.emptyFile) }
    let available = byteCount - offset
    guard available > 0 else {
      throw .file(.endOfFile(offset: offset, wanted: 8, found: 0))
    }
    let prefix = try NPYError.Fault.of { () throws(HeaderError) in
      try NPYPrefix(bytes.span, available: available, maxHeaderSize: maxHeaderSize)
    }
    // A long header is read in two parts, and the second may give it another length.
    guard prefix.byteCount <= bytes.count else { throw .file(.changed) }
    return try NPYError.Fault.of { () throws(HeaderError) in
      try NPYHeader(
        bytes.span.extracting(0..<prefix.byteCount), prefix: prefix, headerOffset: offset,
        maxHeaderSize: maxHeaderSize)
    }
  }

  /// The bytes of the header, which are the same before and after the file was asked what it is.
  ///
  /// Who appends writes the data first and the header after, so that the file is whole at every
  /// moment. Its size must therefore be asked after the header was read. And the header must be
  /// read again after that: so it is the header of the file of that size and those times, and not
  /// half of it was read while it was written.
  private mutating func steadyHeaderBytes(
    at offset: Int, maxHeaderSize: Int
  ) throws(NPYError.Fault) -> [UInt8] {
    do throws(FileError) {
      var bytes = try headerBytes(at: offset, maxHeaderSize: maxHeaderSize)
      for _ in 0..<Self.mostReadings {
        try refresh()
        let again = try headerBytes(at: offset, maxHeaderSize: maxHeaderSize)
        if again == bytes { return bytes }
        bytes = again
      }
    } catch {
      throw .file(error)
    }
    throw .file(.changed)
  }

  /// The bytes of the header, by the length that its prefix states; if the prefix is invalid, the bytes
  /// that show why.
  private borrowing func headerBytes(
    at offset: Int, maxHeaderSize: Int
  ) throws(FileError) -> [UInt8] {
    let available = byteCount - offset
    guard available > 0 else { return [] }
    let first = try read(at: offset, count: min(available, Self.usualHeaderByteCount))
    let prefix = try? NPYPrefix(first.span, available: available, maxHeaderSize: maxHeaderSize)
    let count = prefix?.byteCount ?? min(first.count, NPYPrefix.mostBytes)
    return count <= first.count ? Array(first[..<count]) : try read(at: offset, count: count)
  }

  /// What the first read asks for: one that holds the whole header of nearly every file.
  private static var usualHeaderByteCount: Int { 1024 }

  /// How often the header is read before the file counts as changing: some milliseconds.
  private static var mostReadings: Int { 1_000 }
}
