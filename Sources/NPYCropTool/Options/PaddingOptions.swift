import ArgumentParser
import NPYCrop

/// What stands where a region reaches outside the array, by NumPy's names and those of others.
struct PaddingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What to put outside the array: constant, edge, reflect, symmetric or wrap.",
      discussion: """
        On a padded axis, negative numbers in REGION are coordinates before the array and do not \
        count from the end: '-5:20' begins 5 elements before the first. One mode, or one per axis: \
        'none,edge,edge'. The names are NumPy's; those of other libraries are understood too: \
        replicate (torch) and nearest (scipy, dask) for edge, circular (torch), periodic (dask) and \
        grid-wrap (scipy) for wrap, mirror (scipy) and reflect_101 (OpenCV) for reflect, grid-mirror \
        (scipy) for symmetric, zeros and grid-constant for constant. Note: reflect of scipy and \
        dask, and OpenCV's border_reflect, are symmetric here: the last element is repeated.
        """,
      valueName: "mode"))
  var pad: String?

  @Option(
    help: ArgumentHelp(
      "The value for --pad constant (default: 0).",
      discussion: """
        A value of the result's type: a number such as -1, 0.5, nan or 1+2j; true or false; a text; \
        for dates and spans of time, a number of ticks or NaT. Or one value per axis: '0,0,-1'.
        """,
      valueName: "value"))
  var fill: String?

  func check() throws {
    let modes = try modes()
    guard fill == nil || modes.contains(where: { $0 == "constant" }) else {
      throw ValidationError("--fill needs --pad constant.")
    }
  }

  /// NumPy's name of each mode that is given.
  private func modes() throws -> [String] {
    guard let pad else { return [] }
    return try pad.split(separator: ",", omittingEmptySubsequences: false).map { name in
      switch name.lowercased().filter({ $0 != " " }).replacing("-", with: "_") {
      case "none": "none"
      case "constant", "zeros", "grid_constant", "border_constant": "constant"
      case "edge", "replicate", "nearest", "border_replicate": "edge"
      case "reflect", "mirror", "reflect_101", "reflect101", "border_reflect_101": "reflect"
      case "symmetric", "grid_mirror", "border_reflect": "symmetric"
      case "wrap", "circular", "periodic", "grid_wrap", "border_wrap": "wrap"
      default:
        throw ValidationError(
          "--pad '\(pad)': '\(name)' is not a padding mode; expected constant, edge, reflect, symmetric, "
            + "wrap, or 'none' for an axis without padding. --help lists the names of other libraries."
        )
      }
    }
  }

  /// The padding of an array, with values of a type.
  func padding(of array: NPYArray) throws -> Padding {
    let names = try modes()
    guard !names.isEmpty else { return .none }
    let rank = array.shape.count
    let values = try fillValues(of: array.elementType, path: array.path, modes: names.count)
    guard values.count <= 1 || values.count == rank else {
      throw ToolFault(
        "\(array.path): --fill '\(fill ?? "")' has \(values.count) values, but the array has \(rank) "
          + (rank == 1 ? "axis" : "axes"))
    }
    let modes: [Padding.Mode] = names.enumerated().map { axis, name in
      switch name {
      case "constant": .constant(values.count > 1 ? values[axis] : values.first ?? .zero)
      case "edge": .edge
      case "reflect": .reflect
      case "symmetric": .symmetric
      case "wrap": .wrap
      default: .none
      }
    }
    if modes.count == 1 { return values.count > 1 ? perAxis(values) : Padding(modes[0]) }
    return Padding(axes: modes)
  }

  /// Constants of their own along each axis.
  private func perAxis(_ values: [FillValue]) -> Padding {
    Padding(axes: values.map { .constant($0) })
  }

  private func fillValues(
    of type: ElementType, path: String, modes: Int
  ) throws -> [FillValue] {
    guard let fill else { return [] }
    switch type.kind {
    case .bytes, .str: return [FillValue(text: fill)]
    default: break
    }
    let values = try fill.split(separator: ",", omittingEmptySubsequences: false).map { text in
      let text = String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      guard let value = FillValue(text, for: type) else {
        throw ToolFault(
          "\(path): --fill '\(fill)' is not a value of \(type.name); expected a number such as -1, 0.5, nan or "
            + "1+2j, true, false, or NaT")
      }
      return value
    }
    guard values.count == 1 || modes == 1 || values.count == modes else {
      throw ValidationError(
        "--fill '\(fill)': \(values.count) values for \(modes) modes; expected one value, or one per mode."
      )
    }
    return values
  }
}

extension FillValue {
  /// The value that a text means for elements of a type; nil where it means none.
  init?(_ text: String, for type: ElementType) {
    switch text.lowercased() {
    case "true": self.init(true)
    case "false": self.init(false)
    case "nat":
      switch type.kind {
      case .datetime64, .timedelta64: self.init(Int64.min)
      default: return nil
      }
    default:
      if let integer = Int128(text) {
        self.init(integer)
      } else if let number = Double(decimal: text[...]) {
        self.init(number)
      } else {
        self.init(complex: text)
      }
    }
  }

  /// A complex number as Python writes it, such as `1+2j`, `(0.5-1e-3j)` or `3j`.
  private init?(complex text: String) {
    var text = text[...]
    if text.first == "(", text.last == ")" { text = text.dropFirst().dropLast() }
    guard text.last == "j" || text.last == "J" else { return nil }
    text = text.dropLast()
    // The sign of the imaginary part is the last one that is not an exponent's.
    var split = text.startIndex
    var before: Character?
    for index in text.indices {
      let isSign = text[index] == "+" || text[index] == "-"
      if isSign, let before, before != "e", before != "E" { split = index }
      before = text[index]
    }
    guard let imaginary = Double(decimal: text[split...]),
      let real = split == text.startIndex ? 0 : Double(decimal: text[..<split])
    else { return nil }
    self.init(real: real, imaginary: imaginary)
  }
}

extension Double {
  /// A number as Python writes it; nil where the text means none, or one that is too large.
  fileprivate init?(decimal text: Substring) {
    guard let value = Double(text), !text.contains(where: { "xXpP".contains($0) }),
      value.isFinite || text.lowercased().contains(where: { "in".contains($0) })
    else { return nil }
    self = value
  }
}
