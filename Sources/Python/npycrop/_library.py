"""The C library by ctypes: every call of npycrop.h that is not made often."""

from __future__ import annotations

import ctypes
import errno
import os
from ctypes import POINTER, Structure, byref, c_char, c_char_p, c_double, c_int32, c_int64, c_void_p
from pathlib import Path

from ._errors import FileChangedError

MOST_AXES = 64
SLICE, INDEX, LIST, NEW_AXIS, PAIRED = range(5)

ACCESS = {"automatic": 0, "mapped": 1, "pread": 2}
ADVICE = {"normal": 0, "random": 1, "sequential": 2, "willneed": 3}
CHECK = {"size": 0, "strict": 1, "none": 2}
CASTING = {"safe": 0, "same_kind": 1, "unsafe": 2}
MODES = {"none": 0, "constant": 1, "edge": 2, "reflect": 3, "symmetric": 4, "wrap": 5}
FILL_INTEGER, FILL_REAL, FILL_COMPLEX, FILL_BYTES = 1, 2, 3, 4

# What of npycrop_code has an exception of its own.
BAD_ARGUMENT, SYSTEM_ERROR, NOT_A_FILE, BAD_HEADER, FILE_CHANGED, CLOSED = range(1, 7)
OUT_OF_RANGE, BAD_REGION, BAD_TYPE, NO_FIELD, BAD_FILL, BAD_SIZE = range(7, 13)
NO_MEMORY, CANCELLED, UNGUARDED = range(13, 16)


class Error(Structure):
    _fields_ = [("code", c_int32), ("system", c_int32), ("message", c_char * 1016)]


class Options(Structure):
    _fields_ = [
        ("offset", c_int64),
        ("header_limit", c_int64),
        ("access", c_int32),
        ("advice", c_int32),
        ("check", c_int32),
        ("order", c_int32),
        ("type", c_char_p),
        ("shape", POINTER(c_int64)),
        ("rank", c_int32),
        ("reserved", c_int32),
    ]


class Description(Structure):
    _fields_ = [
        ("item_size", c_int64),
        ("count", c_int64),
        ("header_offset", c_int64),
        ("data_offset", c_int64),
        ("trailing_bytes", c_int64),
        ("file_size", c_int64),
        ("version", c_int32),
        ("order", c_int32),
        ("result_order", c_int32),
        ("rank", c_int32),
        ("shape", c_int64 * MOST_AXES),
        ("strides", c_int64 * MOST_AXES),
    ]


class Axis(Structure):
    _fields_ = [
        ("kind", c_int32),
        ("reserved", c_int32),
        ("start", c_int64),
        ("count", c_int64),
        ("step", c_int64),
        ("indices", c_void_p),
    ]


class PaddingMode(Structure):
    _fields_ = [
        ("mode", c_int32),
        ("fill", c_int32),
        ("integer", c_int64),
        ("real", c_double),
        ("imaginary", c_double),
        ("bytes", c_char_p),
        ("byte_count", c_int64),
    ]


QUESTION = ctypes.CFUNCTYPE(c_int32, c_void_p)


class Work(Structure):
    _fields_ = [
        ("threads", c_int32),
        ("reserved", c_int32),
        ("is_cancelled", QUESTION),
        ("context", c_void_p),
    ]


class Costs(Structure):
    _fields_ = [
        ("byte_count", c_int64),
        ("run_count", c_int64),
        ("page_count", c_int64),
        ("page_size", c_int64),
        ("cached_page_count", c_int64),
        ("range_count", c_int64),
        ("first_byte", c_int64),
        ("end_byte", c_int64),
        ("access", c_int32),
        ("reserved", c_int32),
    ]


def _load() -> ctypes.CDLL:
    library = ctypes.CDLL(str(Path(__file__).with_name("libnpycrop.so")))
    array, place, fault = c_void_p, POINTER(c_void_p), POINTER(Error)
    axes, work = POINTER(Axis), POINTER(Work)
    for name, arguments in {
        "interface": [],
        "open": [c_char_p, POINTER(Options), place, fault],
        "close": [array, fault],
        "describe": [array, POINTER(Description), fault],
        "type": [array, c_char_p, c_int64, POINTER(c_int64), fault],
        "is_current": [array, POINTER(c_int32), fault],
        "advise": [array, c_int32, fault],
        "field": [array, c_char_p, place, fault],
        "slice": [array, axes, c_int32, place, fault],
        "view": [array, c_char_p, place, fault],
        "convert": [array, c_char_p, c_int32, c_double, c_double, place, fault],
        "pad": [array, POINTER(PaddingMode), c_int32, place, fault],
        "crop": [array, axes, c_int32, c_void_p, c_int64, work, fault],
        "crop_windows": [*(array, c_void_p, c_int64, c_void_p, c_int32, c_void_p, c_int64, work, fault)],
        "cost": [array, axes, c_int32, POINTER(Costs), fault],
    }.items():
        function = getattr(library, "npycrop_" + name)
        function.argtypes, function.restype = arguments, c_int32
    library.npycrop_free.argtypes, library.npycrop_free.restype = [array], None
    if library.npycrop_interface() != 1:
        raise ImportError("libnpycrop.so is of another version than npycrop")
    return library


LIBRARY = _load()


