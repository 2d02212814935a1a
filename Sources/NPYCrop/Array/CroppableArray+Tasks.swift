// The same crops by several tasks at once. Other tasks get their turns meanwhile, and nothing of it runs on
// the actor that it is called from.

extension CroppableArray {
  // MARK: - One window

  /// Copies a large region out of the array, in several tasks at once.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - padding: The padding where the region reaches outside the array.
  ///   - order: The order of the result's elements; if nil, that of ``ordered(_:)``, else C, whatever the
  ///     file's is.
  ///   - parallelism: How many tasks copy.
  /// - Returns: The elements and their shape.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``FileError`` or a ``CropError``, among them
  ///   ``CropError/cancelled``.
  @concurrent
  public func cropRegion(
    _ region: Region, padding: Padding = .ofArray, order: MemoryOrder? = nil,
    parallelism: Parallelism
  ) async throws(NPYError) -> Window {
    try await cropRegion(
      try plan(region, padding: padding, order: order), parallelism: parallelism)
  }

  /// Copies a large region by a plan that was kept, in several tasks at once.
  ///
  /// - Parameters:
  ///   - plan: A plan of this array, or of one of the same layout, type and conversion.
  ///   - parallelism: How many tasks copy.
  /// - Returns: The elements and their shape.
  /// - Throws: ``NPYError`` with a ``FileError`` or a ``CropError``, among them ``CropError/cancelled``.
  @concurrent
  public func cropRegion(
    _ plan: CropPlan, parallelism: Parallelism
  ) async throws(NPYError) -> Window {
    try untyped.check(plan, as: Self.itemKind)
    try untyped.checkIsOfOne(plan)
    let items: [Item] = try await untyped.items(
      of: plan, isNative: Self.itemKind.isNative, parallelism: parallelism)
    return Self.makeWindow(CropOutline(plan), items, of: untyped)
  }

  /// Copies a large region into the caller's memory, in several tasks at once.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - padding: The padding where the region reaches outside the array.
  ///   - order: The order of the result's elements; if nil, that of ``ordered(_:)``, else C, whatever the
  ///     file's is.
  ///   - parallelism: How many tasks copy.
  ///   - output: Where the elements go: see ``CropOutput``.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``FileError`` or a ``CropError``, among them
  ///   ``CropError/cancelled``.
  @concurrent
  public func cropRegion<Output: CropOutput & ~Copyable & ~Escapable>(
    _ region: Region, padding: Padding = .ofArray, order: MemoryOrder? = nil,
    parallelism: Parallelism, into output: inout Output
  ) async throws(NPYError) where Output.Item == Item {
    try await cropRegions(
      try plan(region, padding: padding, order: order), parallelism: parallelism, into: &output)
  }

  /// Copies a large region into the caller's memory by a plan that was kept, in several tasks at once.
  ///
  /// - Parameters:
  ///   - plan: A plan of this array, or of one of the same layout, type and conversion.
  ///   - parallelism: How many tasks copy.
  ///   - output: Where the elements go: see ``CropOutput``.
  /// - Throws: ``NPYError`` with a ``FileError`` or a ``CropError``, among them ``CropError/cancelled``.
  @concurrent
  public func cropRegion<Output: CropOutput & ~Copyable & ~Escapable>(
    _ plan: CropPlan, parallelism: Parallelism, into output: inout Output
  ) async throws(NPYError) where Output.Item == Item {
    try untyped.checkIsOfOne(plan)
    try await cropRegions(plan, parallelism: parallelism, into: &output)
  }

  // MARK: - Many windows

  /// Copies windows of one shape into one block, in several tasks at once.
  ///
  /// If the calling task is cancelled, each task that copies stops after at most 64 more windows.
  ///
  /// - Parameters:
  ///   - regions: The windows.
  ///   - parallelism: How many tasks copy.
  /// - Returns: The elements, one window after the other.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``FileError`` or a ``CropError``, among them
  ///   ``CropError/cancelled``.
  @concurrent
  public func cropRegions(
    _ regions: some RandomAccessCollection<Region> & Sendable, parallelism: Parallelism
  ) async throws(NPYError) -> Batch {
    try await cropRegions(
      try untyped.batch(regions, isCancellable: true), parallelism: parallelism)
  }

