import Glibc
import NPYCrop

/// The bytes of a file or a pipe, some at a time.
struct ByteReader: ~Copyable {
  private let file: FileName
  private let descriptor: Int32
  /// What was read ahead, to see what the file is.
  private var first: [UInt8]?

  private static let mostBytes = 1 << 20

  init(_ file: FileName) throws {
    let descriptor = unsafe open(file.cString, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.fault(file, "open", errno) }
    self.file = file
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Whether the bytes are those of a `.npy` file.
  mutating func isNPY() throws -> Bool {
    let start = try first ?? read()
    first = start
    return start.starts(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59])
  }

  /// The next bytes; nil at the end.
  mutating func next() throws -> [UInt8]? {
    let bytes = try first ?? read()
    first = nil
    return bytes.isEmpty ? nil : bytes
  }

  private func read() throws -> [UInt8] {
    var fault: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Self.mostBytes) { buffer, count in
      var found: Int
      // Sound: the buffer has as many bytes.
      repeat {
        found = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      } while found < 0 && errno == EINTR
      if found < 0 { fault = errno }
      count = max(found, 0)
    }
    guard fault == 0 else { throw Self.fault(file, "read", fault) }
    return bytes
  }

  private static func fault(_ file: FileName, _ call: String, _ number: Int32) -> ToolFault {
    let reason = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
    return ToolFault("\(file.shown): \(call): \(reason)")
  }
}
