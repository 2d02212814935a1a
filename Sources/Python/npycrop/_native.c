// The calls that are made often, without ctypes: `array[key]` for NumPy's basic indexing, and many windows.
//
// Everything else is in Python. What is not basic indexing, and every error, goes to the method `_other`.

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030b0000
#include <Python.h>
#include <time.h>

#define NPY_NO_DEPRECATED_API NPY_2_0_API_VERSION
#define NPY_TARGET_VERSION NPY_2_0_API_VERSION
#include <numpy/arrayobject.h>

#include "npycrop.h"

// Copies of more bytes than this let other threads of Python run.
enum { bytes_with_lock = 16 << 10 };
// Copies of more bytes than this are asked between their parts whether the user wants to stop.
enum { bytes_without_question = 64 << 20, milliseconds_between_questions = 50 };

// How numbers in a key are taken: not at all here, as by NumPy, or as places that go on past both ends.
enum { indexing_of_python = 0, indexing_of_numpy = 1, indexing_of_places = 2 };

typedef struct {
  PyObject_HEAD
  // NULL until the file was opened.
  npycrop_array *array;
  // What frees it.
  PyObject *owner;
  PyObject *dtype;
  // Whose indices its are.
  int indexing;
  // Whether a crop may wait for the disk: until the first was made, and always where so much is known.
  int may_wait;
  int is_random;
  int32_t rank;
  int64_t shape[NPYCROP_MOST_AXES];
} Base;

static int64_t milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// MARK: - Errors

// Has Python raise what the library said.
static PyObject *raise_fault(const npycrop_error *error) {
  if (PyErr_Occurred()) return NULL;
  PyObject *module = PyImport_ImportModule("npycrop._library");
  if (module == NULL) return NULL;
  PyObject *answer = PyObject_CallMethod(
      module, "raise_fault", "iiy", (int)error->code, (int)error->system, error->message);
  Py_DECREF(module);
  Py_XDECREF(answer);
  return NULL;
}

// Whether a signal handler of Python has raised something: asked while other threads may run.
//
// The lock is asked for now and then, since another thread may keep it for milliseconds.
static int32_t is_interrupted(void *context) {
  int64_t now = milliseconds(), *asked = context;
  if (now - *asked < milliseconds_between_questions) return 0;
  *asked = now;
  PyGILState_STATE state = PyGILState_Ensure();
  int32_t answer = PyErr_CheckSignals() != 0;
  PyGILState_Release(state);
  return answer;
}

// MARK: - Indexing

typedef struct {
  npycrop_axis axes[NPYCROP_MOST_AXES];
  int32_t axis_count;
  int64_t shape[NPYCROP_MOST_AXES];
  int32_t rank;
  int is_element;
} Selection;

// Adds whole axes.
static int add_whole(Selection *selection, const Base *base, int32_t *axis, int32_t count) {
  for (; count > 0; count--, (*axis)++) {
    if (selection->axis_count == NPYCROP_MOST_AXES || selection->rank == NPYCROP_MOST_AXES) return 0;
    selection->axes[selection->axis_count++] = npycrop_range(0, base->shape[*axis]);
    selection->shape[selection->rank++] = base->shape[*axis];
  }
  return 1;
}

// Whether an end of a slice is left out.
static int is_left_out(PyObject *slice, const char *end) {
  PyObject *value = PyObject_GetAttrString(slice, end);
  Py_XDECREF(value);
  return value == Py_None;
}

// How many places a slice takes, and from where on. 0 where they cannot be counted.
static int count_places(
    PyObject *slice, int64_t size, Py_ssize_t *start, Py_ssize_t stop, Py_ssize_t step, Py_ssize_t *count) {
  // What is left out, or beyond all numbers, is the last number.
  if (*start == PY_SSIZE_T_MAX || *start == PY_SSIZE_T_MIN) {
    if (!is_left_out(slice, "start")) return 0;
    *start = step > 0 ? 0 : size - 1;
  }
  if (stop == PY_SSIZE_T_MAX || stop == PY_SSIZE_T_MIN) {
    if (!is_left_out(slice, "stop")) return 0;
    stop = step > 0 ? size : -1;
  }
  Py_ssize_t way;
  if (step == PY_SSIZE_T_MIN || __builtin_sub_overflow(stop, *start, &way)) return 0;
  if (step < 0) {
    if (way == PY_SSIZE_T_MIN) return 0;
    way = -way;
  }
  *count = way > 0 ? (way - 1) / (step < 0 ? -step : step) + 1 : 0;
  return 1;
}

