extension CroppableArray {
  /// The elements that a region takes, as an array of its own over the same file: NumPy's `array[region]`.
  ///
  /// ```swift
  /// let red = try image[.ellipsis, 0]
  /// let every = try image[.slice(by: 2), .slice(by: -1)]
  /// ```
  ///
  /// Padding begins where the slice ends; the rest of the array is not shown. A slice itself cannot reach
  /// outside the array, even if that is padded.
  ///
  /// A list of indices is not a slice, since its elements are not evenly spaced. Use it in a crop.
  ///
  /// - Parameter axes: Indices and slices, one per axis, in the order of the shape.
  /// - Returns: The array. Nothing is read.
  /// - Throws: ``NPYError`` with a ``RegionError``: where the region does not fit the array, and
  ///   ``RegionError/listInSlice(axis:)`` for a list of indices.
  public subscript(_ axes: any RegionAxis...) -> Self {
    get throws(NPYError) { try self[Region(axes.map { $0.axisSelection })] }
  }

  /// The elements that a region takes, as an array of its own over the same file.
  ///
  /// - Parameter region: Indices and slices.
  /// - Returns: The array. Nothing is read.
  /// - Throws: ``NPYError`` with a ``RegionError``: where the region does not fit the array, and
  ///   ``RegionError/listInSlice(axis:)`` for a list of indices.
  public subscript(_ region: Region) -> Self {
    get throws(NPYError) {
      let slice: LayoutSlice
      do {
        slice = try untyped.layout.slice(region)
      } catch {
        throw untyped.failure(error)
      }
      return try Self(
        untyped: untyped.view(
          layout: slice.layout, sourceType: untyped.sourceType, axes: slice.axes))
    }
  }
}
