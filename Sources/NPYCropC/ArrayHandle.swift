internal import NPYCrop

/// An array on the heap: a small crop would notice a copy of it, which counts many references.
final class SharedArray: Sendable {
  let array: NPYArray

  init(_ array: NPYArray) { self.array = array }
}

/// What an `npycrop_array` points to: an array, and a mark by which most pointers to something else are told.
struct ArrayHandle {
  private var mark: UInt64
  private let shared: SharedArray

  private static let mark: UInt64 = 0x5AFE_C209_4E50_5943

  /// Makes a handle, which the caller frees.
  static func make(_ array: NPYArray) -> OpaquePointer {
    let handle = UnsafeMutablePointer<ArrayHandle>.allocate(capacity: 1)
    // Sound: the memory is for one handle.
    unsafe handle.initialize(to: ArrayHandle(mark: mark, shared: SharedArray(array)))
    return OpaquePointer(handle)
  }

  /// Frees a handle; does nothing for NULL, or where the mark is not there.
  static func free(_ pointer: OpaquePointer?) {
    guard let handle = unsafe pointer.map({ unsafe UnsafeMutablePointer<ArrayHandle>($0) }),
      unsafe handle.pointee.mark == mark
    else { return }
    // Before the memory goes to somebody else.
    unsafe handle.pointee.mark = 0
    unsafe handle.deinitialize(count: 1)
    unsafe handle.deallocate()
  }

  /// The array of a handle that was made here and not freed.
  @inline(__always)
  static func array(_ pointer: OpaquePointer?) throws(Refusal) -> SharedArray {
    guard let pointer = unsafe pointer else { throw .argument("the array is NULL") }
    let handle = unsafe UnsafePointer<ArrayHandle>(pointer)
    guard unsafe handle.pointee.mark == mark else {
      throw .argument("the pointer is to no npycrop_array, or to one that was freed")
    }
    return unsafe handle.pointee.shared
  }
}
