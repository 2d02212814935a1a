import Glibc
import Testing

@testable import NPYCrop

/// For each page of a file whether it is in memory: asked of the kernel.
func residentPages(of path: String, byteCount: Int) throws -> [Bool] {
  let pageSize = SystemCall.pageSize
  let descriptor = unsafe open(path, O_RDONLY)
  try #require(descriptor >= 0)
  defer { close(descriptor) }
  let address = unsafe mmap(nil, byteCount, PROT_READ, MAP_SHARED, descriptor, 0)
  let start = unsafe try #require(address)
  defer { unsafe _ = munmap(start, byteCount) }
  var flags = [UInt8](repeating: 0, count: (byteCount + pageSize - 1) / pageSize)
  let status = unsafe flags.withUnsafeMutableBufferPointer { flags in
    unsafe mincore(start, byteCount, flags.baseAddress)
  }
  try #require(status == 0)
  return flags.map { $0 & 1 != 0 }
}
