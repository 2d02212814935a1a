// The C interface from C: every function, arguments that are wrong, threads, fork. Prints what is not as it should be.
//
//   check FILE RECORDS: int32 of shape (6, 8) with the numbers from 0 on, and records with a field `x` of float64.

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "npycrop.h"

static int faults = 0;

#define EXPECT(condition) \
  do { \
    if (!(condition)) { \
      faults++; \
      printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
    } \
  } while (0)

// The code is returned and in the record, which has words; without a record the code is the same.
#define EXPECT_FAULT(number, call_with_error, call_without) \
  do { \
    memset(&error, 0xFF, sizeof error); \
    EXPECT((call_with_error) == (number)); \
    EXPECT(error.code == (number)); \
    EXPECT(memchr(error.message, 0, sizeof error.message) != NULL && error.message[0] != 0); \
    EXPECT((call_without) == (number)); \
  } while (0)

static npycrop_error error;

static int32_t stop(void *context) {
  ++*(int *)context;
  return 1;
}

static void *crop_often(void *array) {
  for (int round = 0; round < 2000; round++) {
    int32_t row[8];
    npycrop_axis region[] = {npycrop_index(round % 6)};
    if (npycrop_crop(array, region, 1, row, sizeof row, NULL, NULL) != NPYCROP_OK) return array;
    if (row[7] != round % 6 * 8 + 7) return array;
  }
  return NULL;
}

static void check_crops(npycrop_array *file) {
  npycrop_description description;
  EXPECT(npycrop_describe(file, &description, &error) == NPYCROP_OK);
  EXPECT(description.rank == 2 && description.shape[0] == 6 && description.shape[1] == 8);
  EXPECT(description.strides[0] == 32 && description.strides[1] == 4);
  EXPECT(description.item_size == 4 && description.count == 48 && description.data_offset == 128);
  EXPECT(description.version == 1 && description.order == NPYCROP_C);

  char type[16];
  int64_t size = 0;
  EXPECT_FAULT(NPYCROP_BAD_SIZE, npycrop_type(file, NULL, 0, &size, &error), npycrop_type(file, NULL, 0, NULL, NULL));
  EXPECT(size == 6);
  EXPECT(npycrop_type(file, type, size, &size, &error) == NPYCROP_OK && strcmp(type, "'<i4'") == 0);

  int32_t is_current = 0;
  EXPECT(npycrop_is_current(file, &is_current, &error) == NPYCROP_OK && is_current == 1);
  EXPECT(npycrop_advise(file, NPYCROP_RANDOM, &error) == NPYCROP_OK);

  int64_t places[] = {5, 0, 5};
  npycrop_axis region[] = {
      {.kind = NPYCROP_LIST, .count = 3, .indices = places},
      {.kind = NPYCROP_NEW_AXIS},
      {.kind = NPYCROP_SLICE, .start = 7, .count = 4, .step = -2},
  };
  int64_t shape[NPYCROP_MOST_AXES], byte_count;
  int32_t rank;
  EXPECT(npycrop_shape(file, region, 3, shape, &rank, &byte_count, &error) == NPYCROP_OK);
  EXPECT(rank == 3 && shape[0] == 3 && shape[1] == 1 && shape[2] == 4 && byte_count == 48);
  int32_t numbers[3][4];
  EXPECT(npycrop_crop(file, region, 3, numbers, sizeof numbers, NULL, &error) == NPYCROP_OK);
  EXPECT(numbers[0][0] == 47 && numbers[0][3] == 41 && numbers[1][1] == 5 && numbers[2][2] == 43);

  npycrop_axis pairs[] = {
      {.kind = NPYCROP_PAIRED, .count = 3, .indices = places},
      {.kind = NPYCROP_PAIRED, .count = 3, .indices = places},
  };
  int32_t points[3];
  EXPECT(npycrop_crop(file, pairs, 2, points, sizeof points, NULL, &error) == NPYCROP_OK);
  EXPECT(points[0] == 45 && points[1] == 0 && points[2] == 45);

  npycrop_work work = {.threads = 2};
  memset(numbers, 0, sizeof numbers);
  EXPECT(npycrop_crop(file, region, 3, numbers, sizeof numbers, &work, &error) == NPYCROP_OK);
  EXPECT(numbers[0][0] == 47 && numbers[2][2] == 43);

  int64_t origins[] = {0, 0, 4, 6, 2, 1}, window[] = {2, 2};
  int32_t windows[3][2][2];
  for (work.threads = 0; work.threads < 4; work.threads++) {
    memset(windows, 0, sizeof windows);
    EXPECT(npycrop_crop_windows(file, origins, 3, window, 2, windows, sizeof windows, &work, &error) == NPYCROP_OK);
    EXPECT(windows[0][1][1] == 9 && windows[1][0][0] == 38 && windows[1][1][1] == 47 && windows[2][0][1] == 18);
  }
  EXPECT(npycrop_crop_windows(file, NULL, 0, window, 2, NULL, 0, NULL, &error) == NPYCROP_OK);

  int asked = 0;
  work = (npycrop_work){.threads = 1, .is_cancelled = stop, .context = &asked};
  EXPECT_FAULT(
      NPYCROP_CANCELLED,
      npycrop_crop_windows(file, origins, 3, window, 2, windows, sizeof windows, &work, &error),
      npycrop_crop(file, region, 3, numbers, sizeof numbers, &work, NULL));
  EXPECT(asked == 2);

  npycrop_costs costs;
  EXPECT(npycrop_cost(file, region, 3, &costs, &error) == NPYCROP_OK);
  EXPECT(costs.byte_count == 48 && costs.page_count == 1 && costs.range_count == 1);

  // The end of an axis backwards, and nothing at all.
  npycrop_axis backwards[] = {npycrop_index(0), {.kind = NPYCROP_SLICE, .start = 2, .count = 3, .step = -1}};
  int32_t three[3];
  EXPECT(npycrop_crop(file, backwards, 2, three, sizeof three, NULL, &error) == NPYCROP_OK);
  EXPECT(three[0] == 2 && three[2] == 0);
  npycrop_axis nothing[] = {{.kind = NPYCROP_SLICE, .start = 99, .count = 0, .step = 0}};
  EXPECT(npycrop_crop(file, nothing, 1, NULL, 0, NULL, &error) == NPYCROP_OK);
}

