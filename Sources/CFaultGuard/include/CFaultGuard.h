#ifndef CFAULTGUARD_H
#define CFAULTGUARD_H

// The rule of SIGBUS: a mapped file is read only within a scope, in the thread that has begun it, and only
// after `npy_guard_arm` said that the signal comes here. A page that was lost is then a flag, and not the end
// of the process. In Swift: `FileMapping.lend` and `takeBack`; which check follows a copy is `CutCheck`.

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

/// The part of a thread's work in which it reads a region; scopes nest.
struct npy_guard_scope {
  struct npy_guard_scope *outer;
  struct npy_guarded_region *region;
};

/// Makes sure that SIGBUS comes to the guard: installs its handler, again if another one has been
/// put in its place since. False where the system refuses, or after so many other handlers that the
/// guard gives up; regions must not be read then.
///
/// What is not the guard's own goes on to the handler that was found. Safe in any thread, and in a
/// child of `fork`.
bool npy_guard_arm(void);

/// Whether SIGBUS comes to the guard now.
bool npy_guard_is_armed(void);

/// Begins a scope. From here to `npy_guard_leave`, in this thread, a page of the region that is
/// gone reads as zeros instead of raising SIGBUS, and the region is poisoned.
void npy_guard_enter(struct npy_guard_scope *scope, struct npy_guarded_region *region);

/// Reads a byte of a region in whose scope the thread is, after all that it has read before: a page
/// that is gone poisons the region.
void npy_guard_touch(const void *address);

/// Ends the scope that was begun last; true where the region is poisoned, by whichever thread. A region
/// is poisoned, too, if SIGBUS may have gone to another handler meanwhile.
bool npy_guard_leave(struct npy_guard_scope *scope);

/// Whether the region is poisoned: its pages no longer hold what the file does.
bool npy_guard_is_poisoned(const struct npy_guarded_region *region);

#endif
