extension CroppableArray {
  /// Lends the elements of a region as they lie in the file's mapping: nothing is copied.
  ///
  /// ```swift
  /// let rows = try scan.elements(as: Float.self)
  /// let sum = try rows.withSpan(of: [150, 100..<164]) { span in
  ///   var sum: Float = 0
  ///   for index in span.indices { sum += span[index] }
  ///   return sum
  /// }
  /// ```
  ///
  /// The elements must lie in the file as the result would have them: contiguous in the order of the result,
  /// aligned, in the byte order of this machine, neither padded nor converted, and not `Bool`. An ``NPYArray``
  /// lends the bytes of elements of any type in any byte order. A region without elements gives an empty span.
  ///
  /// After `body`, the file is checked, as after a crop. Use the result of `body` only if this call returns
  /// without an error: elements that were cut off in the meantime read as zeros. Changes that another program
  /// makes are visible at once. `body` may crop from the same array.
  ///
  /// - Important: Read the span in the calling thread only. The guard against a file that is cut is that
  ///   thread's; in others such a file ends the process.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - body: Is called at most once, before this returns.
  /// - Returns: What `body` returns.
  /// - Throws: ``SpanError/array(_:)`` with a ``RegionError`` where the region does not fit the array, with
  ///   ``CropError/notLent(_:)`` where its elements cannot be lent, with ``CropError/fillValue(_:elementType:)``
  ///   where the array's padding is not of its type, and with a ``FileError`` where the file is not what it
  ///   was, also if `body` threw; else ``SpanError/body(_:)``.
  @inlinable
  public func withSpan<Result: ~Copyable, Failure: Error>(
    of region: Region, _ body: (Span<Item>) throws(Failure) -> Result
  ) throws(SpanError<Failure>) -> Result {
    var outcome: Swift.Result<Result, Failure>?
    do {
      try unsafe untyped.withBytes(
        of: region, isNative: Self.itemKind.isNative, alignment: MemoryLayout<Item>.alignment
      ) { bytes in
        // Sound: the bytes are aligned, and are items as they are (see NativeType), since `bool` is not
        // lent as such. A span cannot be kept, so it ends before the loan does.
        let items = unsafe bytes.bindMemory(to: Item.self)
        do throws(Failure) {
          outcome = .success(try unsafe body(items.span))
        } catch {
          outcome = .failure(error)
        }
      }
    } catch {
      throw .array(error)
    }
    switch consume outcome {
    case .some(.success(let result)): return result
    case .some(.failure(let error)): throw .body(error)
    // Never: without an error the body was called.
    case .none: throw .array(untyped.failure(.notLent(.notMapped)))
    }
  }
}

extension NPYArray {
  /// The same as `elements(as: type).withSpan(of: region)`: see ``CroppableArray/withSpan(of:_:)``.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - type: The type of the elements, which must be the array's own.
  ///   - body: Is called at most once, before this returns.
  /// - Returns: What `body` returns.
  /// - Throws: ``SpanError/array(_:)`` with ``CropError/elementType(found:requested:)``, and whatever
  ///   ``CroppableArray/withSpan(of:_:)`` throws.
  @inlinable
  public func withSpan<Element: NPYElement, Result: ~Copyable, Failure: Error>(
    of region: Region, as type: Element.Type,
    _ body: (Span<Element>) throws(Failure) -> Result
  ) throws(SpanError<Failure>) -> Result {
    let array: TypedNPYArray<Element>
    do {
      array = try elements(as: type)
    } catch {
      throw .array(error)
    }
    return try array.withSpan(of: region, body)
  }
}

/// What went wrong while elements of an array were lent: with the array, or in the caller's code.
public enum SpanError<Failure: Error>: Error {
  /// The elements could not be lent, or were not the file's.
  case array(NPYError)
  /// The code that they were lent to threw this.
  case body(Failure)
}

extension SpanError: Equatable where Failure: Equatable {}
extension SpanError: Hashable where Failure: Hashable {}

extension SpanError: CustomStringConvertible {
  /// The description of the error that it holds.
  public var description: String {
    switch self {
    case .array(let error): error.description
    case .body(let error): "\(error)"
    }
  }
}
