#ifndef CKERNELS_H
#define CKERNELS_H

/// Asks the processor to fetch the cache line at `address`.
///
/// Swift has no spelling for it. A hint: an address that is not mapped is ignored, never a fault.
static inline void npy_prefetch(const void *address) { __builtin_prefetch(address); }

#endif
