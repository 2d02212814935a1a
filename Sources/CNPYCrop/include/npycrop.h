// npycrop.h: windows out of .npy files, from C and from every language that can call C.
//
//   npycrop_error error;
//   npycrop_array *scan;
//   if (npycrop_open("scan.npy", NULL, &scan, &error) != NPYCROP_OK) { puts(error.message); return 1; }
//   npycrop_axis region[] = {npycrop_range(100, 64), npycrop_range(200, 64)};
//   float window[64][64];
//   if (npycrop_crop(scan, region, 2, window, sizeof window, NULL, &error) != NPYCROP_OK) puts(error.message);
//   npycrop_free(scan);
//
// Each function returns NPYCROP_OK or an enum npycrop_code, and then has filled the error, if it is not NULL.
// Nothing is read at opening but the header. NULL where a pointer is needed is an error, as is whatever a file
// holds. An array may be used by any number of threads at once. After fork(2) it may be used by both processes.
//
// An array can be taken for another one: npycrop_field and the functions after it. Each gives an array of its own
// over the same file, reads nothing, and may be applied to what another one gave.

#ifndef NPYCROP_H
#define NPYCROP_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// MARK: - Numbers and records

enum {
  // What npycrop_interface() returns for this header.
  NPYCROP_INTERFACE = 1,
  // NumPy has no more axes.
  NPYCROP_MOST_AXES = 64,
};

// What went wrong.
enum npycrop_code {
  NPYCROP_OK = 0,
  // An argument that is NULL, negative or no constant of this header, or an array that was freed.
  NPYCROP_BAD_ARGUMENT = 1,
  // The operating system refused: see npycrop_error.system.
  NPYCROP_SYSTEM_ERROR = 2,
  // A directory, a pipe or the like.
  NPYCROP_NOT_A_FILE = 3,
  // No .npy file, a damaged one, or one of Python objects.
  NPYCROP_BAD_HEADER = 4,
  // The file became shorter than the array, or was changed in another way that matters.
  NPYCROP_FILE_CHANGED = 5,
  // The file was closed with npycrop_close.
  NPYCROP_CLOSED = 6,
  // An index or a slice outside the array.
  NPYCROP_OUT_OF_RANGE = 7,
  // A region that fits no array like this one.
  NPYCROP_BAD_REGION = 8,
  // A type that the elements cannot be taken for or converted to.
  NPYCROP_BAD_TYPE = 9,
  // No field of this name.
  NPYCROP_NO_FIELD = 10,
  // A value to pad with that is none of the result's type.
  NPYCROP_BAD_FILL = 11,
  // The memory does not have the size of the result.
  NPYCROP_BAD_SIZE = 12,
  NPYCROP_NO_MEMORY = 13,
  // npycrop_work.is_cancelled said so.
  NPYCROP_CANCELLED = 14,
  // SIGBUS cannot be guarded, so NPYCROP_MAPPED is not possible.
  NPYCROP_UNGUARDED = 15,
  // None of these.
  NPYCROP_OTHER_ERROR = 16,
};

typedef struct npycrop_error {
  // An enum npycrop_code.
  int32_t code;
  // The errno of NPYCROP_SYSTEM_ERROR, else 0.
  int32_t system;
  // What was found, what was expected and what to do, in UTF-8, with a NUL at the end.
  char message[1016];
} npycrop_error;

typedef struct npycrop_array npycrop_array;

enum npycrop_access { NPYCROP_AUTOMATIC = 0, NPYCROP_MAPPED = 1, NPYCROP_POSITIONED_READS = 2 };
enum npycrop_advice {
  NPYCROP_NORMAL = 0,
  NPYCROP_RANDOM = 1,
  NPYCROP_SEQUENTIAL = 2,
  NPYCROP_WILL_NEED = 3,
};
// What is checked after each crop: the size of the file, its times too, or nothing.
enum npycrop_check { NPYCROP_CHECK_SIZE = 0, NPYCROP_CHECK_TIMES = 1, NPYCROP_CHECK_NOTHING = 2 };
enum npycrop_order { NPYCROP_C = 0, NPYCROP_FORTRAN = 1 };

// How a file is opened. All zeros are the defaults.
typedef struct npycrop_options {
  // The byte at which the header begins, or the data of a file without one.
  int64_t offset;
  // The most characters that the header may have; 10 000, as in NumPy, if 0.
  int64_t header_limit;
  int32_t access;
  int32_t advice;
  int32_t check;
  // Of a file without a header: as the description of what is there. Else NULL and zeros.
  int32_t order;
  // A type string such as "<f4", or a list of fields as in a header.
  const char *type;
  const int64_t *shape;
  int32_t rank;
  int32_t reserved;
} npycrop_options;

