// Prints a window of a .npy file of two axes: an example of npycrop.h.
//
//   cc -I Sources/CNPYCrop/include Tests/CInterface/crop.c -L FOLDER -lnpycrop -o crop
//   ./crop scan.npy 10 20

#include <stdio.h>
#include <stdlib.h>

#include "npycrop.h"

int main(int count, char **arguments) {
  if (count != 4) {
    fprintf(stderr, "usage: crop FILE ROW COLUMN\n");
    return 64;
  }
  npycrop_error error;
  npycrop_array *file, *numbers;
  if (npycrop_open(arguments[1], NULL, &file, &error) != NPYCROP_OK) goto fault;

  // Whatever numbers the file has, they come as float, and the window may reach outside the array.
  npycrop_array *converted;
  if (npycrop_convert(file, "float32", NPYCROP_UNSAFE, 1, 0, &converted, &error) != NPYCROP_OK) goto fault;
  npycrop_padding edge = {.mode = NPYCROP_EDGE};
  if (npycrop_pad(converted, &edge, 1, &numbers, &error) != NPYCROP_OK) goto fault;
  npycrop_free(converted);
  npycrop_free(file);

  float window[2][4];
  npycrop_axis region[] = {npycrop_range(atoll(arguments[2]), 2), npycrop_range(atoll(arguments[3]), 4)};
  if (npycrop_crop(numbers, region, 2, window, sizeof window, NULL, &error) != NPYCROP_OK) goto fault;
  for (int row = 0; row < 2; row++) {
    for (int column = 0; column < 4; column++) printf(column < 3 ? "%g " : "%g\n", window[row][column]);
  }
  npycrop_free(numbers);
  return 0;

fault:
  fprintf(stderr, "crop: %s\n", error.message);
  return 1;
}
