#include "CFileSystem.h"

#include <linux/ioctl.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
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

static int converted(int answer, const struct stat *from, struct npy_file_status *to) {
  if (answer == 0) {
    *to = (struct npy_file_status){
        .byte_count = from->st_size,
        .device = from->st_dev,
        .number = from->st_ino,
        .modified_s = from->st_mtim.tv_sec,
        .modified_ns = from->st_mtim.tv_nsec,
        .changed_s = from->st_ctim.tv_sec,
        .changed_ns = from->st_ctim.tv_nsec,
        .mode = from->st_mode,
    };
  }
  return answer;
}

int npy_get_file_status(int descriptor, struct npy_file_status *status) {
  struct stat found;
  return converted(fstat(descriptor, &found), &found, status);
}

int npy_get_path_status(const char *path, struct npy_file_status *status) {
  struct stat found;
  return converted(stat(path, &found), &found, status);
}
