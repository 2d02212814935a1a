import ArgumentParser
import NPYCrop

/// Places that are told by a file, of which there may be more than an argument can hold.
struct PlaceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take the elements at the points of a table.",
      discussion: """
        A .npy of integers, or text such as CSV: a point per line, a coordinate per axis, in the order of the \
        shape (z, y, x). A first line of names is left out. As array[z, y, x] in NumPy: negative numbers count \
        from the end, axes without coordinates are taken whole, or as REGION says. With --size, windows.
        """, valueName: "table"),
    completion: .file())
  var points: FileName?

  @Option(
    help: ArgumentHelp(
      "The size of a window that begins at each of the points, such as 1,64,64.",
      discussion: "Not from the end: windows may reach outside the array, with --pad.",
      valueName: "lengths"))
  var size: String?

  @Option(
    help: ArgumentHelp(
      "Take the indices of a file along the first axis, in this order.",
      discussion: "A .npy of integers, or numbers in text. As array[indices] in NumPy.",
      valueName: "file"),
    completion: .file())
  var indices: FileName?

  @Option(
    help: ArgumentHelp(
      "Take the elements for which the mask in a file is true.",
      discussion: """
        A .npy of type bool, for the first axes of the array, or 0 and 1 in text for its first axis. As \
        array[mask] in NumPy. REGION, if given, selects along the axes after these.
        """, valueName: "file"),
    completion: .file())
  var mask: FileName?

  /// Whether there are any.
  var isEmpty: Bool { points == nil && indices == nil && mask == nil }

  func check(region: String?) throws {
    let given = [
      ("--points", points != nil), ("--indices", indices != nil), ("--mask", mask != nil),
    ].filter(\.1).map(\.0)
    guard given.count < 2 else {
      throw ValidationError("\(given.joined(separator: " and ")) were given; give one of them.")
    }
    guard size == nil || points != nil else {
      throw ValidationError("--size needs --points TABLE.")
    }
    guard size == nil || region == nil else {
      throw ValidationError("--size says how large the windows are; leave REGION out.")
    }
    _ = try lengths()
  }

  private func lengths() throws -> [Int]? {
    guard let size else { return nil }
    return try size.split(separator: ",", omittingEmptySubsequences: false).map { length in
      guard let length = Int(length.drop { $0 == " " }), length >= 0 else {
        throw ValidationError("--size '\(size)': expected lengths such as 1,64,64.")
      }
      return length
    }
  }

  /// What is taken.
  enum Places {
    case region(Region)
    case windows(RegionWindows)
  }

  /// What is taken of an array.
  ///
  /// - Parameters:
  ///   - text: What was given as REGION, which selects along the axes after those of the places.
  ///   - mask: What `maskFile` gave.
  /// - Returns: A region, or windows.
  /// - Throws: `RegionError` of the text, and what is wrong with the files.
  func places(_ text: String?, mask: MaskFile?) throws -> Places {
    let text = text ?? "..."
    if let points {
      let table = try NumberTable(points, isTable: true)
      if let size = try lengths() {
        guard table.count == 0 || table.width == size.count else {
          throw ToolFault(
            "\(points.shown): points of \(table.width) coordinates, but --size has \(size.count) lengths"
          )
        }
        return .windows(Region.windows(at: table.numbers, size: size))
      }
      guard table.width > 0 else { throw ToolFault("\(points.shown): no points") }
      return .region(
        try Region(numpy: text, after: .points(table.numbers, axes: table.width)))
    }
    if let indices {
      let list = try NumberTable(indices, isTable: false)
      return .region(try Region(numpy: text, after: [.indices(list.numbers)]))
    }
    switch mask {
    case .array(let mask): return .region(try Region(numpy: text, after: try Region(mask: mask)))
    case .flags(let flags): return .region(try Region(numpy: text, after: [.mask(flags)]))
    case nil: return .region(try Region(numpy: text))
    }
  }

  /// What a file has as a mask.
  enum MaskFile {
    /// A `.npy` file, whose parts can be taken one after the other.
    case array(NPYArray)
    /// The flags of a text, which were read: a pipe has them only once.
    case flags([Bool])
  }

  /// The mask in a file; nil where none is named.
  func maskFile() throws -> MaskFile? {
    guard let mask else { return nil }
    var reader = try ByteReader(mask)
    guard try !reader.isNPY() else { return .array(try NPYArray(path: mask)) }
    let list = try NumberTable(text: &reader, of: mask)
    if let wrong = list.numbers.first(where: { $0 != 0 && $0 != 1 }) {
      throw ToolFault("\(mask.shown): a mask has 0 and 1 alone, found \(wrong)")
    }
    return .flags(list.numbers.map { $0 == 1 })
  }
}
