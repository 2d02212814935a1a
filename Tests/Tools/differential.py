#!/usr/bin/env python3
"""Compare npycrop with NumPy on files and regions made at random.

    python3 differential.py --npycrop .build/release/npycrop [--cases 3000] [--jobs 2]
    python3 differential.py --npycrop .build/release/npycrop --seed 7 --start 1234 --cases 1

A case is a file (shape, type, order, way of writing the header, bytes before and after the data)
and a region of it. It depends on the seed and on its number alone, so that the second line runs
one of them again. For each case

  npycrop crop FILE REGION --raw     gives the bytes of a[REGION], C order, as they are in the file
  … -o OUT.npy                       (1 in 4) writes the file that np.save writes for the crop
  … -o OUT.npy --output-order F      (1 in 8) the same for the crop in Fortran order

and where NumPy refuses the region, npycrop exits 1 with one line on standard error and nothing
else. One case in six has no header: --dtype, --shape, --offset and --order stand for it, and
np.memmap is the referee. Regions are of the forms that `Region(numpy:)` documents.

What went wrong is told case by case, and the file kept. The last line is 'N passed, M failed';
the exit status is 1 if M is not 0.
"""
import argparse
import concurrent.futures
import dataclasses
import io
import math
import os
import random
import struct
import subprocess
import sys
import tempfile
import warnings

import numpy as np
from numpy.lib import format as npy

from make_tables import index_of, random_region

MOST_ELEMENTS = 4000
# Only against a command that hangs; far beyond what any case takes.
MOST_SECONDS = 120

NUMBERS = ("b1 i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 f16 c8 c16 c32").split()
TIME_UNITS = "Y M W D h m s ms us ns ps fs as".split()
NAMES = ("a", "b", "x", "y", "position", "a b", "Name_1", "caf\u00e9", "\u03c0", "\U0001f600")


@dataclasses.dataclass
class Case:
    """A file, and what to ask of it."""
    number: int
    dtype: np.dtype
    shape: tuple
    order: str
    # What stands in the file before and after the data.
    head: bytes
    data: bytes
    tail: bytes
    # The options that describe a file without a header.
    options: list
    region: str
    # The region as given to npycrop: maybe in brackets, as copied from Python.
    argument: str
    output_orders: str

    @property
    def has_header(self):
        return not self.options


# ------------------------------------------------------------ cases

def random_case(seed, number):
    """The case of this number: always the same."""
    rng = random.Random(f"{seed}/{number}")
    has_header = rng.randrange(6) > 0
    shape = random_shape(rng, rng.randint(0 if has_header else 1, 6))
    order = rng.choice("CF")
    if has_header:
        dtype = random_record(rng) if rng.random() < 0.25 else random_scalar(rng)
        head, options = random_header(rng, dtype, shape, order), []
    else:
        dtype = random_scalar(rng, least=1)
        head = rng.randbytes(rng.choice((0, 1, 7, 16, 80, 100, 4095, 4096)))
        options = ["--dtype", random_spelling(rng, dtype.str), "--offset", str(len(head)),
                   "--shape", ",".join(map(str, shape))]
        if order == "F" or rng.random() < 0.3:
            options += ["--order", order]
    region = random_region(rng, shape)
    # Integers alone would be a list in brackets, and npycrop refuses what can be either.
    is_list_too = not any(sign in region for sign in (":", ".", "[", "N", "n", "E"))
    is_copied = not region.startswith("(") and not is_list_too and rng.random() < 0.15
    return Case(
        number=number, dtype=dtype, shape=shape, order=order, head=head,
        data=rng.randbytes(math.prod(shape) * dtype.itemsize),
        # A file of no bytes at all cannot be mapped by np.memmap.
        tail=rng.randbytes(rng.choice((0, 0, 0, 1, 5, 64)) or not has_header),
        options=options, region=region, argument=f"[{region}]" if is_copied else region,
        output_orders="C" * (rng.randrange(4) == 0) + "F" * (rng.randrange(8) == 0))


