import ArgumentParser
import NPYCrop

/// How the file is read.
struct AccessOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How the bytes are read: automatic (default), mapped or positioned-reads.",
      discussion:
        "automatic maps the file, and reads it with pread where that is safer or cheaper.",
      valueName: "way"))
  var access: AccessArgument?

  @Option(
    help: ArgumentHelp(
      "How the kernel is told that pages will be used: normal (default), random, sequential or willneed.",
      discussion: "With normal, what is not in the page cache is asked for before it is touched.",
      valueName: "advice"))
  var advice: AdviceArgument?

  /// The way to read.
  var way: Access { access?.access ?? .automatic }
  /// What the kernel is told.
  var hint: Advice { advice?.advice ?? .normal }
}

/// A way to read by its name.
enum AccessArgument: String, ExpressibleByArgument, CaseIterable {
  case automatic
  case mapped
  case positionedReads = "positioned-reads"

  var access: Access {
    switch self {
    case .automatic: .automatic
    case .mapped: .mapped
    case .positionedReads: .positionedReads
    }
  }
}

/// An advice by the name that POSIX has for it.
enum AdviceArgument: String, ExpressibleByArgument, CaseIterable {
  case normal
  case random
  case sequential
  case willNeed = "willneed"

  var advice: Advice {
    switch self {
    case .normal: .normal
    case .random: .random
    case .sequential: .sequential
    case .willNeed: .willNeed
    }
  }
}
