#!/usr/bin/env python3
"""Compare what npycrop prints of arrays with NumPy's repr of them, at random.

    python3 print_differential.py --npycrop .build/release/npycrop [--cases 1000] [--jobs 2]
    python3 print_differential.py --npycrop .build/release/npycrop --seed 7 --start 12 --cases 1

A case is an array of numbers, texts, times or records of them, of up to four axes, in either byte
order, small or so large that it is summarised. It depends on the seed and on its number alone. For
each case `npycrop crop FILE ... --print` writes repr(array), with the default options of NumPy 2.

What went wrong is told case by case, and the file kept. The last line is 'N passed, M failed';
the exit status is 1 if M is not 0.
"""
import dataclasses
import os
import random
import sys
import threading

import numpy as np

from differential import quoted, run, run_cases

TYPES = ("? i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8 f8 f4 f16 c8 c16 c32 S3 U4 M8[D] M8[ns] M8[Y] M8[M] M8[h] "
         "M8[m] M8[7s] M8[ms] M8[W] M8[as] m8[s] m8 V3 record padded").split()
TEXTS = "abé'\"\\\n\u200b😀 \x7f\xa0"
# NumPy's options of printing are of a thread.
REFEREE = threading.Lock()


@dataclasses.dataclass
class Case:
    """An array, and what is told of it if something is wrong."""
    number: int
    array: np.ndarray
    region = "..."
    has_header = False

    @property
    def dtype(self):
        return self.array.dtype

    @property
    def shape(self):
        return self.array.shape

    order = "C"


def random_case(seed, number):
    """The case of this number: always the same."""
    return Case(number, random_array(random.Random(f"{seed}/{number}")))


def random_array(rng, most=3000):
    """An array of any type and shape."""
    rank = rng.choice((0, 1, 1, 2, 2, 3, 4))
    longest = 20 if rank < 3 else 4
    shape = tuple(0 if rng.random() < 0.05 else rng.choice((1, 2, 3, 5, 8, longest))
                  for _ in range(rank))
    if rank and rng.random() < 0.1:
        shape = (rng.choice((500, 1001, most)),) + shape[1:2]
    count = int(np.prod(shape))
    if count > most:
        shape, count = (7, 8), 56
    numbers = np.random.default_rng(rng.randrange(2**32))
    kind, order = rng.choice(TYPES), rng.choice("<<>")
    if kind == "m8":
        # Without a unit NumPy takes the largest of the other byte order for a native one.
        order = "<"
    with np.errstate(all="ignore"):
        if kind in ("record", "padded"):
            return random_records(rng, numbers, shape, order, align=kind == "padded")
        dtype = np.dtype(kind) if kind == "?" else np.dtype(order + kind)
        return random_elements(rng, numbers, dtype, count).reshape(shape)


def random_records(rng, numbers, shape, order, align):
    """Records of a number, subarrays, also of subarrays, a text and a record."""
    # More than are shown, and all of them count for how these are written.
    long = 1200 if rng.random() < 0.1 else 2
    dtype = np.dtype([("a", order + "f4"), ("b", "i2", (long,)), ("l", "f4", (long,)), ("name", "U3"),
                      ("c", [("x", "f8"), ("y", "?")]), ("d", "?"), ("e", []), ("f", "S0"),
                      ("g", "U0"), ("h", ("u1", (2,)), (1,))], align=align)
    array = np.zeros(shape, dtype)
    array["a"] = numbers.standard_normal(shape)
    array["b"] = numbers.integers(-5, 500, shape + (long,))
    array["l"] = numbers.standard_normal(shape + (long,)) * 10.0 ** rng.randint(-6, 9)
    array["h"] = numbers.integers(0, 256, shape + (1, 2))
    array["name"] = rng.choice(("ab", "x", "it's"))
    array["c"]["x"] = numbers.standard_normal(shape) * 10.0 ** rng.randint(-6, 9)
    return array


def random_elements(rng, numbers, dtype, count):
    """Elements of a type that is no record."""
    if dtype.kind in "fc":
        return random_floats(rng, numbers, count, dtype)
    if dtype.kind == "b":
        return numbers.integers(0, 2, count).astype(bool)
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        least = max(info.min, -10 ** rng.randint(1, 18))
        most = min(info.max, 10 ** rng.randint(1, 18))
        return numbers.integers(least, most, count, dtype.newbyteorder("="),
                                endpoint=True).astype(dtype)
    if dtype.kind in "SV":
        choice = bytes(range(256)) if dtype.kind == "V" else b"ab'\"\\\n\xff\0 "
        data = bytes(rng.choice(choice) for _ in range(dtype.itemsize * count))
        return np.frombuffer(data, dtype)
    if dtype.kind == "U":
        return np.array(["".join(rng.choice(TEXTS) for _ in range(rng.randint(0, 4)))
                         for _ in range(count)], dtype)
    unit = np.datetime_data(dtype)[0]
    far = {"Y": 3000, "M": 30000, "W": 10**5, "D": 10**6, "h": 10**7, "m": 10**9}
    most = far.get(unit, 10 ** rng.choice((3, 9, 12)))
    ticks = numbers.integers(-most, most, count)
    if count and rng.random() < 0.3:
        ticks[rng.randrange(count)] = -2**63
    return ticks.astype(dtype.byteorder + "i8").view(dtype)


def random_floats(rng, numbers, count, dtype):
    """Numbers that are alike, far apart, whole or a few of them none."""
    scale = 10.0 ** rng.randint(-6, 10)
    values = (numbers.standard_normal(count) * scale, numbers.integers(-1000, 1000, count) / 8,
              numbers.standard_normal(count) * 10.0 ** numbers.integers(-3, 4, count),
              numbers.integers(0, 2, count).astype(float),
              np.round(numbers.standard_normal(count) * scale),
              2.0 ** numbers.integers(-30, 30, count))[rng.randrange(6)]
    if dtype.itemsize >= 16 and dtype != np.complex128:
        # What no double holds.
        values = values.astype(np.longdouble) * np.longdouble(10) ** rng.choice((0, 0, -4000, 4000))
        values = values / np.longdouble(3) if rng.random() < 0.5 else values
    if count and rng.random() < 0.3:
        values[rng.randrange(count)] = rng.choice((np.nan, np.inf, -np.inf, 0, -0.0))
    if dtype.kind == "c":
        values = values + 1j * np.roll(values, 1)
    return values.astype(dtype)


def faults(case, npycrop, directory):
    """What npycrop does otherwise than NumPy: a sentence each. Keeps the file if there is any."""
    path = os.path.join(directory, f"case-{case.number}.npy")
    np.save(path, case.array)
    with REFEREE:
        wanted = repr(np.load(path)) + "\n"
    command = [npycrop, "crop", path, case.region, "--print"]
    status, found, said = run(command)
    if status == 0 and found.decode() == wanted:
        os.remove(path)
        return []
    return [f"{quoted(command)}: exit {status}, {said!r}, printed\n{found.decode()}expected\n{wanted}"]


def report(case, seed, found, directory):
    """Tells what went wrong with a case."""
    print(f"FAILED case {case.number}: --seed {seed} --start {case.number} --cases 1")
    for fault in found:
        print(fault)
    print(f"  dtype {case.dtype!r}, shape {case.shape}, file "
          f"{os.path.join(directory, f'case-{case.number}.npy')}", flush=True)


if __name__ == "__main__":
    sys.exit(run_cases(__doc__, "print", random_case, faults, report))