// Adds one part of a key. 0 where it is none of basic indexing, or wrong.
static int add_part(Selection *selection, const Base *base, int32_t *axis, PyObject *part) {
  if (selection->axis_count == NPYCROP_MOST_AXES || selection->rank == NPYCROP_MOST_AXES) return 0;
  if (part == Py_None) {
    npycrop_axis new_axis = {NPYCROP_NEW_AXIS, 0, 0, 1, 1, NULL};
    selection->axes[selection->axis_count++] = new_axis;
    selection->shape[selection->rank++] = 1;
    return 1;
  }
  if (*axis == base->rank) return 0;
  int64_t size = base->shape[*axis];
  if (PySlice_Check(part)) {
    Py_ssize_t start, stop, step, count;
    if (PySlice_Unpack(part, &start, &stop, &step) < 0) return 0;
    if (base->indexing == indexing_of_places) {
      if (!count_places(part, size, &start, stop, step, &count)) return 0;
    } else {
      count = PySlice_AdjustIndices(size, &start, &stop, step);
    }
    npycrop_axis slice = {NPYCROP_SLICE, 0, start, count, step, NULL};
    selection->axes[selection->axis_count++] = slice;
    selection->shape[selection->rank++] = count;
  } else {
    if (!PyLong_CheckExact(part) && !PyArray_IsScalar(part, Integer)) return 0;
    Py_ssize_t index = PyNumber_AsSsize_t(part, PyExc_IndexError);
    if (index == -1 && PyErr_Occurred()) return 0;
    if (base->indexing == indexing_of_numpy) {
      if (index < 0) index += size;
      if (index < 0 || index >= size) return 0;
    }
    selection->axes[selection->axis_count++] = npycrop_index(index);
  }
  (*axis)++;
  return 1;
}

// Finds out what a key of basic indexing takes. 0 for every other key, and for one that is wrong.
static int select_parts(Selection *selection, const Base *base, PyObject *key) {
  selection->axis_count = selection->rank = 0;
  int32_t axis = 0;
  int has_ellipsis = 0;
  if (!PyTuple_Check(key)) {
    if (key == Py_Ellipsis) {
      has_ellipsis = 1;
    } else if (!add_part(selection, base, &axis, key)) {
      return 0;
    }
  } else {
    Py_ssize_t count = PyTuple_Size(key), taken = 0;
    for (Py_ssize_t number = 0; number < count; number++) {
      PyObject *part = PyTuple_GetItem(key, number);
      if (part == Py_Ellipsis) {
        if (has_ellipsis) return 0;
        has_ellipsis = 1;
      } else {
        taken += part != Py_None;
      }
    }
    if (taken > base->rank) return 0;
    for (Py_ssize_t number = 0; number < count; number++) {
      PyObject *part = PyTuple_GetItem(key, number);
      int is_added = part == Py_Ellipsis ? add_whole(selection, base, &axis, base->rank - (int32_t)taken)
                                         : add_part(selection, base, &axis, part);
      if (!is_added) return 0;
    }
  }
  if (!add_whole(selection, base, &axis, base->rank - axis)) return 0;
  selection->is_element = selection->rank == 0 && !has_ellipsis;
  return 1;
}

// Has Python open the file of an array that came by a pickle.
static int make_ready(PyObject *self) {
  if (((Base *)self)->array != NULL) return 1;
  PyObject *answer = PyObject_CallMethod(self, "_ready", NULL);
  if (answer == NULL) return 0;
  Py_DECREF(answer);
  if (((Base *)self)->array != NULL) return 1;
  PyErr_SetString(PyExc_ValueError, "the array has no file");
  return 0;
}

static PyObject *subscript(PyObject *self, PyObject *key) {
  Base *base = (Base *)self;
  if (!make_ready(self)) return NULL;
  Selection selection;
  if (base->indexing == indexing_of_python || !select_parts(&selection, base, key)) {
    PyErr_Clear();
    return PyObject_CallMethod(self, "_other", "(O)", key);
  }
  npy_intp shape[NPYCROP_MOST_AXES];
  for (int32_t axis = 0; axis < selection.rank; axis++) shape[axis] = selection.shape[axis];
  // It takes the reference of the type.
  PyArrayObject *result = (PyArrayObject *)PyArray_NewFromDescr(
      &PyArray_Type, (PyArray_Descr *)Py_NewRef(base->dtype), selection.rank, shape, NULL, NULL, 0, NULL);
  if (result == NULL) return NULL;
  void *memory = PyArray_DATA(result);
  int64_t byte_count = PyArray_NBYTES(result);
  npycrop_error error;
  int32_t code;
  if (byte_count <= bytes_with_lock && !base->may_wait) {
    code = npycrop_crop(
        base->array, selection.axes, selection.axis_count, memory, byte_count, NULL, &error);
  } else {
    int64_t asked = milliseconds();
    npycrop_work work = {1, 0, is_interrupted, &asked};
    Py_BEGIN_ALLOW_THREADS;
    code = npycrop_crop(
        base->array, selection.axes, selection.axis_count, memory, byte_count,
        byte_count > bytes_without_question ? &work : NULL, &error);
    Py_END_ALLOW_THREADS;
    base->may_wait = base->is_random;
  }
  if (code != NPYCROP_OK) {
    Py_DECREF(result);
    return raise_fault(&error);
  }
  return selection.is_element ? PyArray_Return(result) : (PyObject *)result;
}

