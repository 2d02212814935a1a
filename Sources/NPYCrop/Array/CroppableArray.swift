/// An array that windows are cropped out of: an ``NPYArray``, whose type is known at run time and whose crops
/// are bytes; or a ``TypedNPYArray``, whose crops are elements.
///
/// Conversion, padding and the like are set once, on the array: ``NPYArray/field(_:)``, ``NPYArray/viewed(as:)``,
/// ``NPYArray/converted(to:casting:scale:shift:)->TypedNPYArray<Element>``, ``padded(_:)``, ``ordered(_:)``. What is taken, and where
/// it goes, is a matter of the call.
///
/// | | returned | into the caller's memory |
/// |---|---|---|
/// | one window | `cropRegion(region)` | `cropRegion(region, into: &output)` |
/// | many of one shape | `cropRegions(regions)` | `cropRegions(regions, into: &output)` |
/// | in several tasks | `cropRegions(regions, parallelism: .automatic)` | with `into:` |
///
/// In place of a region or regions each of them takes a ``CropPlan`` that was kept.
public protocol CroppableArray<Item>: Sendable {
  /// What the caller's memory holds: elements, or the bytes of elements.
  associatedtype Item: NPYElement
  /// One window: ``Crop`` or ``RawCrop``.
  associatedtype Window: Sendable
  /// Many windows of one shape: ``CropBatch`` or ``RawCropBatch``.
  associatedtype Batch: Sendable

  /// The array, whose type is known at run time.
  var untyped: NPYArray { get }

  /// What the memory of a crop holds.
  static var itemKind: ItemKind<Item> { get }

  /// Makes an array of this type from an untyped one.
  ///
  /// - Parameter array: The array.
  /// - Throws: ``NPYError`` with ``CropError/elementType(found:requested:)``.
  init(untyped array: NPYArray) throws(NPYError)

  /// The result of a crop.
  static func makeWindow(_ outline: CropOutline, _ items: [Item], of array: NPYArray) -> Window

  /// The result of many crops.
  static func makeBatch(_ outline: BatchOutline, _ items: [Item], of array: NPYArray) -> Batch
}

extension CroppableArray {
  // MARK: - Plans

  /// Plans the copy of a region: checks it against the array's shape, and touches no file.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - padding: The padding where the region reaches outside the array.
  ///   - order: The order of the result's elements; if nil, that of ``ordered(_:)``, else C, whatever the
  ///     file's is.
  /// - Returns: A plan for this array, and for any other of the same layout, type and conversion. Padding
  ///   and order are a part of it.
  /// - Throws: ``NPYError`` with a ``RegionError``, or with ``CropError/fillValue(_:elementType:)``.
  public func plan(
    _ region: Region, padding: Padding = .ofArray, order: MemoryOrder? = nil
  ) throws(NPYError) -> CropPlan {
    try untyped.window(region, padding: padding, order: order).closed()
  }

  /// Plans the copy of windows of one shape, one after the other, and touches no file.
  ///
  /// - Parameter regions: The windows, such as an array of regions, a ``RegionGrid`` or
  ///   ``Region/windows(at:size:)-([[Int]],_)``.
  /// - Returns: A plan for `cropRegions`, of this array and of any other of the same layout, type and
  ///   conversion.
  /// - Throws: ``NPYError`` with a ``RegionError``, among them
  ///   ``RegionError/shapesDiffer(window:shape:first:)``, or with ``CropError/fillValue(_:elementType:)`` or
  ///   ``CropError/outOfMemory(byteCount:)``.
  public func plan(
    _ regions: some RandomAccessCollection<Region>
  ) throws(NPYError) -> CropPlan {
    try untyped.batch(regions)
  }

  // MARK: - One window

  /// Copies a region out of the array.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - padding: The padding where the region reaches outside the array.
  ///   - order: The order of the result's elements; if nil, that of ``ordered(_:)``, else C, whatever the
  ///     file's is.
  /// - Returns: The elements and their shape.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``CropError`` or a ``FileError``.
  @inlinable
  public func cropRegion(
    _ region: Region, padding: Padding = .ofArray, order: MemoryOrder? = nil
  ) throws(NPYError) -> Window {
    var window = try untyped.window(region, padding: padding, order: order)
    let items: [Item] = try untyped.items(of: &window, isNative: Self.itemKind.isNative)
    return Self.makeWindow(CropOutline(window), items, of: untyped)
  }

  /// Copies a region into the caller's memory.
  ///
  /// Allocates nothing where the file is mapped and the region has at most eight slices and indices inside
  /// the array.
  ///
  /// - Parameters:
  ///   - region: What to take.
  ///   - padding: The padding where the region reaches outside the array.
  ///   - order: The order of the result's elements; if nil, that of ``ordered(_:)``, else C, whatever the
  ///     file's is.
  ///   - output: Where the elements go: see ``CropOutput``.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``CropError`` or a ``FileError``.
  @inlinable
  public func cropRegion<Output: CropOutput & ~Copyable & ~Escapable>(
    _ region: Region, padding: Padding = .ofArray, order: MemoryOrder? = nil,
    into output: inout Output
  ) throws(NPYError) where Output.Item == Item {
    try untyped.copy(
      region, padding: padding, order: order, isNative: Self.itemKind.isNative, into: &output)
  }

