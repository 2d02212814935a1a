#!/usr/bin/env python3
"""Does the workloads of README.md with NumPy: one of the programs that compare.py runs.

    numpy_crops.py --workload W1 --data DIR [--reps 400] [--seed 1]

Each is done as it is usually written, and in the fastest way that was found: into memory that is used again, of an
array without memmap's bookkeeping. W11b and `fields` are left out.
"""
import argparse
import itertools
import json
import os
import pathlib
import re
import resource
import statistics
import time

import numpy as np

MASK = (1 << 64) - 1


class Random:
    """SplitMix64, as in all programs."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        mixed = self.state
        mixed = ((mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) & MASK
        return (mixed ^ mixed >> 31) % limit


def checksum(result):
    data = np.ascontiguousarray(result).reshape(-1).view(np.uint8)
    words = np.pad(data, (0, -len(data) % 4)).view("<u4").astype(np.uint64)
    return int((words * (np.arange(len(words), dtype=np.uint64) * 2 + 1)).sum(dtype=np.uint64))


def box(origin, size):
    return tuple(slice(start, start + length) for start, length in zip(origin, size))


class Task:
    """A workload: where its windows are, and what one result is. Some have more to do: see below."""

    def __init__(self, folder, file, size, checked=8):
        self.path, self.size, self.checked = folder / file, size, checked
        self.mapped = np.load(self.path, mmap_mode="r")
        self.plain = self.mapped.view(np.ndarray)
        self.shape = self.mapped.shape
        self.output = np.empty(self.view(self.plain, (0,) * len(size)).shape, self.element)

    @property
    def element(self):
        return self.mapped.dtype.newbyteorder("=")

    def place(self, random):
        return tuple(random.below(n - k + 1) for n, k in zip(self.shape, self.size))

    def view(self, array, place):
        return array[box(place, self.size)]

    def usual(self, place):
        return np.array(self.view(self.mapped, place))

    def fastest(self, place):
        np.copyto(self.output, self.view(self.plain, place))
        return self.output

    def prepare(self):
        """Has all pages in the page tables."""
        np.frombuffer(self.mapped._mmap, np.uint8)[::4096].max()

    def before(self):
        """What comes before each result, and is not timed."""

    def sum(self, result):
        return checksum(result)


class Reordered(Task):
    """Elements of another byte order, or of a file in Fortran order."""

    def usual(self, place):
        return self.view(self.mapped, place).astype(self.element, order="C")


class Stepped(Task):
    def view(self, array, place):
        y, x = place
        return array[y : y + self.size[0] : 4, x : x + self.size[1] : 4]


class Reversed(Task):
    def view(self, array, place):
        return array[box(place, self.size)][::-1, ::-1]


class Channel(Task):
    def view(self, array, place):
        return array[box(place, self.size)][..., 1]


class Scaled(Task):
    scale = np.float32(1) / np.float32(255)
    element = np.dtype(np.float32)

    def usual(self, place):
        return self.view(self.mapped, place).astype(np.float32) * self.scale

    def fastest(self, place):
        return np.multiply(self.view(self.plain, place), self.scale, out=self.output)


class Reopened(Task):
    def usual(self, place):
        return np.array(self.view(np.load(self.path, mmap_mode="r"), place))

    def fastest(self, place):
        # Without reading the header: of all files of this size and type it is the same.
        file = np.memmap(self.path, self.element, "r", 128, self.shape)
        np.copyto(self.output, self.view(file.view(np.ndarray), place))
        return self.output

    def prepare(self):
        pass


class Cold(Reopened):
    element = np.dtype(np.float32)

    def __init__(self, *arguments):
        super().__init__(*arguments, checked=1)
        # What is mapped does not leave the page cache.
        del self.mapped, self.plain

    def before(self):
        with open(self.path, "rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


class Batch(Task):
    """256 windows in one block."""

    def __init__(self, *arguments):
        super().__init__(*arguments, checked=1)
        self.output = np.empty((256, *self.size), self.element)

    def place(self, random):
        return [super(Batch, self).place(random) for _ in range(256)]

    def usual(self, place):
        return np.stack([self.view(self.mapped, each) for each in place])

    def fastest(self, place):
        for output, each in zip(self.output, place):
            output[...] = self.view(self.plain, each)
        return self.output


class Padded(Task):
    """Windows that reach out of the matrix at the left, and some at the top or the bottom."""

    mode = "constant"

    def place(self, random):
        return random.below(16382) - 127, -(1 + random.below(127))

    def parts(self, place):
        """What lies in the matrix, and how much is missing on each side of it."""
        inside = tuple(slice(max(p, 0), min(p + 256, n)) for p, n in zip(place, self.shape))
        missing = [(s.start - p, p + 256 - s.stop) for p, s in zip(place, inside)]
        return inside, missing

    def usual(self, place):
        inside, missing = self.parts(place)
        return np.pad(self.mapped[inside], missing, mode=self.mode)

    def fastest(self, place):
        inside, missing = self.parts(place)
        if self.mode == "reflect":
            return np.pad(self.plain[inside], missing, mode=self.mode)
        self.output.fill(0)
        self.output[tuple(slice(a, 256 - b) for a, b in missing)] = self.plain[inside]
        return self.output


class Reflected(Padded):
    mode = "reflect"


class Whole(Task):
    def __init__(self, *arguments):
        super().__init__(*arguments, checked=1)
        self.output = np.empty(self.shape, self.element)

    def place(self, random):
        return ()

    def usual(self, place):
        return np.load(self.path)

    def fastest(self, place):
        with open(self.path, "rb") as file:
            file.seek(128)
            file.readinto(memoryview(self.output).cast("B"))
        return self.output

    def sum(self, result):
        data = result.reshape(-1).view(np.uint8)
        return checksum(np.concatenate([data[:64], data[-64:]]))


class Hot(Task):
    """Always the first rows, from one of eight columns."""

    def place(self, random):
        return random.below(1), random.below(8)


class Pooled(Task):
    """Windows from 32 places, whatever the size of the file is."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        random = Random(7)
        self.pool = [super(Pooled, self).place(random) for _ in range(32)]

    def place(self, random):
        return self.pool[random.below(32)]

    def prepare(self):
        for place in self.pool:
            self.fastest(place)


