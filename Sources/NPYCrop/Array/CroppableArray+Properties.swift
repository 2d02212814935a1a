// What is known of an array of either type.

extension CroppableArray {
  /// The length of each axis, slowest first in C order; empty for a single element (0-d).
  public var shape: [Int] { untyped.layout.shape }
  /// The number of axes: NumPy's `ndim`.
  public var rank: Int { untyped.shape.count }
  /// The number of elements: NumPy's `size`.
  public var count: Int { untyped.layout.count }
  /// The bytes of all elements: NumPy's `nbytes`.
  ///
  /// `Int.max` where a conversion makes them more than can be counted.
  public var byteCount: Int {
    checkedProduct([count, untyped.elementType.itemSize]) ?? .max
  }
  /// The bytes from one index of each axis to the next: NumPy's `strides`, of the elements in the file.
  ///
  /// Unlike in NumPy, a slice of at most one element keeps the stride of its axis, whatever its step is.
  public var strides: [Int] { untyped.layout.strides }
  /// The type of one element, after the conversion if there is one: NumPy's `dtype`.
  public var elementType: ElementType { untyped.conversion?.target ?? untyped.sourceType }
  /// The path that the array was opened by, for people: a byte of it that is not UTF-8 is shown as
  /// `\xE9`.
  public var path: String { untyped.source.path }

  /// Closes the file for all arrays over it: at once, or with the last crop that is under way.
  ///
  /// Crops that are under way finish; later ones throw ``FileError/closed``. Closing twice does
  /// nothing more. Without it, the file is closed with the last array over it.
  public func close() { untyped.source.close() }

  /// Whether the path still leads to this file, unchanged since it was opened.
  ///
  /// For a program that keeps arrays open while others replace files: one `stat(2)`, and nothing of the file
  /// is read. Size, times and the file's identity are compared; times go in steps of the file system's clock,
  /// so a change within the step of the opening may go unnoticed. A relative path is resolved in the
  /// current directory at the time of the call. An array that is not current still reads the file that it was opened with; with
  /// ``Verification/strict`` its crops throw.
  ///
  /// - Returns: False if the path leads to another file, to none, or the file was changed.
  /// - Throws: ``NPYError`` with ``FileError/system(call:errno:)`` if `stat(2)` fails for a reason other than
  ///   a missing file.
  public func isCurrent() throws(NPYError) -> Bool {
    do {
      return try untyped.source.isCurrent()
    } catch {
      throw untyped.failure(error)
    }
  }

  /// Tells the kernel how the file's pages are going to be used from now on.
  ///
  /// The corresponding C function is `madvise`, on the whole file. It has no effect on a file that is read by
  /// `pread`: see ``Access``.
  ///
  /// - Throws: ``NPYError`` with ``FileError/closed`` or ``FileError/system(call:errno:)``.
  public func advise(_ advice: Advice) throws(NPYError) {
    do {
      try untyped.source.advise(advice, on: nil)
    } catch {
      throw untyped.failure(error)
    }
  }
}