def random_shape(rng, rank, room=MOST_ELEMENTS, zeros=0.03, ones=0.1):
    """Lengths of at most so many elements, zeros not counted; some axes of length 0 or 1."""
    shape = []
    for axis in range(rank):
        kind = rng.random()
        if kind < zeros:
            shape.append(0)
        elif kind < zeros + ones:
            shape.append(1)
        else:
            fair = room ** (1 / (rank - axis))
            shape.append(rng.randint(1, min(room, max(2, int(1.5 * fair)))))
            room //= shape[-1]
    rng.shuffle(shape)
    return tuple(shape)


def random_scalar(rng, least=0):
    """A type that is no record, of at least so many bytes."""
    kind = rng.random()
    if kind < 0.65:
        code = rng.choice(NUMBERS)
    elif kind < 0.85:
        code = rng.choice("SUV") + str(rng.choice((least, 1, 2, 3, 4, 5, 7, 8, 16, 19)))
    else:
        multiple = rng.choice(("", "", "7", "25"))
        unit = rng.choice(("", f"[{multiple}{rng.choice(TIME_UNITS)}]"))
        code = rng.choice(("M8", "m8")) + unit
    return np.dtype(rng.choice("<>") + code)


def random_record(rng, depth=0):
    """A record: packed, aligned or with gaps, of scalars, subarrays and records."""
    names = rng.sample(NAMES, rng.randint(1, 4))
    types = [random_record(rng, depth + 1) if depth < 2 and rng.random() < 0.2
             else random_scalar(rng) for _ in names]
    for place, dtype in enumerate(types):
        # To NumPy the shape of a type of no bytes is its size.
        if dtype.itemsize and rng.random() < 0.4:
            shape = tuple(rng.randint(1, 3) for _ in range(rng.choice((1, 1, 2))))
            types[place] = np.dtype((dtype, shape))
            if rng.random() < 0.3:
                types[place] = np.dtype((types[place], rng.choice((2, (1,), (2, 1)))))
    titles = [f"{name} title" if rng.random() < 0.05 else None for name in names]
    fields = {"names": names, "formats": types, "titles": titles}
    if rng.random() < 0.4:
        return np.dtype(fields)
    if rng.random() < 0.5:
        return np.dtype(fields, align=True)
    end, offsets = 0, []
    for dtype in types:
        offsets.append(end + rng.choice((0, 0, 1, 3)))
        end = offsets[-1] + dtype.itemsize
    return np.dtype(fields | {"offsets": offsets, "itemsize": end + rng.choice((0, 0, 1, 6))})


# ------------------------------------------------------------ headers

def random_header(rng, dtype, shape, order):
    """The bytes before the data, as NumPy or some other program writes them."""
    fields = {"descr": npy.dtype_to_descr(dtype), "fortran_order": order == "F", "shape": shape}
    if rng.random() < 0.3:
        text = "{" + "".join(f"'{key}': {value!r}, " for key, value in fields.items()) + "}"
        padding = " " * 20
    else:
        text = random_literal(rng, fields)
        padding = " " * rng.choice((0, 0, 1, 2, 3, 40))
    version = rng.choice((1, 1, 1, 2, 3)) if is_latin1(text) else 3
    encoded = (text + padding).encode("utf-8" if version == 3 else "latin-1")
    width = "<H" if version == 1 else "<I"
    size = 8 + struct.calcsize(width) + len(encoded)
    alignment = rng.choice((64, 64, 16, 1))
    # With its newline, or without as NPZ.jl and swift-npy write it.
    end = rng.choice((b"\n", b"\n", b"\n", b""))
    encoded += b" " * (-(size + len(end)) % alignment) + end
    return b"\x93NUMPY" + bytes((version, 0)) + struct.pack(width, len(encoded)) + encoded


