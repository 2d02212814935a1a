#include "CArguments.h"

#include <stddef.h>

static int count;
static char **words;

// glibc hands each constructor what it hands to main.
__attribute__((constructor)) static void keep_arguments(int argc, char **argv) {
  count = argc;
  words = argv;
}

int npycrop_argument_count(void) { return count; }

const char *npycrop_argument(int index) {
  return index >= 0 && index < count ? words[index] : NULL;
}
