internal import CKernels

// Copies in which one loop is contiguous in the source and another in the output, as from a
// Fortran-order file to a C-order result.

/// Copies a matrix whose columns are contiguous in the source and whose rows in the output.
///
/// Sound where the loops are those of a planned box, so that each element lies within the source and within the
/// output. Loads and stores are unaligned.
///
/// - Parameters:
///   - rows: The loop with a source stride of one element.
///   - columns: The loop with an output stride of one element.
///   - itemSize: The size of an element.
///   - source: The first element's bytes.
///   - output: Where they go.
///   - transform: What is done to the bytes on the way, where they change places.
func transpose(
  rows: BoxLoop, columns: BoxLoop, itemSize: Int, from source: UnsafeRawPointer,
  to output: UnsafeMutableRawPointer, transform: ByteTransform = .none
) {
  unsafe npy_transpose(
    output, source, rows.count, columns.count, rows.outputStride, columns.sourceStride, itemSize,
    transform.swappedByteCount)
}
