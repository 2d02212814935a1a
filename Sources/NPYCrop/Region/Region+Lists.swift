// Lists that are paired up, points and masks: NumPy's advanced indexing.

extension RegionAxis where Self == AxisSelection {
  /// A list of indices that is paired up with the other paired lists of the region, element by element, as NumPy
  /// does: `[.paired([0, 1]), .paired([5, 7])]` takes the elements (0, 5) and (1, 7).
  ///
  /// Lists are broadcast, and so are single indices beside them. The result has one axis for all lists: where the
  /// first of them stands, or in front if anything but a list or an index stands between two of them.
  ///
  /// - Parameter indices: The indices, in any order, with repeats.
  /// - Returns: The selection.
  public static func paired(_ indices: [Int]) -> AxisSelection {
    AxisSelection(.paired(IndexList(indices)))
  }

  /// An array of indices that is paired up with the other paired lists of the region.
  ///
  /// - Parameters:
  ///   - indices: The indices in C order.
  ///   - shape: The shape of the array; another number of elements than of indices is an error of the crop.
  /// - Returns: The selection.
  public static func paired(_ indices: [Int], shape: [Int]) -> AxisSelection {
    AxisSelection(.paired(IndexList(indices, shape: shape)))
  }

  /// The indices along an axis for which a flag is true: NumPy's boolean mask.
  ///
  /// It is paired up with other lists of the region, as the list of those indices.
  ///
  /// - Parameter flags: One for each index of the axis; another number is an error of the crop.
  /// - Returns: The selection.
  public static func mask(_ flags: [Bool]) -> AxisSelection {
    mask(flags, shape: [flags.count])
  }

  /// The elements of several axes for which a flag is true: NumPy's boolean mask of several axes.
  ///
  /// The result has one axis for all of them, in C order.
  ///
  /// - Parameters:
  ///   - flags: The mask in C order.
  ///   - shape: The lengths of the axes that it is for; other lengths than the array's are an error of the crop.
  /// - Returns: The selection.
  public static func mask(_ flags: [Bool], shape: [Int]) -> AxisSelection {
    AxisSelection(.mask(ElementMask(shape: shape, flags: flags)))
  }
}

extension Region {
  /// The elements at points: NumPy's `array[z, y, x]` with an array for each axis.
  ///
  /// ```swift
  /// let values = try scan.cropRegion(.points(zs, ys, xs), as: Float.self)   // as many as there are points
  /// ```
  ///
  /// A negative coordinate counts from the end, as in NumPy, except on a padded axis. Axes after those of the
  /// points are taken whole.
  ///
  /// - Parameter coordinates: One array per axis, in the order of the shape, all of the same length.
  /// - Returns: The region; arrays of different lengths are an error of the crop.
  public static func points(_ coordinates: [Int]...) -> Region {
    guard let first = coordinates.first else {
      return Region([], convention: .numpy, fault: .pointCount(coordinates: 0, axes: 0))
    }
    guard coordinates.allSatisfy({ $0.count == first.count }) else {
      return Region(
        [], convention: .numpy, fault: .listShapes(coordinates.map { [$0.count] }))
    }
    return Region(
      coordinates.map { AxisSelection(.paired(IndexList($0))) }, convention: .numpy)
  }

  /// The elements at points whose coordinates stand one after the other.
  ///
  /// ```swift
  /// let values = try scan.cropRegion(.points([0, 5, 7, 1, 6, 7], axes: 3), as: Float.self)   // 2 elements
  /// ```
  ///
  /// An array of coordinates is not copied. A negative coordinate counts from the end, as in NumPy, except on a
  /// padded axis. Axes after those of the points are taken whole.
  ///
  /// - Parameters:
  ///   - coordinates: Those of the first point along each axis, in the order of the shape, then those of the
  ///     second, …
  ///   - axes: The number of coordinates of each point.
  /// - Returns: The region; a number of coordinates that is no multiple of `axes` is an error of the crop.
  public static func points(_ coordinates: some Collection<Int>, axes: Int) -> Region {
    let flat = (coordinates as? [Int]) ?? Array(coordinates)
    guard axes > 0, flat.count % axes == 0 else {
      return Region(
        [], convention: .numpy, fault: .pointCount(coordinates: flat.count, axes: axes))
    }
    // More axes than any array has are no list each.
    guard axes <= mostAxes else {
      return Region(
        [], convention: .numpy, fault: .tooManyAxes(selected: axes, available: mostAxes))
    }
    return Region(
      (0..<axes).map { AxisSelection(.paired(IndexList(axis: $0, ofRank: axes, in: flat))) },
      convention: .numpy)
  }
}
