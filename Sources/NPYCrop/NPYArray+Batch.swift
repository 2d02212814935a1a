// Many windows at once: each batch is planned, checked and copied as one.

extension NPYArray {
  // MARK: - In the calling task

  /// Copies windows of one shape into one block, which is checked against the file once.
  ///
  /// Windows are copied in the order of the file, and stand in the block in the order asked.
  ///
  /// - Parameters:
  ///   - regions: The windows, such as an array of regions or a ``RegionGrid``.
  ///   - padding: What stands where a window reaches outside the array.
  ///   - type: The type of the elements, which must be the file's own.
  ///   - order: The order of the elements within a window.
  /// - Returns: The elements, one window after the other.
  /// - Throws: ``NPYError`` with a ``RegionError``, among them
  ///   ``RegionError/shapesDiffer(window:shape:first:)``, or with a ``CropError`` or a ``FileError``.
  @inlinable
  public func cropRegions<Element: NPYElement>(
    _ regions: some RandomAccessCollection<Region>, padding: Padding = .none,
    as type: Element.Type = Element.self, order: MemoryOrder = .c
  ) throws(NPYError) -> CropBatch<Element> {
    let batch = try batch(
      regions, padding: padding, order: order, as: Element.nativeType.elementType,
      stride: MemoryLayout<Element>.stride)
    return CropBatch(batch, elements: try elements(of: batch))
  }

  /// Copies boxes of one size into one block.
  ///
  /// - Parameters:
  ///   - origins: The first index of each box along each axis.
  ///   - size: The number of elements along each axis.
  ///   - padding: What stands where a window reaches outside the array.
  ///   - type: The type of the elements, which must be the file's own.
  ///   - order: The order of the elements within a window.
  /// - Returns: The elements, one window after the other.
  /// - Throws: As for any regions.
  @inlinable
  public func cropRegions<Element: NPYElement>(
    origins: [[Int]], size: [Int], padding: Padding = .none,
    as type: Element.Type = Element.self, order: MemoryOrder = .c
  ) throws(NPYError) -> CropBatch<Element> {
    try cropRegions(
      Region.windows(at: origins, size: size), padding: padding, as: type, order: order)
  }

  /// Copies windows of one shape into the caller's memory, which must have room for exactly their
  /// elements.
  ///
  /// - Parameters:
  ///   - regions: The windows.
  ///   - padding: What stands where a window reaches outside the array.
  ///   - type: The type of the elements, which must be the file's own.
  ///   - order: The order of the elements within a window.
  ///   - output: Where the elements go, one window after the other. If an error is thrown, some of
  ///     them may be there.
  /// - Throws: As for a batch with memory of its own.
  @inlinable
  public func cropRegions<Element: NPYElement>(
    _ regions: some RandomAccessCollection<Region>, padding: Padding = .none,
    as type: Element.Type = Element.self, order: MemoryOrder = .c,
    into output: inout MutableSpan<Element>
  ) throws(NPYError) {
    let batch = try batch(
      regions, padding: padding, order: order, as: Element.nativeType.elementType,
      stride: MemoryLayout<Element>.stride)
    try fill(&output, with: batch)
  }

  /// Copies windows of one shape into an array of exactly as many elements, in place.
  ///
  /// - Parameters:
  ///   - regions: The windows.
  ///   - padding: What stands where a window reaches outside the array.
  ///   - type: The type of the elements, which must be the file's own.
  ///   - order: The order of the elements within a window.
  ///   - output: Where the elements go, one window after the other. If an error is thrown, some of
  ///     them may be there.
  /// - Throws: As for a batch with memory of its own.
  @inlinable
  public func cropRegions<Element: NPYElement>(
    _ regions: some RandomAccessCollection<Region>, padding: Padding = .none,
    as type: Element.Type = Element.self, order: MemoryOrder = .c, into output: inout [Element]
  ) throws(NPYError) {
    var span = output.mutableSpan
    try cropRegions(regions, padding: padding, as: type, order: order, into: &span)
  }