// What is known of an array.
typedef struct npycrop_description {
  // The bytes of one element, and how many elements there are.
  int64_t item_size;
  int64_t count;
  // Of the whole array in the file: where its header and its data begin, and the bytes after the data.
  int64_t header_offset;
  int64_t data_offset;
  int64_t trailing_bytes;
  // The size of the file when it was opened.
  int64_t file_size;
  // 1, 2 or 3; 0 without a header.
  int32_t version;
  // An enum npycrop_order: that of the file.
  int32_t order;
  // An enum npycrop_order: that of results.
  int32_t result_order;
  int32_t rank;
  int64_t shape[NPYCROP_MOST_AXES];
  // The bytes from one index of an axis to the next, of the elements in the file.
  int64_t strides[NPYCROP_MOST_AXES];
} npycrop_description;

enum npycrop_axis_kind {
  // `count` elements from `start` on, each `step` after the one before.
  NPYCROP_SLICE = 0,
  // The element at `start`; the result does not have the axis.
  NPYCROP_INDEX = 1,
  // The elements at `count` indices. Lists along several axes select their product.
  NPYCROP_LIST = 2,
  // An axis of length 1 that the array does not have.
  NPYCROP_NEW_AXIS = 3,
  // The elements at `count` indices, paired up with those of the other axes of this kind: as many in each. The result
  // has one axis for all of them: where the first stands, or in front if a slice or a new axis stands between two.
  NPYCROP_PAIRED = 4,
};

// What is taken along an axis. Axes that a region does not mention are taken whole. Negative indices are before the
// first element: there is something only with padding.
typedef struct npycrop_axis {
  // An enum npycrop_axis_kind.
  int32_t kind;
  int32_t reserved;
  int64_t start;
  int64_t count;
  int64_t step;
  const int64_t *indices;
} npycrop_axis;

static inline npycrop_axis npycrop_range(int64_t start, int64_t count) {
  npycrop_axis axis = {NPYCROP_SLICE, 0, start, count, 1, NULL};
  return axis;
}

static inline npycrop_axis npycrop_index(int64_t index) {
  npycrop_axis axis = {NPYCROP_INDEX, 0, index, 1, 1, NULL};
  return axis;
}

enum npycrop_mode {
  NPYCROP_NO_PADDING = 0,
  NPYCROP_CONSTANT = 1,
  NPYCROP_EDGE = 2,
  NPYCROP_REFLECT = 3,
  NPYCROP_SYMMETRIC = 4,
  NPYCROP_WRAP = 5,
};

enum npycrop_fill {
  NPYCROP_FILL_ZERO = 0,
  NPYCROP_FILL_INTEGER = 1,
  NPYCROP_FILL_REAL = 2,
  NPYCROP_FILL_COMPLEX = 3,
  // The bytes of one element of the result.
  NPYCROP_FILL_BYTES = 4,
};

// What is outside along an axis: NumPy's modes of `numpy.pad`.
typedef struct npycrop_padding {
  // An enum npycrop_mode.
  int32_t mode;
  // An enum npycrop_fill: what NPYCROP_CONSTANT has.
  int32_t fill;
  int64_t integer;
  double real;
  double imaginary;
  const void *bytes;
  int64_t byte_count;
} npycrop_padding;

enum npycrop_casting { NPYCROP_SAFE = 0, NPYCROP_SAME_KIND = 1, NPYCROP_UNSAFE = 2 };

// How a crop is made. NULL for one thread that nothing stops.
typedef struct npycrop_work {
  // How many threads copy, the calling one among them: they are made and joined within the call. As many as pay if 0.
  int32_t threads;
  int32_t reserved;
  // Asked in the calling thread between the parts of a large crop: whether to stop. May be NULL.
  int32_t (*is_cancelled)(void *context);
  void *context;
} npycrop_work;

// What a crop would cost, as far as can be told before it.
typedef struct npycrop_costs {
  int64_t byte_count;
  // The contiguous runs that are copied.
  int64_t run_count;
  // The pages of the file that are touched, and their size.
  int64_t page_count;
  int64_t page_size;
  // Those of them that are in the page cache; -1 where the kernel does not tell.
  int64_t cached_page_count;
  // The ranges of the file, those of neighbouring pages counted as one, and the bytes from the first to the last.
  int64_t range_count;
  int64_t first_byte;
  int64_t end_byte;
  // An enum npycrop_access: by a mapping, or by positioned reads.
  int32_t access;
  int32_t reserved;
} npycrop_costs;

