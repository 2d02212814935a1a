#ifndef CFILESYSTEM_H
#define CFILESYSTEM_H

#include <stdbool.h>
#include <stdint.h>

/// The type of the file system that an open file lies on: `f_type` of `fstatfs(2)`; 0 if it cannot
/// be asked.
uint32_t npy_file_system_type(int descriptor);

/// Whether the kernel's driver for ext4 serves an open file. The drivers for ext2 and ext3 give the
/// same type of file system, and cut files in another order.
bool npy_is_of_ext4_driver(int descriptor);

#endif
