#include "CFileSystem.h"

#include <linux/ioctl.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>

uint32_t npy_file_system_type(int descriptor) {
  struct statfs status;
  return fstatfs(descriptor, &status) == 0 ? (uint32_t)status.f_type : 0;
}

// EXT4_IOC_GETSTATE, which no header of the C library has: Documentation/filesystems/ext4 of Linux.
#define STATE_OF_EXT4 _IOW('f', 41, uint32_t)

bool npy_is_of_ext4_driver(int descriptor) {
  uint32_t state;
  return ioctl(descriptor, STATE_OF_EXT4, &state) == 0;
}
