import ArgumentParser
import NPYCrop

/// Which part of the elements is taken, and what becomes of it.
struct ConversionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take one field of a record, by its name or its title, or by a path of names such as position.x.",
      valueName: "name"))
  var field: String?

  @Option(
    help: ArgumentHelp(
      "View the elements as another type of the same size.",
      discussion: "NumPy's types, or bfloat16, float8_e4m3fn and float8_e5m2.", valueName: "type"))
  var view: String?

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      "Convert the numbers to another type, such as float32 or '>i2'.",
      valueName: "type"))
  var target: String?

  @Option(
    help: ArgumentHelp(
      "Which conversions are allowed: safe, same_kind or unsafe.",
      discussion: """
        As NumPy's casting: safe keeps every value (except 64-bit integers as float64), same_kind \
        stays within a kind, unsafe allows all. Floats are rounded toward zero; out-of-range floats \
        become the smallest or the largest integer, NaN becomes 0.
        """))
  var casting: CastingArgument = .safe

  @Option(
    help: ArgumentHelp(
      "Multiply each number by this, such as 0.5 or 1/255.",
      discussion: """
        The numbers are converted to the type of --as first: float16 (computed in float32), \
        float32 or float64.
        """, valueName: "number"),
    transform: factor)
  var scale: Double?

  @Option(
    help: ArgumentHelp("Add this to each number, after --scale.", valueName: "number"),
    transform: factor)
  var shift: Double?

  func check() throws {
    guard target != nil || (scale == nil && shift == nil && casting == .safe) else {
      throw ValidationError(
        "--casting, --scale and --shift need --as TYPE, such as --as float32.")
    }
    if let target = try type(target, "--as") {
      try check(scale, "--scale", as: target)
      try check(shift, "--shift", as: target)
    }
    _ = try type(view, "--view")
  }

  /// Checks that a factor is a number of the type that it is computed in.
  private func check(_ factor: Double?, _ option: String, as target: ElementType) throws {
    guard let factor else { return }
    guard target.kind == .float, [2, 4, 8].contains(target.itemSize) else {
      throw ValidationError(
        "\(option) needs --as float16, float32 or float64, not \(target.name). Crop with --as float32 "
          + "first, then crop that file with --as \(target.name) --casting unsafe.")
    }
    let computed = target.itemSize == 8 ? factor : Double(Float(factor))
    guard computed.isFinite, computed != 0 || factor == 0 else {
      throw ValidationError(
        "\(option) \(factor) is \(computed == 0 ? "0" : "infinite") in float32, in which --as "
          + "\(target.name) is computed; ask for --as float64.")
    }
  }

  /// The part of an array that is asked for.
  func part(of array: NPYArray) throws -> NPYArray {
    var part = array
    if let field { part = try part.field(field) }
    if let view = try type(view, "--view") { part = try part.viewed(as: view) }
    return part
  }

  /// The array with its conversion, if one is asked for.
  ///
  /// Small floats that are printed are the `float32` that they equal.
  func converted(_ array: NPYArray, isPrinted: Bool) throws -> NPYArray {
    var target = try type(target, "--as")
    if isPrinted, case .small = try elementType(of: array).kind { target = .float32 }
    guard let target else { return array }
    return try array.converted(
      to: target, casting: casting.casting, scale: scale ?? 1, shift: shift ?? 0)
  }

  /// The type of the elements of the result, as it is named to people.
  func elementType(of array: NPYArray) throws -> ElementType {
    try type(target, "--as") ?? array.elementType
  }

  private func type(_ name: String?, _ option: String) throws -> ElementType? {
    guard let name else { return nil }
    switch ElementType.SmallFloat(rawValue: name) {
    case .bfloat16: return .bfloat16
    case .float8E4M3FN: return .float8E4M3FN
    case .float8E5M2: return .float8E5M2
    default: break
    }
    do {
      return try ElementType(name)
    } catch {
      let small = ElementType.SmallFloat.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError(
        "\(option) '\(name)': \(error)\(option == "--view" ? "; or one of \(small)" : "").")
    }
  }
}

/// A number, or a fraction of two.
private func factor(_ text: String) throws -> Double {
  let parts = text.split(separator: "/", omittingEmptySubsequences: false)
  let numbers = parts.compactMap { Double($0.trimmingPrefix { $0 == " " }) }
  guard numbers.count == parts.count, parts.count <= 2, let first = numbers.first else {
    throw ValidationError("expected a number, or a fraction such as 1/255")
  }
  let value = numbers.count == 2 ? first / numbers[1] : first
  guard value.isFinite else {
    throw ValidationError("the value is not finite")
  }
  // What is not 0 as it is written.
  guard value != 0 || !parts[0].prefix(while: { $0 != "e" && $0 != "E" }).contains(where: isDigit)
  else {
    throw ValidationError("the value is too small: as a float64 it is 0")
  }
  return value
}

private func isDigit(_ character: Character) -> Bool { ("1"..."9").contains(character) }

/// A casting rule by NumPy's name.
enum CastingArgument: String, ExpressibleByArgument, CaseIterable {
  case safe
  case sameKind = "same_kind"
  case unsafe

  var casting: Casting {
    switch self {
    case .safe: .safe
    case .sameKind: .sameKind
    case .unsafe: .unsafe
    }
  }
}
