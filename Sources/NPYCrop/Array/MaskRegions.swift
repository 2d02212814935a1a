// Masks in files.

extension Region {
  /// The elements for which a boolean array in a file is true: NumPy's `array[mask]`.
  ///
  /// The mask is for the first axes of the array, as many as it has itself; the axes after them are taken whole. All
  /// of it is read into memory, a byte for each element: ``MaskRegions`` reads a larger one part by part.
  ///
  /// - Parameter mask: An array of type bool.
  /// - Throws: ``NPYError`` with ``RegionError/notAMask(elementType:)``, or as for a crop.
  public init(mask: NPYArray) throws(NPYError) {
    let flags = try mask.checkedMask().cropRegion(.all).elements
    self.init(
      [AxisSelection(.mask(ElementMask(shape: mask.shape, flags: flags)))],
      convention: .numpy)
  }
}

/// A boolean array in a file as regions of an array, one after the other: each takes the elements for which a part of
/// the mask is true, in C order, so that no more of a large mask than that is in memory.
///
/// ```swift
/// var regions = try MaskRegions(of: mask)
/// while let region = try regions.next() {
///   use(try scan.cropRegion(region, as: Float.self).elements)   // regions.count of them in all
/// }
/// ```
///
/// The results follow each other along the first axis of what ``Region/init(mask:)`` gives.
public struct MaskRegions: Sendable {
  /// How many elements of the mask are true.
  public let count: Int
  private let mask: TypedNPYArray<Bool>
  private var parts: CropPlan.Slabs
  /// The elements of the mask that were read.
  private var done = 0
  private var flags: [Bool] = []

  /// Counts the elements of a mask that are true, which reads all of it once.
  ///
  /// - Parameters:
  ///   - mask: An array of type bool.
  ///   - byteCount: As much of it is read at a time: a byte for each element.
  /// - Throws: ``NPYError`` with ``RegionError/notAMask(elementType:)``, or as for a crop.
  public init(of mask: NPYArray, ofAtMost byteCount: Int = 1 << 20) throws(NPYError) {
    self.mask = try mask.checkedMask()
    parts = try self.mask.plan(.all).slabs(ofAtMost: byteCount)
    var (count, flags): (Int, [Bool]) = (0, [])
    for part in parts {
      try self.mask.read(part, into: &flags)
      count += ElementMask.trueCount(flags)
    }
    self.count = count
  }

  /// A region of the same axes that takes nothing, for the shape of the results.
  public var none: Region {
    Region(
      [AxisSelection(.mask(ElementMask(partOf: mask.shape, from: 0, flags: [])))],
      convention: .numpy)
  }

  /// The region of the next part that has elements which are true; nil after the last.
  ///
  /// - Throws: ``NPYError`` as for a crop of the mask.
  public mutating func next() throws(NPYError) -> Region? {
    while let part = parts.next() {
      try mask.read(part, into: &flags)
      let start = done
      done += flags.count
      let mask = ElementMask(partOf: mask.shape, from: start, flags: flags)
      guard mask.trueCount > 0 else { continue }
      return Region([AxisSelection(.mask(mask))], convention: .numpy)
    }
    return nil
  }
}

extension NPYArray {
  /// The elements of a mask, in C order.
  fileprivate func checkedMask() throws(NPYError) -> TypedNPYArray<Bool> {
    guard case .bool = elementType.kind else {
      throw failure(.notAMask(elementType: elementType.name))
    }
    return try elements(as: Bool.self).padded(.none).ordered(.c)
  }
}

extension TypedNPYArray<Bool> {
  /// Reads a part of the mask, to where the part before was if that has the same size.
  fileprivate func read(_ part: CropPlan, into flags: inout [Bool]) throws(NPYError) {
    if flags.count == part.elementCount {
      try cropRegion(part, into: &flags)
    } else {
      flags = try cropRegion(part).elements
    }
  }
}