  /// Copies windows of one shape out of an array of any element type, as bytes in the file's byte
  /// order.
  ///
  /// - Parameters:
  ///   - regions: The windows.
  ///   - padding: What stands where a window reaches outside the array.
  ///   - order: The order of the elements within a window.
  /// - Returns: The bytes, one window after the other.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``CropError`` or a ``FileError``.
  public func cropRegions(
    _ regions: some RandomAccessCollection<Region>, padding: Padding = .none,
    order: MemoryOrder = .c
  ) throws(NPYError) -> RawCropBatch {
    let batch = try batch(regions, padding: padding, order: order, as: nil, stride: 0)
    return RawCropBatch(batch, elementType: elementType, bytes: try bytes(of: batch))
  }

  /// Copies boxes of one size out of an array of any element type, as bytes in the file's byte order.
  ///
  /// - Parameters:
  ///   - origins: The first index of each box along each axis.
  ///   - size: The number of elements along each axis.
  ///   - padding: What stands where a window reaches outside the array.
  ///   - order: The order of the elements within a window.
  /// - Returns: The bytes, one window after the other.
  /// - Throws: As for any regions.
  public func cropRegions(
    origins: [[Int]], size: [Int], padding: Padding = .none, order: MemoryOrder = .c
  ) throws(NPYError) -> RawCropBatch {
    try cropRegions(Region.windows(at: origins, size: size), padding: padding, order: order)
  }

  // MARK: - In several tasks

  /// Copies windows of one shape into one block, in several tasks at once where that pays.
  ///
  /// A cancelled task stops after at most 64 more windows and throws ``CropError/cancelled``. Other tasks get
  /// their turns meanwhile, and nothing of it runs on the actor that it is called from. At the top
  /// level of a program Swift takes the form without tasks unless `parallelism` is given.
  ///
  /// - Parameters:
  ///   - regions: The windows.
  ///   - padding: What stands where a window reaches outside the array.
  ///   - type: The type of the elements, which must be the file's own.
  ///   - order: The order of the elements within a window.
  ///   - parallelism: How many tasks copy, one at least; if nil, as many as there are processors, and
  ///     fewer where there is little to copy.
  /// - Returns: The elements, one window after the other.
  /// - Throws: As in the calling task, and ``CropError/cancelled``.
  @concurrent
  public func cropRegions<Element: NPYElement>(
    _ regions: some RandomAccessCollection<Region> & Sendable, padding: Padding = .none,
    as type: Element.Type = Element.self, order: MemoryOrder = .c, parallelism: Int? = nil
  ) async throws(NPYError) -> CropBatch<Element> {
    let batch = try batch(
      regions, padding: padding, order: order, as: Element.nativeType.elementType,
      stride: MemoryLayout<Element>.stride, isCancellable: true)
    return CropBatch(
      batch, elements: try await elements(of: batch, parallelism: parallelism))
  }

  /// Copies boxes of one size into one block, in several tasks at once where that pays.
  ///
  /// - Parameters:
  ///   - origins: The first index of each box along each axis.
  ///   - size: The number of elements along each axis.
  ///   - padding: What stands where a window reaches outside the array.
  ///   - type: The type of the elements, which must be the file's own.
  ///   - order: The order of the elements within a window.
  ///   - parallelism: How many tasks copy; as many as pay if nil.
  /// - Returns: The elements, one window after the other.
  /// - Throws: As for any regions.
  public func cropRegions<Element: NPYElement>(
    origins: [[Int]], size: [Int], padding: Padding = .none,
    as type: Element.Type = Element.self, order: MemoryOrder = .c, parallelism: Int? = nil
  ) async throws(NPYError) -> CropBatch<Element> {
    try await cropRegions(
      Region.windows(at: origins, size: size), padding: padding, as: type, order: order,
      parallelism: parallelism)
  }

  /// Copies windows of one shape into the caller's memory, which must have room for exactly their
  /// elements, in several tasks at once where that pays.
  ///
  /// - Parameters:
  ///   - regions: The windows.
  ///   - padding: What stands where a window reaches outside the array.
  ///   - type: The type of the elements, which must be the file's own.
  ///   - order: The order of the elements within a window.
  ///   - parallelism: How many tasks copy; as many as pay if nil.
  ///   - output: Where the elements go, one window after the other. If an error is thrown, some of
  ///     them may be there.
  /// - Throws: As for a batch with memory of its own.
  @concurrent
  public func cropRegions<Element: NPYElement>(
    _ regions: some RandomAccessCollection<Region> & Sendable, padding: Padding = .none,
    as type: Element.Type = Element.self, order: MemoryOrder = .c, parallelism: Int? = nil,
    into output: inout MutableSpan<Element>
  ) async throws(NPYError) {
    let batch = try batch(
      regions, padding: padding, order: order, as: Element.nativeType.elementType,
      stride: MemoryLayout<Element>.stride, isCancellable: true)
    try await fill(&output, with: batch, parallelism: parallelism)
  }

