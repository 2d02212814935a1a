internal import CFileSystem

/// What matters of the file system that a file lies on.
struct FileSystem: Sendable {
  /// Whether it is one of another machine or of another process, which can take mapped pages away at
  /// any time.
  let isRemote: Bool
  let cutCheck: CutCheck
  /// Whether `cachestat(2)` of a file here tells what is in the page cache: not of tmpfs, which has nothing to
  /// wait for, nor of overlayfs, where the pages are those of another file.
  let tellsCached: Bool
  /// Whether all of its files are in memory.
  let isInMemory: Bool

  /// The corresponding C function is `fstatfs`, whose constants are those of `linux/magic.h`.
  init(descriptor: Int32) {
    var isRemote = false
    var cutCheck = CutCheck.byte
    let type = npy_file_system_type(descriptor)
    switch type {
    case 0xEF53:  // ext2, ext3, ext4
      if npy_is_of_ext4_driver(descriptor) {
        cutCheck = Self.isTestedKernel ? .page : .size
      }
    case 0x0102_1994, 0x9123_683E:  // tmpfs, btrfs
      cutCheck = .size
    case 0x0000_6969,  // NFS
      0xFF53_4D42,  // CIFS
      0xFE53_4D42,  // SMB 2
      0x0000_517B,  // SMB
      0x0102_1997,  // 9P
      0x00C3_6400,  // Ceph
      0x5346_414F, 0x6B41_4653,  // AFS
      0x7461_636F,  // OCFS2
      0x0116_1970,  // GFS2
      0x786F_4256,  // VirtualBox shared folders
      0x6573_5546,  // FUSE
      0x0BD0_0BD0,  // Lustre
      0x4750_4653:  // GPFS
      isRemote = true
    default: break
    }
    isInMemory = type == 0x0102_1994 || type == 0x8584_58F6  // tmpfs, ramfs
    // ext2, ext3, ext4; XFS; btrfs.
    tellsCached = [0xEF53, 0x5846_5342, 0x9123_683E].contains(type)
    self.isRemote = isRemote
    self.cutCheck = cutCheck
  }

  /// Whether the kernel is of the series that ``CutCheck/page`` was tested with.
  private static let isTestedKernel = SystemCall.kernelVersion == (6, 18)
}
