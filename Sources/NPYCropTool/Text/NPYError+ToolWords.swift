import NPYCrop

extension NPYError {
  /// What went wrong, and what can be done about it here: by the names of the options.
  var inToolWords: String {
    guard case .crop(let error) = fault else { return description }
    switch error {
    case .outOfMemory(let byteCount):
      return
        "\(path): out of memory: one slab of the result needs \(byteCount) bytes; raise the limit "
        + "(ulimit -v, or that of the control group)"
    case .conversion(let found, let requested, let casting):
      let option = Self.option(for: found, to: requested, casting)
      return option.map { "\(description) (\($0))" } ?? description
    default:
      return description
    }
  }

  /// The option that helps where elements cannot be converted; nil where none does.
  private static func option(
    for found: ElementType, to requested: ElementType, _ casting: Casting
  ) -> String? {
    switch found.kind {
    case .record: return "--field"
    case .datetime64, .timedelta64, .void: return "--view"
    default:
      guard !casting.allows(found, to: requested) else { return nil }
      return Casting.allCases.first { $0.allows(found, to: requested) }
        .map { "--casting \($0.rawValue)" }
    }
  }
}