  /// Copies a region by a plan that was kept.
  ///
  /// - Parameter plan: A plan of this array, or of one of the same layout, type and conversion.
  /// - Returns: The elements and their shape.
  /// - Throws: ``NPYError`` with a ``CropError`` or a ``FileError``.
  @inlinable
  public func cropRegion(_ plan: CropPlan) throws(NPYError) -> Window {
    try untyped.check(plan, as: Self.itemKind)
    try untyped.checkIsOfOne(plan)
    let items: [Item] = try untyped.items(of: plan, isNative: Self.itemKind.isNative)
    return Self.makeWindow(CropOutline(plan), items, of: untyped)
  }

  /// Copies a region into the caller's memory by a plan that was kept.
  ///
  /// Allocates nothing where the file is mapped and the plan has at most eight axes.
  ///
  /// - Parameters:
  ///   - plan: A plan of this array, or of one of the same layout, type and conversion.
  ///   - output: Where the elements go: see ``CropOutput``.
  /// - Throws: ``NPYError`` with a ``CropError`` or a ``FileError``.
  @inlinable
  public func cropRegion<Output: CropOutput & ~Copyable & ~Escapable>(
    _ plan: CropPlan, into output: inout Output
  ) throws(NPYError) where Output.Item == Item {
    try untyped.check(plan, as: Self.itemKind)
    try untyped.checkIsOfOne(plan)
    try untyped.copy(plan, isNative: Self.itemKind.isNative, into: &output)
  }

  /// Crops of regions of any shapes, each made when it is asked for.
  ///
  /// ```swift
  /// for crop in scan.crops(of: boxes) { show(try crop.get()) }
  /// ```
  ///
  /// - Parameter regions: What to take.
  /// - Returns: A sequence of results: for each region its crop, or its error.
  public func crops<Regions: Sequence<Region>>(
    of regions: Regions
  ) -> some Sequence<Result<Window, NPYError>> {
    regions.lazy.map { region in
      Result { () throws(NPYError) in try cropRegion(region) }
    }
  }

  // MARK: - Many windows

  /// Copies windows of one shape into one block.
  ///
  /// The file is checked once, after the last of them.
  ///
  /// Windows are copied in the order of the file, and stand in the block in the order asked.
  ///
  /// - Parameter regions: The windows, such as an array of regions or a ``RegionGrid``.
  /// - Returns: The elements, one window after the other.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``CropError`` or a ``FileError``.
  @inlinable
  public func cropRegions(
    _ regions: some RandomAccessCollection<Region>
  ) throws(NPYError) -> Batch {
    try cropRegions(try untyped.batch(regions))
  }

  /// Copies boxes of one size into one block.
  ///
  /// - Parameters:
  ///   - origins: The first index of each box along each axis.
  ///   - size: The number of elements along each axis.
  /// - Returns: The elements, one window after the other.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``CropError`` or a ``FileError``.
  @inlinable
  public func cropRegions(origins: [[Int]], size: [Int]) throws(NPYError) -> Batch {
    try cropRegions(Region.windows(at: origins, size: size))
  }

  /// Copies boxes of one size into one block.
  ///
  /// - Parameters:
  ///   - origins: The first index along each axis of the first box, then those of the second, …
  ///   - size: The number of elements along each axis.
  /// - Returns: The elements, one window after the other.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``CropError`` or a ``FileError``.
  @inlinable
  public func cropRegions(origins: some Collection<Int>, size: [Int]) throws(NPYError) -> Batch {
    try cropRegions(Region.windows(at: origins, size: size))
  }

  /// Copies windows by a plan that was kept.
  ///
  /// - Parameter plan: A plan of this array, or of one of the same layout, type and conversion.
  /// - Returns: The elements, one window after the other.
  /// - Throws: ``NPYError`` with a ``CropError`` or a ``FileError``.
  @inlinable
  public func cropRegions(_ plan: CropPlan) throws(NPYError) -> Batch {
    try untyped.check(plan, as: Self.itemKind)
    let items: [Item] = try untyped.items(of: plan, isNative: Self.itemKind.isNative)
    return Self.makeBatch(BatchOutline(plan), items, of: untyped)
  }

  /// Copies windows of one shape into the caller's memory, one after the other.
  ///
  /// - Parameters:
  ///   - regions: The windows.
  ///   - output: Where the elements go: see ``CropOutput``.
  /// - Throws: ``NPYError`` with a ``RegionError``, a ``CropError`` or a ``FileError``.
  @inlinable
  public func cropRegions<Output: CropOutput & ~Copyable & ~Escapable>(
    _ regions: some RandomAccessCollection<Region>, into output: inout Output
  ) throws(NPYError) where Output.Item == Item {
    try cropRegions(try untyped.batch(regions), into: &output)
  }

  /// Copies windows into the caller's memory by a plan that was kept.
  ///
  /// - Parameters:
  ///   - plan: A plan of this array, or of one of the same layout, type and conversion.
  ///   - output: Where the elements go: see ``CropOutput``.
  /// - Throws: ``NPYError`` with a ``CropError`` or a ``FileError``.
  @inlinable
  public func cropRegions<Output: CropOutput & ~Copyable & ~Escapable>(
    _ plan: CropPlan, into output: inout Output
  ) throws(NPYError) where Output.Item == Item {
    try untyped.check(plan, as: Self.itemKind)
    try untyped.copy(plan, isNative: Self.itemKind.isNative, into: &output)
  }
}
