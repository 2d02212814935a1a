extension NPYArray {
  /// One field of all records, as an array of its own over the same file: NumPy's `array["name"]`.
  ///
  /// ```swift
  /// let x = try particles.field("position").field("x")     // or "position.x"
  /// let first = try x.cropRegion([0..<1000], as: Float.self)
  /// ```
  ///
  /// Its shape is that of the array with the axes of the field's subarray behind, if it has one; its
  /// strides are those of whole records. Crops touch the pages of the records that they take.
  ///
  /// - Parameter name: The field's name, or its title; or a path of names with dots between them.
  /// - Returns: The field of every element. Nothing is read.
  /// - Throws: ``NPYError`` with ``CropError/noField(name:fields:)``.
  public func field(_ name: String) throws(NPYError) -> NPYArray {
    let fields = elementType.fields
    if let field = fields.first(where: { $0.name == name })
      ?? fields.first(where: { $0.title == name })
    {
      return NPYArray(self, layout: layout.field(field), elementType: field.elementType)
    }
    // A name may have dots of its own: the longest one that there is comes first.
    for dot in name.indices.reversed() where name[dot] == "." {
      let (head, rest) = (String(name[..<dot]), String(name[name.index(after: dot)...]))
      guard fields.contains(where: { $0.name == head || $0.title == head }) else { continue }
      return try field(head).field(rest)
    }
    throw NPYError(
      path: path, fault: .crop(.noField(name: name, fields: fields.map(\.name))))
  }
}