static void check_views(npycrop_array *file, npycrop_array *records) {
  npycrop_array *array, *other;
  npycrop_axis third[] = {npycrop_index(2)};
  double number = 0;
  EXPECT(npycrop_field(records, "x", &array, &error) == NPYCROP_OK);
  EXPECT(npycrop_crop(array, third, 1, &number, sizeof number, NULL, &error) == NPYCROP_OK && number == 2.5);
  npycrop_free(array);
  EXPECT_FAULT(NPYCROP_NO_FIELD, npycrop_field(records, "z", &array, &error), npycrop_field(file, "x", &array, NULL));
  EXPECT(array == NULL);

  npycrop_axis every[] = {{.kind = NPYCROP_SLICE, .start = 0, .count = 3, .step = 2}, npycrop_index(1)};
  EXPECT(npycrop_slice(file, every, 2, &array, &error) == NPYCROP_OK);
  EXPECT(npycrop_convert(array, "float64", NPYCROP_SAFE, 0.5, 1, &other, &error) == NPYCROP_OK);
  npycrop_free(array);
  EXPECT(npycrop_crop(other, third, 1, &number, sizeof number, NULL, &error) == NPYCROP_OK && number == 17.5);
  npycrop_free(other);
  EXPECT_FAULT(
      NPYCROP_BAD_TYPE, npycrop_convert(file, "int8", NPYCROP_SAFE, 1, 0, &array, &error),
      npycrop_view(file, "int8", &array, NULL));
  EXPECT_FAULT(
      NPYCROP_BAD_ARGUMENT, npycrop_convert(file, "no type", NPYCROP_SAFE, 1, 0, &array, &error),
      npycrop_convert(file, "float32", 9, 1, 0, &array, NULL));

  npycrop_padding padding = {.mode = NPYCROP_CONSTANT, .fill = NPYCROP_FILL_INTEGER, .integer = -3};
  npycrop_axis outside[] = {npycrop_range(-1, 2), npycrop_index(0)};
  int32_t two[2];
  EXPECT(npycrop_pad(file, &padding, 1, &array, &error) == NPYCROP_OK);
  EXPECT(npycrop_crop(array, outside, 2, two, sizeof two, NULL, &error) == NPYCROP_OK);
  EXPECT(two[0] == -3 && two[1] == 0);
  npycrop_free(array);
  padding = (npycrop_padding){.mode = NPYCROP_CONSTANT, .fill = NPYCROP_FILL_REAL, .real = 0.5};
  EXPECT(npycrop_pad(file, &padding, 1, &array, &error) == NPYCROP_OK);
  EXPECT_FAULT(
      NPYCROP_BAD_FILL, npycrop_crop(array, outside, 2, two, sizeof two, NULL, &error),
      npycrop_crop(array, outside, 2, two, sizeof two, NULL, NULL));
  npycrop_free(array);

  EXPECT(npycrop_reorder(file, NPYCROP_FORTRAN, &array, &error) == NPYCROP_OK);
  int32_t all[8][6];
  EXPECT(npycrop_crop(array, NULL, 0, all, sizeof all, NULL, &error) == NPYCROP_OK && all[1][2] == 17);
  npycrop_free(array);
  EXPECT(npycrop_view(file, "'>f4'", &array, &error) == NPYCROP_OK);
  npycrop_free(array);
}