// _crop_windows(origins, size, out, threads): contiguous arrays of int64, memory of the size, a number.
static PyObject *crop_windows(PyObject *self, PyObject *const *arguments, Py_ssize_t count) {
  Base *base = (Base *)self;
  if (count != 4) {
    PyErr_SetString(PyExc_TypeError, "_crop_windows takes origins, size, out and threads");
    return NULL;
  }
  if (!make_ready(self)) return NULL;
  long threads = PyLong_AsLong(arguments[3]);
  if (threads == -1 && PyErr_Occurred()) return NULL;
  Py_buffer origins, size, out;
  if (PyObject_GetBuffer(arguments[0], &origins, PyBUF_SIMPLE) < 0) return NULL;
  if (PyObject_GetBuffer(arguments[1], &size, PyBUF_SIMPLE) < 0) {
    PyBuffer_Release(&origins);
    return NULL;
  }
  if (PyObject_GetBuffer(arguments[2], &out, PyBUF_SIMPLE | PyBUF_WRITABLE) < 0) {
    PyBuffer_Release(&origins);
    PyBuffer_Release(&size);
    return NULL;
  }
  npycrop_error error;
  int64_t asked = milliseconds();
  npycrop_work work = {(int32_t)threads, 0, is_interrupted, &asked};
  int32_t rank = (int32_t)(size.len / 8), code;
  int64_t windows = rank > 0 ? origins.len / 8 / rank : 0;
  npycrop_array *array = base->array;
  Py_BEGIN_ALLOW_THREADS;
  code = npycrop_crop_windows(
      array, origins.buf, windows, size.buf, rank, out.buf, out.len, &work, &error);
  Py_END_ALLOW_THREADS;
  PyBuffer_Release(&origins);
  PyBuffer_Release(&size);
  PyBuffer_Release(&out);
  if (code != NPYCROP_OK) return raise_fault(&error);
  Py_RETURN_NONE;
}

// _attach(address, owner, dtype, shape, indexing, is_random): what the indices are of.
static PyObject *attach(PyObject *self, PyObject *arguments) {
  Base *base = (Base *)self;
  unsigned long long address;
  PyObject *owner, *dtype, *shape;
  int indexing, is_random;
  if (!PyArg_ParseTuple(
          arguments, "KOOO!ip", &address, &owner, &dtype, &PyTuple_Type, &shape, &indexing, &is_random)) {
    return NULL;
  }
  Py_ssize_t rank = PyTuple_Size(shape);
  if (rank > NPYCROP_MOST_AXES) {
    PyErr_SetString(PyExc_ValueError, "an array has at most 64 axes");
    return NULL;
  }
  for (Py_ssize_t axis = 0; axis < rank; axis++) {
    base->shape[axis] = PyLong_AsLongLong(PyTuple_GetItem(shape, axis));
    if (base->shape[axis] == -1 && PyErr_Occurred()) return NULL;
  }
  base->rank = (int32_t)rank;
  base->indexing = indexing;
  base->is_random = is_random;
  base->may_wait = 1;
  PyObject *before = base->owner, *dtype_before = base->dtype;
  base->owner = Py_NewRef(owner);
  base->dtype = Py_NewRef(dtype);
  base->array = (npycrop_array *)(uintptr_t)address;
  Py_XDECREF(before);
  Py_XDECREF(dtype_before);
  Py_RETURN_NONE;
}

static void dealloc(PyObject *self) {
  PyTypeObject *type = Py_TYPE(self);
  Py_XDECREF(((Base *)self)->owner);
  Py_XDECREF(((Base *)self)->dtype);
  ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
  Py_DECREF(type);
}

static PyMethodDef methods[] = {
    {"_attach", attach, METH_VARARGS, NULL},
    {"_crop_windows", (PyCFunction)(void (*)(void))crop_windows, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_mp_subscript, (void *)subscript},
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_methods, methods},
    {Py_tp_doc, (void *)"The indexing of an array, in C."},
    {0, NULL},
};

static PyType_Spec specification = {
    .name = "npycrop._native.Base",
    .basicsize = sizeof(Base),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = slots,
};

// MARK: - The module

static int execute(PyObject *module) {
  if (npycrop_interface() != NPYCROP_INTERFACE) {
    PyErr_SetString(PyExc_ImportError, "libnpycrop.so is of another version than npycrop");
    return -1;
  }
  // It raises where NumPy is too old.
  if (PyArray_ImportNumPyAPI() < 0) return -1;
  PyObject *type = PyType_FromModuleAndSpec(module, &specification, NULL);
  if (type == NULL) return -1;
  int answer = PyModule_AddObjectRef(module, "Base", type);
  Py_DECREF(type);
  return answer;
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, (void *)execute},
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "npycrop._native",
    .m_doc = "The calls that are made often.",
    .m_slots = module_slots,
};

PyMODINIT_FUNC PyInit__native(void) { return PyModuleDef_Init(&definition); }
