import NPYCrop

/// Why there are no figures.
enum BenchmarkError: Error {
  /// A system call failed with `errno`.
  case system(call: String, path: String, errno: Int32)
  /// A file ends before the bytes that were to be read.
  case endOfFile(path: String)
  /// The library refused a file or a region.
  case array(NPYError)
  /// The library refused the header of a file to be made.
  case header(HeaderError)
  /// A file has another shape than the workload is for.
  case unexpectedShape(path: String, shape: [Int], window: [Int])
  /// A crop is not what was written to the file.
  case wrongElement(path: String, index: [Int], found: Float, expected: Float)
  /// Not even a small file fits.
  case noRoom(directory: String, needed: Int, available: Int)
  /// A whole file could not be loaded.
  case notLoaded(path: String)
  /// A file is another one than the one that was opened.
  case replaced(path: String)
  /// A file stays in the page cache, so that nothing of it is cold.
  case stillCached(path: String, pages: Int)
  /// The user wants it to end.
  case interrupted(signal: Int32)
}

extension BenchmarkError {
  /// Runs `body`, which is the library's work.
  @inline(__always)
  static func of<Result>(
    _ body: () throws(NPYError) -> Result
  ) throws(BenchmarkError) -> Result {
    do { return try body() } catch { throw .array(error) }
  }
}

extension BenchmarkError: CustomStringConvertible {
  var description: String {
    switch self {
    case .system(let call, let path, let number):
      "\(path): \(call): \(words(forErrno: number)) (errno \(number))"
    case .endOfFile(let path):
      "\(path): the file became shorter while it was read"
    case .array(let error):
      error.description
    case .header(let error):
      error.description
    case .unexpectedShape(let path, let shape, let window):
      "\(path): its shape is \(shape); expected \(window.count) axes with room for \(window)"
    case .wrongElement(let path, let index, let found, let expected):
      "\(path): the crop has \(found) at \(index), the file \(expected)"
    case .noRoom(let directory, let needed, let available):
      "\(directory): \(bytesText(needed)) needed for the files, \(bytesText(available)) free; "
        + "choose another place with --directory"
    case .notLoaded(let path):
      "\(path): Data(contentsOf:) does not give the whole file"
    case .replaced(let path):
      "\(path): the file was replaced while it was measured"
    case .stillCached(let path, let pages):
      "\(path): \(countText(pages)) of its pages stay in the page cache"
    case .interrupted(let signal):
      "interrupted by signal \(signal)"
    }
  }
}