// MARK: - Opening and closing

// NPYCROP_INTERFACE of the library.
int32_t npycrop_interface(void);

// Opens a file: `array` is freed with npycrop_free. `options` may be NULL.
int32_t npycrop_open(
    const char *path, const npycrop_options *options, npycrop_array **array, npycrop_error *error);

// Closes the file for all arrays over it, at once or with the last crop that is under way. Later crops fail with
// NPYCROP_CLOSED. Without it, the file is closed with the last array over it.
int32_t npycrop_close(const npycrop_array *array, npycrop_error *error);

// Frees an array, and not those that were made from it. No call may be under way that uses it. NULL does nothing.
void npycrop_free(npycrop_array *array);

// MARK: - What an array is

int32_t npycrop_describe(
    const npycrop_array *array, npycrop_description *description, npycrop_error *error);

// The type of one element as it stands in a header, "'<f4'" or a list of fields, with a NUL at the end.
//
// `size` becomes the bytes that it needs. NPYCROP_BAD_SIZE if `capacity` is less; `text` may be NULL if it is 0.
int32_t npycrop_type(
    const npycrop_array *array, char *text, int64_t capacity, int64_t *size, npycrop_error *error);

// Whether the path still leads to this file, unchanged since it was opened: 1 or 0.
int32_t npycrop_is_current(const npycrop_array *array, int32_t *is_current, npycrop_error *error);

// Tells the kernel how the pages of the file are going to be used: an enum npycrop_advice.
int32_t npycrop_advise(const npycrop_array *array, int32_t advice, npycrop_error *error);

// MARK: - What an array is taken for

// One field of all records, by its name or a path of names with dots between them.
int32_t npycrop_field(
    const npycrop_array *array, const char *name, npycrop_array **field, npycrop_error *error);

// The elements that a region without lists takes.
int32_t npycrop_slice(
    const npycrop_array *array, const npycrop_axis *axes, int32_t axis_count, npycrop_array **slice,
    npycrop_error *error);

// The same bytes as elements of another type of the same size.
int32_t npycrop_view(
    const npycrop_array *array, const char *type, npycrop_array **view, npycrop_error *error);

// The elements converted to another type, then multiplied by `scale`, and `shift` added: an enum npycrop_casting.
int32_t npycrop_convert(
    const npycrop_array *array, const char *type, int32_t casting, double scale, double shift,
    npycrop_array **converted, npycrop_error *error);

// The array with padding outside: `count` is 1 for all axes alike, else the number of axes.
int32_t npycrop_pad(
    const npycrop_array *array, const npycrop_padding *padding, int32_t count, npycrop_array **padded,
    npycrop_error *error);

// The array with results in an order: an enum npycrop_order.
int32_t npycrop_reorder(
    const npycrop_array *array, int32_t order, npycrop_array **ordered, npycrop_error *error);

// MARK: - Crops

// The shape that a region gives, and the bytes. `shape` has room for NPYCROP_MOST_AXES; each may be NULL.
int32_t npycrop_shape(
    const npycrop_array *array, const npycrop_axis *axes, int32_t axis_count, int64_t *shape, int32_t *rank,
    int64_t *byte_count, npycrop_error *error);

// Copies a region to `memory`, which has exactly the bytes of the result.
int32_t npycrop_crop(
    const npycrop_array *array, const npycrop_axis *axes, int32_t axis_count, void *memory,
    int64_t byte_count, const npycrop_work *work, npycrop_error *error);

// Copies windows of one size, one after the other.
//
// `origins` has `rank` numbers for each of the `count` windows, and `size` has `rank`. Axes after the first `rank` are
// taken whole.
int32_t npycrop_crop_windows(
    const npycrop_array *array, const int64_t *origins, int64_t count, const int64_t *size, int32_t rank,
    void *memory, int64_t byte_count, const npycrop_work *work, npycrop_error *error);

// Tells what the crop of a region would cost now, and reads nothing of the file.
int32_t npycrop_cost(
    const npycrop_array *array, const npycrop_axis *axes, int32_t axis_count, npycrop_costs *costs,
    npycrop_error *error);

#ifdef __cplusplus
}
#endif

#endif