static void check_refusals(npycrop_array *file, const char *path) {
  npycrop_array *array;
  int32_t numbers[8];
  npycrop_axis row[] = {npycrop_index(0)};
  EXPECT_FAULT(NPYCROP_BAD_ARGUMENT, npycrop_open(NULL, NULL, &array, &error), npycrop_open(path, NULL, NULL, NULL));
  EXPECT_FAULT(NPYCROP_SYSTEM_ERROR, npycrop_open("/no/such", NULL, &array, &error), npycrop_open("", NULL, &array, NULL));
  EXPECT(error.system == 2 && array == NULL);
  EXPECT_FAULT(NPYCROP_NOT_A_FILE, npycrop_open("/", NULL, &array, &error), npycrop_open("/", NULL, &array, NULL));
  EXPECT_FAULT(NPYCROP_BAD_HEADER, npycrop_open("/proc/self/exe", NULL, &array, &error), npycrop_open("/bin/sh", NULL, &array, NULL));
  npycrop_options options = {.access = 7};
  EXPECT_FAULT(NPYCROP_BAD_ARGUMENT, npycrop_open(path, &options, &array, &error), npycrop_open(path, &options, &array, NULL));

  int64_t shape[] = {3, 2}, negative[] = {3, -2};
  options = (npycrop_options){.type = "<u2", .offset = 128, .shape = shape, .rank = 2, .order = NPYCROP_FORTRAN};
  uint16_t halves[3][2];
  EXPECT(npycrop_open(path, &options, &array, &error) == NPYCROP_OK);
  EXPECT(npycrop_crop(array, NULL, 0, halves, sizeof halves, NULL, &error) == NPYCROP_OK && halves[2][0] == 1);
  npycrop_free(array);
  options.shape = negative;
  EXPECT_FAULT(NPYCROP_BAD_HEADER, npycrop_open(path, &options, &array, &error), npycrop_open(path, &options, &array, NULL));

  EXPECT_FAULT(
      NPYCROP_BAD_ARGUMENT, npycrop_crop(NULL, row, 1, numbers, sizeof numbers, NULL, &error),
      npycrop_describe(NULL, NULL, NULL));
  EXPECT_FAULT(
      NPYCROP_BAD_ARGUMENT, npycrop_crop((npycrop_array *)shape, row, 1, numbers, sizeof numbers, NULL, &error),
      npycrop_close((npycrop_array *)shape, NULL));
  npycrop_free((npycrop_array *)shape);
  EXPECT_FAULT(
      NPYCROP_BAD_ARGUMENT, npycrop_crop(file, NULL, 1, numbers, sizeof numbers, NULL, &error),
      npycrop_crop(file, row, 1, NULL, sizeof numbers, NULL, NULL));
  EXPECT_FAULT(
      NPYCROP_BAD_ARGUMENT, npycrop_crop(file, row, -1, numbers, sizeof numbers, NULL, &error),
      npycrop_crop(file, row, 1, numbers, -1, NULL, NULL));
  EXPECT_FAULT(
      NPYCROP_BAD_SIZE, npycrop_crop(file, row, 1, numbers, sizeof numbers - 1, NULL, &error),
      npycrop_crop_windows(file, shape, 1, shape, 1, numbers, 0, NULL, NULL));
  EXPECT_FAULT(
      NPYCROP_BAD_ARGUMENT, npycrop_describe(file, NULL, &error), npycrop_is_current(file, NULL, NULL));
  EXPECT_FAULT(NPYCROP_BAD_ARGUMENT, npycrop_cost(file, row, 1, NULL, &error), npycrop_advise(file, 77, NULL));
  EXPECT_FAULT(NPYCROP_BAD_ARGUMENT, npycrop_field(file, NULL, &array, &error), npycrop_field(file, "x", NULL, NULL));
  EXPECT_FAULT(NPYCROP_BAD_ARGUMENT, npycrop_pad(file, NULL, 1, &array, &error), npycrop_pad(file, NULL, 0, &array, NULL));
  EXPECT_FAULT(
      NPYCROP_BAD_ARGUMENT, npycrop_crop_windows(file, NULL, 1, shape, 2, numbers, 4, NULL, &error),
      npycrop_crop_windows(file, shape, INT64_MAX, shape, 2, numbers, 4, NULL, NULL));

  npycrop_axis wrong[] = {
      {.kind = 9}, {.kind = NPYCROP_SLICE, .count = -1}, {.kind = NPYCROP_LIST, .count = 2},
      {.kind = NPYCROP_SLICE, .start = INT64_MAX, .count = 2, .step = 1},
      {.kind = NPYCROP_SLICE, .start = 0, .count = INT64_MAX, .step = INT64_MIN},
      {.kind = NPYCROP_SLICE, .start = INT64_MIN, .count = 1, .step = -1},
  };
  for (int number = 0; number < 6; number++) {
    int32_t code = npycrop_crop(file, wrong + number, 1, numbers, sizeof numbers, NULL, NULL);
    EXPECT(code == NPYCROP_BAD_ARGUMENT || (number == 5 && code == NPYCROP_OUT_OF_RANGE));
  }
  npycrop_axis outside[] = {npycrop_index(6)};
  EXPECT_FAULT(
      NPYCROP_OUT_OF_RANGE, npycrop_crop(file, outside, 1, numbers, sizeof numbers, NULL, &error),
      npycrop_crop_windows(file, (int64_t[]){5}, 1, (int64_t[]){2}, 1, numbers, 64, NULL, NULL));
  npycrop_axis three[] = {npycrop_index(0), npycrop_index(0), npycrop_index(0)};
  EXPECT_FAULT(
      NPYCROP_BAD_REGION, npycrop_crop(file, three, 3, numbers, 4, NULL, &error),
      npycrop_shape(file, three, 3, NULL, NULL, NULL, NULL));
}