  /// Copies windows of one shape into an array of exactly as many elements, in place, in several tasks
  /// at once where that pays.
  ///
  /// - Parameters:
  ///   - regions: The windows.
  ///   - padding: What stands where a window reaches outside the array.
  ///   - type: The type of the elements, which must be the file's own.
  ///   - order: The order of the elements within a window.
  ///   - parallelism: How many tasks copy; as many as pay if nil.
  ///   - output: Where the elements go, one window after the other. If an error is thrown, some of
  ///     them may be there.
  /// - Throws: As for a batch with memory of its own.
  @concurrent
  public func cropRegions<Element: NPYElement>(
    _ regions: some RandomAccessCollection<Region> & Sendable, padding: Padding = .none,
    as type: Element.Type = Element.self, order: MemoryOrder = .c, parallelism: Int? = nil,
    into output: inout [Element]
  ) async throws(NPYError) {
    var span = output.mutableSpan
    try await cropRegions(
      regions, padding: padding, as: type, order: order, parallelism: parallelism, into: &span)
  }

  /// Copies windows of one shape out of an array of any element type, as bytes in the file's byte
  /// order, in several tasks at once where that pays.
  ///
  /// - Parameters:
  ///   - regions: The windows.
  ///   - padding: What stands where a window reaches outside the array.
  ///   - order: The order of the elements within a window.
  ///   - parallelism: How many tasks copy; as many as pay if nil.
  /// - Returns: The bytes, one window after the other.
  /// - Throws: As for elements.
  @concurrent
  public func cropRegions(
    _ regions: some RandomAccessCollection<Region> & Sendable, padding: Padding = .none,
    order: MemoryOrder = .c, parallelism: Int? = nil
  ) async throws(NPYError) -> RawCropBatch {
    let batch = try batch(
      regions, padding: padding, order: order, as: nil, stride: 0, isCancellable: true)
    return RawCropBatch(
      batch, elementType: elementType,
      bytes: try await bytes(of: batch, parallelism: parallelism))
  }

  // MARK: - One by one

  /// Crops of regions of any shapes, each made when it is asked for.
  ///
  /// ```swift
  /// for crop in scan.crops(of: boxes, as: Float.self) { show(try crop.get()) }
  /// ```
  ///
  /// - Parameters:
  ///   - regions: What to take.
  ///   - padding: What stands where a region reaches outside the array.
  ///   - type: The type of the elements, which must be the file's own.
  ///   - order: The order of the elements of a crop.
  /// - Returns: A sequence of crops, or of what was wrong with one.
  public func crops<Regions: Sequence<Region>, Element: NPYElement>(
    of regions: Regions, padding: Padding = .none, as type: Element.Type = Element.self,
    order: MemoryOrder = .c
  ) -> some Sequence<Result<Crop<Element>, NPYError>> {
    regions.lazy.map { region in
      Result { () throws(NPYError) in
        try cropRegion(region, padding: padding, as: type, order: order)
      }
    }
  }

  /// Crops of regions of any shapes out of an array of any element type, as bytes in the file's byte
  /// order, each made when it is asked for.
  ///
  /// - Parameters:
  ///   - regions: What to take.
  ///   - padding: What stands where a region reaches outside the array.
  ///   - order: The order of the elements of a crop.
  /// - Returns: A sequence of crops, or of what was wrong with one.
  public func crops<Regions: Sequence<Region>>(
    of regions: Regions, padding: Padding = .none, order: MemoryOrder = .c
  ) -> some Sequence<Result<RawCrop, NPYError>> {
    regions.lazy.map { region in
      Result { () throws(NPYError) in
        try cropRegion(region, padding: padding, order: order)
      }
    }
  }
}
