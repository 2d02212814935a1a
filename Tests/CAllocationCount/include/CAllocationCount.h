#ifndef CALLOCATIONCOUNT_H
#define CALLOCATIONCOUNT_H

#include <stdbool.h>

/// The blocks that this thread has allocated since it began.
unsigned long allocation_count(void);

/// Whether allocations are counted in this build: not under a sanitizer, which has its own malloc.
bool allocations_are_counted(void);

/// The bytes of the heap that are in use, by all threads; 0 under a sanitizer.
unsigned long heap_bytes_in_use(void);

#endif
