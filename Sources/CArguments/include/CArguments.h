#ifndef CARGUMENTS_H
#define CARGUMENTS_H

/// How many words the program was started with, its own name included.
int npycrop_argument_count(void);

/// A word that the program was started with; NULL where there is none.
///
/// Swift's own list repairs what is not UTF-8, and is empty where /proc is not mounted.
const char *npycrop_argument(int index);

#endif
