/// A file that arrays are cropped from: mapped once, shared by all of them, unmapped with the last.
final class ArrayFile: Sendable {
  let path: String
  /// The file's size when it was opened.
  let byteCount: Int
  private let mapping: FileMapping?

  /// Maps an open file; an empty one has nothing to map.
  init(path: String, file: borrowing OpenFile, advice: Advice) throws(FileError) {
    self.path = path
    byteCount = file.byteCount
    guard file.byteCount > 0 else {
      mapping = nil
      return
    }
    let mapping = try file.map()
    if advice != .normal { try mapping.advise(advice) }
    self.mapping = consume mapping
  }

  /// Tells the kernel how the pages will be used from now on.
  func advise(_ advice: Advice) throws(FileError) {
    try mapping?.advise(advice)
  }

  /// Runs `body` on the file's bytes, which must not be used after it returns.
  @inline(__always)
  func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch mapping {
    case .some(let mapping): try unsafe mapping.withUnsafeBytes(body)
    case .none: try unsafe body(UnsafeRawBufferPointer(start: nil, count: 0))
    }
  }
}
