internal import CNPYCrop
internal import NPYCrop

/// Why a call fails.
enum Refusal: Error {
  /// An argument that no array could make right.
  case argument(String)
  /// What the library says.
  case library(NPYError)
  /// The caller's room for a text.
  case room(needed: Int, found: Int)

  /// Runs `body`, whose error is the library's.
  @inline(__always)
  static func of<Result: ~Copyable>(
    _ body: () throws(NPYError) -> Result
  ) throws(Refusal) -> Result {
    do { return try body() } catch { throw .library(error) }
  }
}

/// Runs a call, and turns what it throws into the number that it returns and the words in the caller's record.
@inline(__always)
func answer(
  _ record: UnsafeMutablePointer<npycrop_error>?, _ body: () throws(Refusal) -> Void
) -> Int32 {
  do {
    try body()
    return Int32(NPYCROP_OK.rawValue)
  } catch {
    return unsafe error.report(in: record)
  }
}

extension Refusal {
  /// Writes the refusal to the caller's record, if there is one.
  @inline(never)
  fileprivate func report(in record: UnsafeMutablePointer<npycrop_error>?) -> Int32 {
    let (code, system, message) = told
    let number = Int32(code.rawValue)
    guard let record = unsafe record else { return number }
    unsafe record.pointee.code = number
    unsafe record.pointee.system = system
    unsafe withUnsafeMutableBytes(of: &record.pointee.message) { bytes in
      var text = message
      // Cut between two characters, with room for the NUL.
      if text.utf8.count >= bytes.count {
        text = ""
        for character in message {
          guard text.utf8.count + character.utf8.count < bytes.count else { break }
          text.append(character)
        }
      }
      // C would end the text at a NUL of its own.
      text = text.split(separator: "\0", omittingEmptySubsequences: false).joined(separator: "\\0")
      unsafe bytes.copyBytes(from: text.utf8.prefix(bytes.count - 1))
      unsafe bytes[min(text.utf8.count, bytes.count - 1)] = 0
    }
    return number
  }

  private var told: (npycrop_code, system: Int32, message: String) {
    switch self {
    case .argument(let message): (NPYCROP_BAD_ARGUMENT, 0, message)
    case .room(let needed, let found):
      (NPYCROP_BAD_SIZE, 0, "the text needs \(needed) bytes, but there is room for \(found)")
    case .library(let error):
      switch error.fault {
      case .file(.system(_, let number)): (NPYCROP_SYSTEM_ERROR, number, error.description)
      case .file(let fault): (fault.code, 0, error.description)
      case .header: (NPYCROP_BAD_HEADER, 0, error.description)
      case .region(let fault): (fault.code, 0, error.description)
      case .crop(let fault): (fault.code, 0, error.description)
      @unknown default: (NPYCROP_OTHER_ERROR, 0, error.description)
      }
    }
  }
}

extension FileError {
  fileprivate var code: npycrop_code {
    switch self {
    case .system: NPYCROP_SYSTEM_ERROR
    case .notARegularFile: NPYCROP_NOT_A_FILE
    case .endOfFile, .truncated, .changed: NPYCROP_FILE_CHANGED
    case .closed: NPYCROP_CLOSED
    case .unguarded: NPYCROP_UNGUARDED
    case .nulInPath: NPYCROP_BAD_ARGUMENT
    }
  }
}

extension RegionError {
  fileprivate var code: npycrop_code {
    switch self {
    case .indexOutOfRange, .sliceOutOfRange: NPYCROP_OUT_OF_RANGE
    case .inWindow(_, let fault): fault.code
    default: NPYCROP_BAD_REGION
    }
  }
}

extension CropError {
  fileprivate var code: npycrop_code {
    switch self {
    case .elementType, .conversion, .affineConversion, .alreadyConverted, .viewSize, .notText,
      .notTime:
      NPYCROP_BAD_TYPE
    case .outputSize: NPYCROP_BAD_SIZE
    case .outOfMemory: NPYCROP_NO_MEMORY
    case .fillValue: NPYCROP_BAD_FILL
    case .noField: NPYCROP_NO_FIELD
    case .cancelled: NPYCROP_CANCELLED
    default: NPYCROP_OTHER_ERROR
    }
  }
}
