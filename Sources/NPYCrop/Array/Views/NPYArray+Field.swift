extension NPYArray {
  /// One field of all records, as an array of its own over the same file: NumPy's `array["name"]`.
  ///
  /// ```swift
  /// let x = try particles.field("position").field("x")     // or "position.x"
  /// let first = try x.cropRegion([0..<1000], as: Float.self)
  /// ```
  ///
  /// Its shape is that of the array followed by the axes of the field's subarray, if it has one; its
  /// strides are those of whole records. Crops touch the pages of the records that they take.
  ///
  /// - Parameter name: The field's name, or its title; or a path of names with dots between them.
  /// - Returns: The field of every element. Nothing is read.
  /// - Throws: ``NPYError`` with ``CropError/noField(name:in:)``, or with a ``HeaderError`` where the axes
  ///   of array and subarray together are more than NumPy has or cannot be counted.
  public func field(_ name: String) throws(NPYError) -> NPYArray {
    if let field = elementType.field(named: name) {
      return try part(field)
    }
    var fault: NPYError?
    // A name may have dots of its own: the longest one that there is comes first.
    let scalars = name.unicodeScalars
    for dot in scalars.indices.reversed() where scalars[dot] == "." {
      guard let head = elementType.field(named: String(scalars[..<dot])) else { continue }
      do {
        return try part(head).field(String(scalars[scalars.index(after: dot)...]))
      } catch {
        fault = fault ?? error
      }
    }
    throw fault ?? failure(.noField(name: name, in: elementType))
  }

  private func part(_ field: ElementType.Field) throws(NPYError) -> NPYArray {
    do {
      return view(
        layout: try layout.field(field), sourceType: field.elementType,
        axes: Array(shape.indices) + field.shape.map { _ in nil })
    } catch {
      throw NPYError(path: path, fault: .header(error))
    }
  }
}

extension ElementType {
  /// The field of a record that has a name, or else the one that has it for its title.
  fileprivate func field(named name: String) -> Field? {
    // Python's strings are equal where their characters are; Swift's also where they mean the same.
    func isName(_ other: String) -> Bool {
      other.unicodeScalars.elementsEqual(name.unicodeScalars)
    }
    return fields.first { isName($0.name) } ?? fields.first { $0.title.map(isName) == true }
  }
}
