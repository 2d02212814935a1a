// What is left of the guard when a program unloads the library that holds it.
//
//   cc -shared -fPIC -o guard.so -I Sources/CFaultGuard/include Sources/CFaultGuard/CFaultGuard.c
//   cc -o guard_unload Tests/Tools/guard_unload.c && ./guard_unload guard.so
//
// Arms the guard of a library, unloads the library, and raises SIGBUS: it must reach the handler that
// the program had before. Prints "passed" and ends with status 0 if it does.
#include <dlfcn.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

static void pass(int signal) {
  (void)signal;
  static const char text[] = "guard_unload: passed\n";
  ssize_t written = write(STDOUT_FILENO, text, sizeof text - 1);
  _exit(written > 0 ? 0 : 1);
}

int main(int count, char **arguments) {
  signal(SIGBUS, pass);
  void *library = count == 2 ? dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL) : NULL;
  bool (*arm)(void) = library ? (bool (*)(void))dlsym(library, "npy_guard_arm") : NULL;
  if (arm == NULL || !arm()) {
    fprintf(stderr, "guard_unload: no guard in %s\n", count == 2 ? arguments[1] : "no library");
    return 1;
  }
  dlclose(library);
  raise(SIGBUS);
  fprintf(stderr, "guard_unload: the signal reached nobody\n");
  return 1;
}