def raise_fault(code: int, system: int, message: bytes | str) -> None:
    """Raises what the library said."""
    text = message.decode("utf-8", "replace") if isinstance(message, bytes) else message
    if code == SYSTEM_ERROR:
        # With a number, OSError chooses its subclass, such as FileNotFoundError.
        raise OSError(system, text)
    if code == NOT_A_FILE:
        raise OSError(errno.EISDIR if "is a directory" in text else errno.EINVAL, text)
    if code == CANCELLED:
        raise KeyboardInterrupt
    raise {
        FILE_CHANGED: FileChangedError,
        OUT_OF_RANGE: IndexError,
        BAD_TYPE: TypeError,
        NO_MEMORY: MemoryError,
        UNGUARDED: OSError,
    }.get(code, ValueError)(text)


def call(name: str, *arguments: object) -> None:
    """Calls a function of the library, the error left out, and raises where it fails."""
    error = Error()
    code = getattr(LIBRARY, "npycrop_" + name)(*arguments, byref(error))
    if code != 0:
        raise_fault(code, error.system, error.message)


class Pointer:
    """An array of the library, which is freed with this object."""

    __slots__ = ("__weakref__", "address")

    def __init__(self, name: str, *arguments: object):
        self.address: int | None = None
        place = c_void_p()
        call(name, *arguments, byref(place))
        self.address = place.value

    def __del__(self, free=LIBRARY.npycrop_free) -> None:
        if self.address is not None:
            free(self.address)

    def description(self) -> Description:
        description = Description()
        call("describe", self.address, byref(description))
        return description

    def type_text(self) -> str:
        size = c_int64()
        # The first call tells how much room there has to be.
        LIBRARY.npycrop_type(self.address, None, 0, byref(size), None)
        text = ctypes.create_string_buffer(size.value)
        call("type", self.address, text, size.value, byref(size))
        return text.value.decode()

    def is_current(self) -> bool:
        answer = c_int32()
        call("is_current", self.address, byref(answer))
        return answer.value != 0


def opened(path: bytes, options: dict) -> Pointer:
    """Opens a file."""
    record = Options(
        offset=options.get("offset", 0),
        header_limit=options.get("max_header_size", 0),
        access=ACCESS[options.get("access", "automatic")],
        advice=ADVICE[options.get("advice", "normal")],
        check=CHECK[options.get("check", "size")],
    )
    if "type" in options:
        shape = options["shape"]
        record.type = options["type"].encode()
        record.shape, record.rank = (c_int64 * max(len(shape), 1))(*shape), len(shape)
        record.order = 1 if options.get("order") == "F" else 0
    return Pointer("open", path, byref(record))


def axes_of(selection: list[tuple]) -> ctypes.Array:
    """Axes from tuples: SLICE with start, count and step; INDEX with an index; LIST and PAIRED with an array; NEW_AXIS."""
    axes = (Axis * max(len(selection), 1))()
    for axis, (kind, *numbers) in zip(axes, selection):
        axis.kind = kind
        if kind == SLICE:
            axis.start, axis.count, axis.step = numbers
        elif kind == INDEX:
            axis.start = numbers[0]
        elif kind in (LIST, PAIRED):
            axis.count, axis.indices = numbers[0].size, numbers[0].ctypes.data
    return axes


class Question:
    """Whether the user wants to stop, asked from C: keeps what a signal handler of Python raised."""

    def __init__(self):
        self.raised: BaseException | None = None
        self.callback = QUESTION(self._is_cancelled)

    def _is_cancelled(self, _context: object) -> int:
        # Python runs its signal handlers before it goes on here.
        try:
            for _ in range(2):
                pass
        except BaseException as error:  # noqa: BLE001
            self.raised = error
        return int(self.raised is not None)


# Copies of more bytes than this are asked between their parts whether the user wants to stop.
BYTES_WITHOUT_QUESTION = 64 << 20


def call_with_work(name: str, threads: int, byte_count: int, *arguments: object) -> None:
    """Calls a function that copies so many bytes, and lets signal handlers of Python stop it if these are many."""
    if byte_count <= BYTES_WITHOUT_QUESTION:
        call(name, *arguments, byref(Work(threads=threads)) if threads != 1 else None)
        return
    question = Question()
    try:
        call(name, *arguments, byref(Work(threads=threads, is_cancelled=question.callback)))
    except KeyboardInterrupt:
        raise question.raised or KeyboardInterrupt from None


def crop_axes(pointer: Pointer, selection: list[tuple], out, threads: int = 1) -> None:
    """Copies what a selection takes into a contiguous array of the right size."""
    axes, count = axes_of(selection), len(selection)
    memory = (out.ctypes.data, out.nbytes)
    call_with_work("crop", threads, out.nbytes, pointer.address, axes, count, *memory)


def crop_windows(pointer: Pointer, origins, size, out, threads: int) -> None:
    """Copies windows into a contiguous array of the right size."""
    windows = (origins.ctypes.data, len(origins), size.ctypes.data, len(size))
    memory = (out.ctypes.data, out.nbytes)
    call_with_work("crop_windows", threads, out.nbytes, pointer.address, *windows, *memory)


def path_bytes(path: str | bytes | os.PathLike) -> bytes:
    """A path as the system has it."""
    return os.fsencode(path)
