#ifndef CFAULTGUARD_H
#define CFAULTGUARD_H

#include <stdbool.h>
#include <stddef.h>

/// A mapping of a file that may lose pages while it is read.
///
/// It holds a flag that is set once and stays: before the pages are replaced, so that whoever reads
/// replaced pages finds it set afterwards.
struct npy_guarded_region;

/// A record of a mapping, to be freed after the mapping is gone; NULL where there is no memory.
struct npy_guarded_region *npy_guard_make(void *start, size_t length);

/// Frees the record of a mapping that no scope has.
void npy_guard_free(struct npy_guarded_region *region);

/// A stretch of a thread's work in which it reads a region; scopes nest.
struct npy_guard_scope {
  struct npy_guard_scope *outer;
  struct npy_guarded_region *region;
};

/// Installs the handler of SIGBUS, once for the process; false where the system refuses.
bool npy_guard_install(void);

/// Whether SIGBUS still comes to the handler: nobody has put another one in its place.
bool npy_guard_is_installed(void);

/// Begins a scope. From here to `npy_guard_leave`, in this thread, a page of the region that is
/// gone reads as zeros instead of raising SIGBUS, and the region is poisoned.
void npy_guard_enter(struct npy_guard_scope *scope, struct npy_guarded_region *region);

/// Reads a byte of a region in whose scope the thread is, after all that it has read before: a page
/// that is gone poisons the region.
void npy_guard_touch(const void *address);

/// Ends the scope that was begun last; true where the region is poisoned, by whichever thread.
bool npy_guard_leave(struct npy_guard_scope *scope);

/// Whether the region is poisoned: its pages no longer hold what the file does.
bool npy_guard_is_poisoned(const struct npy_guarded_region *region);

/// Whether a file lies on a file system of another machine, or of another process, which can take
/// pages away at any time.
bool npy_is_remote(int descriptor);

#endif