def random_literal(rng, fields):
    """The dictionary as Python text: quotes, spaces, commas and the order of keys vary."""
    quote = rng.choice("'\"")
    spaces = rng.choice((("",), (" ",), ("", "", " ", "  ", "\t", "\n")))
    has_last_comma = rng.random() < 0.5

    def space():
        return rng.choice(spaces)

    def literal(value):
        if isinstance(value, str):
            # No name has quotes or backslashes; those are in headers.jsonl.
            return quote + value + quote
        if not isinstance(value, (list, tuple)):
            return repr(value)
        opening, closing = "[]" if isinstance(value, list) else "()"
        return opening + joined(map(literal, value), always=isinstance(value, tuple)) + closing

    def joined(items, always=False):
        items = list(items)
        text = f"{space()},{space()}".join(items)
        comma = "," if items and (has_last_comma or always and len(items) == 1) else ""
        return space() + text + space() + comma + space()

    fields = fields | {"descr": random_spelling(rng, fields["descr"])}
    keys = rng.sample(sorted(fields), len(fields))
    pairs = (f"{literal(key)}{space()}:{space()}{literal(fields[key])}" for key in keys)
    return "{" + joined(pairs) + "}"


def random_spelling(rng, descr):
    """The same type by another of its names, where it has one, or by other tuples."""
    if isinstance(descr, list):
        return [random_field_spelling(rng, *field) for field in descr]
    if not isinstance(descr, str) or not np.dtype(descr).isnative:
        return descr
    dtype = np.dtype(descr)
    spellings = [descr, "=" + descr[1:], descr[1:]]
    if dtype.kind in "biufc":
        spellings += [dtype.name, dtype.char]
    return rng.choice(spellings)


def random_field_spelling(rng, name, descr, shape=None):
    """The same field of a record: its shape beside its type or within it, padding as something else."""
    if isinstance(descr, tuple):
        descr = (random_spelling(rng, descr[0]), descr[1])
    elif name == "" and descr[:2] == "|V" and shape is None and rng.random() < 0.5:
        size = int(descr[2:])
        descr, shape = rng.choice((("|u1", (size,)), ([("x", "|i1")], (size,)), ("|V1", [size])))
    else:
        descr = random_spelling(rng, descr)
    if shape is None:
        return name, descr
    return (name, (descr, shape)) if rng.random() < 0.3 else (name, descr, shape)


def is_latin1(text):
    """Whether versions 1.0 and 2.0 can hold the text."""
    return all(ord(character) < 256 for character in text)


# ------------------------------------------------------------ the referee

def read_array(case, path):
    """The whole array, as NumPy reads it."""
    if case.has_header:
        return np.load(path, allow_pickle=False)
    return np.memmap(path, case.dtype, "r", len(case.head), case.shape, case.order)


def crop_of(array, region):
    """The crop as an array of raw elements, which keep padding and are in the file's order."""
    size = array.dtype.itemsize
    # NumPy has no elements of no bytes; the shape of the crop is that of any other type.
    elements = array.view(np.dtype(("V", size))) if size else np.empty(array.shape, "V1")
    return np.asarray(elements[index_of(region)])


def saved(dtype, crop, order):
    """What np.save writes for the crop of raw elements."""
    data = crop.tobytes(order) if dtype.itemsize else b""
    # A record around the element keeps NumPy from turning its size of 0 into 1.
    array = np.ndarray(crop.shape, [("element", dtype)], data, order=order)["element"]
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


# ------------------------------------------------------------ running a case

def faults(case, npycrop, directory):
    """What npycrop does otherwise than NumPy: a sentence each. Keeps the file if there is any."""
    path = os.path.join(directory, f"case-{case.number}.npy")
    output = os.path.join(directory, f"case-{case.number}-output.npy")
    with open(path, "wb") as file:
        file.write(case.head + case.data + case.tail)
    array = read_array(case, path)
    assert array.shape == case.shape and array.dtype.itemsize == case.dtype.itemsize
    command = [npycrop, "crop", path, case.argument]
    runs = [["--raw"], *(["-o", output, "--output-order", order] if order == "F"
                         else ["-o", output] for order in case.output_orders)]
    try:
        crop = crop_of(array, case.region)
    except (IndexError, ValueError, OverflowError) as error:
        found = [refusal_fault(command + run + case.options, output, error) for run in runs]
    else:
        wanted = crop.tobytes() if array.dtype.itemsize else b""
        found = [raw_fault(command + runs[0] + case.options, wanted)]
        found += [output_fault(command + run + case.options, output,
                               saved(array.dtype, crop, order))
                  for run, order in zip(runs[1:], case.output_orders)]
    found = [fault for fault in found if fault]
    if not found:
        os.remove(path)
    return found