  /// Copies boxes of one size into one block, in several tasks at once.
  ///
  /// - Parameters:
  ///   - origins: The first index of each box along each axis.
  ///   - size: The number of elements along each axis.
  ///   - parallelism: How many tasks copy.
  /// - Returns: The elements, one window after the other.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``FileError`` or a ``CropError``, among them
  ///   ``CropError/cancelled``.
  @concurrent
  public func cropRegions(
    origins: [[Int]], size: [Int], parallelism: Parallelism
  ) async throws(NPYError) -> Batch {
    try await cropRegions(Region.windows(at: origins, size: size), parallelism: parallelism)
  }

  /// Copies boxes of one size into one block, in several tasks at once.
  ///
  /// - Parameters:
  ///   - origins: The first index along each axis of the first box, then those of the second, …
  ///   - size: The number of elements along each axis.
  ///   - parallelism: How many tasks copy.
  /// - Returns: The elements, one window after the other.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``FileError`` or a ``CropError``, among them
  ///   ``CropError/cancelled``.
  @concurrent
  public func cropRegions(
    origins: some Collection<Int> & Sendable, size: [Int], parallelism: Parallelism
  ) async throws(NPYError) -> Batch {
    try await cropRegions(Region.windows(at: origins, size: size), parallelism: parallelism)
  }

  /// Copies windows by a plan that was kept, in several tasks at once.
  ///
  /// - Parameters:
  ///   - plan: A plan of this array, or of one of the same layout, type and conversion.
  ///   - parallelism: How many tasks copy.
  /// - Returns: The elements, one window after the other.
  /// - Throws: ``NPYError`` with a ``FileError`` or a ``CropError``, among them ``CropError/cancelled``.
  @concurrent
  public func cropRegions(
    _ plan: CropPlan, parallelism: Parallelism
  ) async throws(NPYError) -> Batch {
    try untyped.check(plan, as: Self.itemKind)
    let items: [Item] = try await untyped.items(
      of: plan, isNative: Self.itemKind.isNative, parallelism: parallelism)
    return Self.makeBatch(BatchOutline(plan), items, of: untyped)
  }

  /// Copies windows of one shape into the caller's memory, one after the other, in several tasks at once.
  ///
  /// - Parameters:
  ///   - regions: The windows.
  ///   - parallelism: How many tasks copy.
  ///   - output: Where the elements go: see ``CropOutput``.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``FileError`` or a ``CropError``, among them
  ///   ``CropError/cancelled``.
  @concurrent
  public func cropRegions<Output: CropOutput & ~Copyable & ~Escapable>(
    _ regions: some RandomAccessCollection<Region> & Sendable, parallelism: Parallelism,
    into output: inout Output
  ) async throws(NPYError) where Output.Item == Item {
    try await cropRegions(
      try untyped.batch(regions, isCancellable: true), parallelism: parallelism, into: &output)
  }

  /// Copies windows into the caller's memory by a plan that was kept, in several tasks at once.
  ///
  /// - Parameters:
  ///   - plan: A plan of this array, or of one of the same layout, type and conversion.
  ///   - parallelism: How many tasks copy.
  ///   - output: Where the elements go: see ``CropOutput``.
  /// - Throws: ``NPYError`` with a ``FileError`` or a ``CropError``, among them ``CropError/cancelled``.
  @concurrent
  public func cropRegions<Output: CropOutput & ~Copyable & ~Escapable>(
    _ plan: CropPlan, parallelism: Parallelism, into output: inout Output
  ) async throws(NPYError) where Output.Item == Item {
    try untyped.check(plan, as: Self.itemKind)
    try await untyped.copy(
      plan, isNative: Self.itemKind.isNative, parallelism: parallelism, into: &output)
  }
}
