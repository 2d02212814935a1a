/// Memory that a crop is copied into: an array of elements or a slice of one, a `MutableSpan`, an
/// `OutputSpan`, or a `MutableRawSpan` for bytes.
///
/// Every output except an `OutputSpan` must have exactly the size of the result; an `OutputSpan` is appended
/// to. If an error is thrown, some of the memory may have changed.
///
/// Swift copies a slice of an array (`&output[0..<100]`) and writes it back. For a large slice, pass a part of
/// `output.mutableSpan`.
public protocol CropOutput<Item>: ~Copyable, ~Escapable {
  /// What the memory holds.
  associatedtype Item

  /// Whether results are appended to what is there.
  static var appendsCrops: Bool { get }

  /// The memory to write to. It is valid until the output is used in another way.
  @unsafe mutating func cropRoom() -> UnsafeMutableRawBufferPointer

  /// Counts what was written as a part of the output, if results are appended.
  @unsafe mutating func countCropped(byteCount: Int)
}

extension CropOutput where Self: ~Copyable, Self: ~Escapable {
  /// False: most memory is filled.
  @inlinable
  public static var appendsCrops: Bool { false }

  /// Nothing: what is filled has its elements.
  @inlinable
  @unsafe public mutating func countCropped(byteCount: Int) {}
}

// Sound, all of them: a span is a view of memory that its owner keeps in place; an array that is changed in
// place has its memory for itself. The memory is not used longer than the call that has the output for
// itself. What is copied there are bytes that are elements of the type (see NativeType).

extension MutableSpan: CropOutput where Element: NPYElement {
  /// The elements.
  public typealias Item = Element

  /// The memory that can be written to.
  @inlinable
  @unsafe public mutating func cropRoom() -> UnsafeMutableRawBufferPointer {
    unsafe withUnsafeMutableBytes { bytes in unsafe bytes }
  }
}

extension MutableRawSpan: CropOutput {
  /// Bytes.
  public typealias Item = UInt8

  /// The memory that can be written to.
  @inlinable
  @unsafe public mutating func cropRoom() -> UnsafeMutableRawBufferPointer {
    unsafe withUnsafeMutableBytes { bytes in unsafe bytes }
  }
}

extension Array: CropOutput where Element: NPYElement {
  /// The elements.
  public typealias Item = Element

  /// The memory that can be written to.
  @inlinable
  @unsafe public mutating func cropRoom() -> UnsafeMutableRawBufferPointer {
    var span = mutableSpan
    return unsafe span.cropRoom()
  }
}

extension ArraySlice: CropOutput where Element: NPYElement {
  /// The elements.
  public typealias Item = Element

  /// The memory that can be written to.
  @inlinable
  @unsafe public mutating func cropRoom() -> UnsafeMutableRawBufferPointer {
    var span = mutableSpan
    return unsafe span.cropRoom()
  }
}

extension OutputSpan: CropOutput where Element: NPYElement {
  /// The elements.
  public typealias Item = Element

  /// True.
  @inlinable
  public static var appendsCrops: Bool { true }

  /// The memory that can be written to.
  @inlinable
  @unsafe public mutating func cropRoom() -> UnsafeMutableRawBufferPointer {
    unsafe withUnsafeMutableBufferPointer { buffer, count in
      UnsafeMutableRawBufferPointer(buffer.extracting(count..<buffer.count))
    }
  }

  /// Counts the elements that were written.
  @inlinable
  @unsafe public mutating func countCropped(byteCount: Int) {
    unsafe withUnsafeMutableBufferPointer { _, count in
      count += byteCount / MemoryLayout<Element>.stride
    }
  }
}
