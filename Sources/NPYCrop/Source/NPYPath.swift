/// What can name a file: a text, or the bytes of a name that is no text.
///
/// To the system a name is bytes, and nothing says that they are UTF-8. A `String` cannot hold
/// others, so such a file is opened by its bytes:
///
/// ```swift
/// let name: [UInt8] = [0x63, 0x61, 0xE9, 0x2E, 0x6E, 0x70, 0x79]   // "caé.npy" in Latin-1
/// let scan = try NPYArray(path: name)
/// print(scan.path)                                                  // ca\xE9.npy
/// ```
public protocol NPYPath {
  /// The name as the system takes it, without a terminating NUL.
  var pathBytes: [UInt8] { get }
}

extension String: NPYPath {
  /// The text in UTF-8.
  public var pathBytes: [UInt8] { Array(utf8) }
}

extension Array: NPYPath where Element == UInt8 {
  /// The bytes themselves.
  public var pathBytes: [UInt8] { self }
}
