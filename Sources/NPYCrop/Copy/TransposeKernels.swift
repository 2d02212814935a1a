internal import CKernels

// Copies in which one loop is contiguous in the source and another in the output, as from a
// Fortran-order file to a C-order result.
//
// Sound, for every function here: the caller hands loops of a planned box, so each element lies
// within the source and within the output. Loads and stores are unaligned.

/// Copies a matrix whose columns are contiguous in the source and whose rows in the output.
///
/// - Parameters:
///   - rows: The loop with a source stride of one element.
///   - columns: The loop with an output stride of one element.
///   - itemSize: The size of an element, one of 1, 2, 4, 8 and 16.
///   - source: The first element's bytes.
///   - output: Where they go.
func transpose(
  rows: BoxLoop, columns: BoxLoop, itemSize: Int, from source: UnsafeRawPointer,
  to output: UnsafeMutableRawPointer
) {
  guard itemSize <= 8 else { return unsafe transposeTiles(rows, columns, source, output) }
  let kernel: TransposeKernel =
    switch itemSize {
    case 1: unsafe npy_transpose1
    case 2: unsafe npy_transpose2
    case 4: unsafe npy_transpose4
    default: unsafe npy_transpose8
    }
  unsafe kernel(
    output, source, rows.count, columns.count, rows.outputStride, columns.sourceStride)
}

/// A kernel for a matrix: output, source, the number of rows and of columns, and the distances of rows in the output
/// and of columns in the source.
private typealias TransposeKernel =
  @convention(c) (UnsafeMutableRawPointer?, UnsafeRawPointer?, Int, Int, Int, Int) -> Void

/// As `transpose`, for elements of 16 bytes.
///
/// The tiles walk down the columns: each line of the source is used up while it is in the cache.
private func transposeTiles(
  _ rows: BoxLoop, _ columns: BoxLoop, _ source: UnsafeRawPointer,
  _ output: UnsafeMutableRawPointer
) {
  typealias Item = SIMD2<UInt64>
  let size = MemoryLayout<Item>.size
  let tile = 4
  var column = 0
  while column < columns.count {
    let width = min(tile, columns.count &- column)
    let sourceStrip = unsafe source + column &* columns.sourceStride
    let outputStrip = unsafe output + column &* size
    var row = 0
    while row < rows.count {
      let height = min(tile, rows.count &- row)
      let from = unsafe sourceStrip + row &* size
      let to = unsafe outputStrip + row &* rows.outputStride
      if width == tile && height == tile {
        for i in 0..<tile {
          for j in 0..<tile {
            let item = unsafe from.loadUnaligned(
              fromByteOffset: j &* columns.sourceStride &+ i &* size, as: Item.self)
            unsafe to.storeBytes(
              of: item, toByteOffset: i &* rows.outputStride &+ j &* size, as: Item.self)
          }
        }
      } else {
        for i in 0..<height {
          for j in 0..<width {
            let item = unsafe from.loadUnaligned(
              fromByteOffset: j &* columns.sourceStride &+ i &* size, as: Item.self)
            unsafe to.storeBytes(
              of: item, toByteOffset: i &* rows.outputStride &+ j &* size, as: Item.self)
          }
        }
      }
      row &+= tile
    }
    column &+= tile
  }
}