def run(command):
    """The command's exit status (None if it hangs), standard output and standard error."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        return None, b"", b"out of time"
    return done.returncode, done.stdout, done.stderr


def raw_fault(command, wanted):
    """What is wrong with a crop to standard output, or None."""
    status, found, said = run(command)
    if status != 0:
        return f"{quoted(command)}: exit {status}, {said!r}"
    if found != wanted:
        return f"{quoted(command)}: {difference(found, wanted)}"
    return None


def output_fault(command, output, wanted):
    """What is wrong with a crop to a file, which is then removed, or None."""
    status, printed, said = run(command)
    if status != 0 or printed:
        return f"{quoted(command)}: exit {status}, printed {printed[:80]!r}, {said!r}"
    if not os.path.exists(output):
        return f"{quoted(command)}: exit 0, but no file"
    with open(output, "rb") as file:
        found = file.read()
    os.remove(output)
    if found != wanted:
        return f"{quoted(command)}: {difference(found, wanted)}"
    return None


def refusal_fault(command, output, error):
    """What is wrong with the refusal of a region that NumPy refuses with the error, or None."""
    status, printed, said = run(command)
    if os.path.exists(output):
        os.remove(output)
        return f"{quoted(command)}: left a file, though NumPy says {error!r}"
    if status != 1 or printed or said.count(b"\n") != 1 or not said.endswith(b"\n"):
        return (f"{quoted(command)}: exit {status}, printed {printed[:80]!r}, {said!r}, "
                f"though NumPy says {error!r}")
    return None


def difference(found, wanted):
    """Where two strings of bytes part."""
    place = next((k for k, (one, other) in enumerate(zip(found, wanted)) if one != other),
                 min(len(found), len(wanted)))
    return (f"{len(found)} bytes, expected {len(wanted)}; from byte {place} on "
            f"{found[place:place + 64]!r}, expected {wanted[place:place + 64]!r}")


def quoted(command):
    """The command's arguments, without the program and the path."""
    return repr(command[3:])


def report(case, seed, found, directory):
    """Tells what went wrong with a case."""
    print(f"FAILED case {case.number}: --seed {seed} --start {case.number} --cases 1")
    for fault in found:
        print(f"  {fault}")
    print(f"  dtype {case.dtype!r}, shape {case.shape}, order {case.order}, region {case.region!r}")
    if case.has_header:
        print(f"  header {case.head!r}")
    print(f"  file {os.path.join(directory, f'case-{case.number}.npy')}", flush=True)


def positive(text):
    """A number of cases or of jobs: a run of no cases would pass, and show nothing."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not positive")
    return number


def run_cases(usage, name, random_case, faults, report):
    """Runs the cases that the command line asks for, and gives the exit status.

    `random_case` makes a case of a seed and a number, `faults` tells what goes wrong with it."""
    parser = argparse.ArgumentParser(usage=usage)
    parser.add_argument("--npycrop", required=True)
    parser.add_argument("--cases", type=positive, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--jobs", type=positive, default=2)
    arguments = parser.parse_args()
    npycrop = os.path.abspath(arguments.npycrop)
    directory = tempfile.mkdtemp(prefix=f"npycrop-{name}-")
    # np.save warns of versions that old readers do not know, and casts warn of what is refused.
    warnings.simplefilter("ignore")

    def outcome(number):
        case = random_case(arguments.seed, number)
        return case, faults(case, npycrop, directory)

    failed = 0
    numbers = range(arguments.start, arguments.start + arguments.cases)
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for case, found in pool.map(outcome, numbers):
            if found:
                failed += 1
                report(case, arguments.seed, found, directory)
    if not failed:
        os.rmdir(directory)
    print(f"{arguments.cases - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(run_cases(__doc__, "differential", random_case, faults, report))