int main(int count, char **arguments) {
  if (count != 3) return 64;
  npycrop_array *file, *records;
  EXPECT(npycrop_interface() == NPYCROP_INTERFACE);
  if (npycrop_open(arguments[1], NULL, &file, &error) != NPYCROP_OK ||
      npycrop_open(arguments[2], NULL, &records, &error) != NPYCROP_OK) {
    printf("%s\n", error.message);
    return 1;
  }
  check_crops(file);
  check_views(file, records);
  check_refusals(file, arguments[1]);

  pthread_t threads[8];
  for (int number = 0; number < 8; number++) pthread_create(&threads[number], NULL, crop_often, file);
  for (int number = 0; number < 8; number++) {
    void *answer;
    pthread_join(threads[number], &answer);
    EXPECT(answer == NULL);
  }

  // A child has what its parent has, threads of its own crops too.
  pid_t child = fork();
  if (child == 0) {
    check_crops(file);
    _exit(crop_often(file) == NULL ? faults : 255);
  }
  int status = -1;
  EXPECT(waitpid(child, &status, 0) == child && status == 0);

  int32_t row[8];
  EXPECT(npycrop_close(file, &error) == NPYCROP_OK && npycrop_close(file, NULL) == NPYCROP_OK);
  EXPECT_FAULT(
      NPYCROP_CLOSED, npycrop_crop(file, (npycrop_axis[]){npycrop_index(0)}, 1, row, sizeof row, NULL, &error),
      npycrop_advise(file, NPYCROP_NORMAL, NULL));
  npycrop_free(file);
  npycrop_free(records);
  npycrop_free(NULL);
  return faults == 0 ? 0 : 1;
}
