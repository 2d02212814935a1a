// Each error has its words in a file of its own: `FileError+Message` and its like.

/// What went wrong with a file or a region, and with which file.
public struct NPYError: Error, Hashable, Sendable {
  /// The stage that failed, with what it found.
  @nonexhaustive
  public enum Fault: Hashable, Sendable {
    /// The operating system refused, or the file is not a regular one.
    case file(FileError)
    /// The file is no `.npy`, or a damaged one.
    case header(HeaderError)
    /// The region does not fit the array.
    case region(RegionError)
    /// The result cannot be delivered as it was asked for.
    case crop(CropError)
  }

  /// The file, for people: a byte of its name that is not UTF-8 is shown as `\xE9`.
  public let path: String
  /// What went wrong.
  public let fault: Fault

  /// Whether the task was cancelled, and nothing else is wrong.
  public var isCancellation: Bool { fault == .crop(.cancelled) }
}

extension NPYError: CustomStringConvertible {
  /// The path, then what was found, what was expected and what to do.
  public var description: String { "\(path): \(fault)" }
}

extension NPYError.Fault: CustomStringConvertible {
  /// What was found, what was expected and what to do.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .header(let error): error.description
    case .region(let error): error.description
    case .crop(let error): error.description
    }
  }
}

extension NPYError.Fault: Error {
  /// Runs `body`, whose error is a ``FileError``.
  static func of<Result: ~Copyable>(
    _ body: () throws(FileError) -> Result
  ) throws(NPYError.Fault) -> Result {
    do { return try body() } catch { throw .file(error) }
  }

  /// Runs `body`, whose error is a ``HeaderError``.
  static func of<Result>(
    _ body: () throws(HeaderError) -> Result
  ) throws(NPYError.Fault) -> Result {
    do { return try body() } catch { throw .header(error) }
  }

  /// Runs `body`, whose error is a ``RegionError``.
  static func of<Result>(
    _ body: () throws(RegionError) -> Result
  ) throws(NPYError.Fault) -> Result {
    do { return try body() } catch { throw .region(error) }
  }
}