class PooledReopened(Pooled, Reopened):
    pass


TASKS = {
    "W1": (Task, "f32.npy", (64, 64)),
    "W2": (Reopened, "f32.npy", (64, 64)),
    "W3": (Task, "u16.npy", (32, 32, 32)),
    "W4": (Task, "f32.npy", (1024, 1024)),
    "W5": (Task, "f32.npy", (8192, 8192), 1),
    "W6a": (Stepped, "f32.npy", (4096, 4096)),
    "W6b": (Reversed, "f32.npy", (1024, 1024)),
    "W6c": (Channel, "rgb.npy", (1024, 1024)),
    "W7f": (Reordered, "fort_f32.npy", (512, 512)),
    "W7b": (Reordered, "fort_u8.npy", (512, 512)),
    "W8f": (Reordered, "be_f4.npy", (1024, 1024)),
    "W8h": (Reordered, "be_i2.npy", (1024, 1024)),
    "W9": (Scaled, "rgb.npy", (512, 512)),
    "W10": (Batch, "f32.npy", (128, 128)),
    "W11a": (Cold, "f32.npy", (64, 64)),
    "W13": (Whole, "f32.npy", ()),
    "W15": (Task, "six.npy", (4,) * 6),
    "W16c": (Padded, "f32.npy", (256, 256)),
    "W16r": (Reflected, "f32.npy", (256, 256)),
}


def task_of(name, folder):
    """The task of a workload; None for one that is not done here."""
    if name in ("W1s", "W2s"):
        name = name[:-1]
    if column := re.fullmatch(r"(W14h?)-(\d)-(\d+)", name):
        kind = Hot if column[1] == "W14h" else Task
        return kind(folder, f"tall{column[2]}.npy", (4096, int(column[3])))
    if growth := re.fullmatch(r"W12([mo])-(\w+)", name):
        file = "f32.npy" if growth[2] == "1G" else f"g{growth[2]}.npy"
        return (Pooled if growth[1] == "m" else PooledReopened)(folder, file, (64, 64))
    if name in TASKS:
        kind, *arguments = TASKS[name]
        return kind(folder, *arguments)
    return None


def timed(task, way, count, random, seconds):
    """The times of one round; fewer than asked for where they take long."""
    way(task.place(random))
    times, end = [], time.monotonic() + seconds
    for _ in range(count):
        place = task.place(random)
        task.before()
        start = time.perf_counter_ns()
        result = way(place)
        times.append(time.perf_counter_ns() - start)
        # Giving it back is not in the time.
        del result
        if time.monotonic() > end:
            break
    return times


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--workload", required=True)
    parser.add_argument("--data", required=True, type=pathlib.Path)
    parser.add_argument("--reps", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    task = task_of(options.workload, options.data)
    if not task:
        return
    task.prepare()
    ways = {"usual": task.usual, "fastest": task.fastest}
    sums, times, faults = {}, {name: [] for name in ways}, dict.fromkeys(ways, 0)
    for name, way in ways.items():
        random, sums[name] = Random(42), 0
        for number in range(task.checked):
            place = task.place(random)
            task.before()
            sums[name] += task.sum(way(place)) * (2 * number + 1)
    random = Random(options.seed)
    for _ in range(min(4, options.reps)):
        for name, way in ways.items():
            before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
            times[name].append(timed(task, way, -(-options.reps // 4), random, 1))
            faults[name] += resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    for name in ways:
        every = sorted(itertools.chain(*times[name]))
        print(json.dumps({
            "workload": options.workload, "variant": name, "threads": 1, "reps": len(every),
            "median_ns": int(statistics.median(map(statistics.median, times[name]))),
            "p99_ns": every[len(every) * 99 // 100], "min_ns": every[0],
            "minflt_per_rep": faults[name] / len(every),
            "checksum": f"{sums[name] & MASK:016x}",
        }))  # fmt: skip


if __name__ == "__main__":
    main()
