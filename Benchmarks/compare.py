#!/usr/bin/env python3
"""Compares programs on the workloads of README.md, in rounds that take turns, and prints a Markdown table.

    compare.py make DIR [FILE …]                makes the files, or those named
    compare.py run --data DIR NAME=COMMAND …    runs the programs, and prints the table
    compare.py table FILE                       prints the table of an earlier run once more

The first program is the one that the others are compared with. What counts is the ratio of two times
within a round, since the speed of a machine changes by the minute.
"""
import argparse
import collections
import itertools
import json
import mmap
import os
import pathlib
import platform
import re
import shlex
import statistics
import subprocess
import sys

import numpy as np

# The files

FILES = {  # name: type, shape, whether in Fortran order
    "f32.npy": ("<f4", (16384, 16384), False),
    "u16.npy": ("<u2", (1024, 1024, 512), False),
    "rgb.npy": ("|u1", (8192, 8192, 3), False),
    "fort_f32.npy": ("<f4", (8192, 8192), True),
    "fort_u8.npy": ("|u1", (8192, 8192), True),
    "be_f4.npy": (">f4", (8192, 8192), False),
    "be_i2.npy": (">i2", (8192, 8192), False),
    "tall1.npy": ("|u1", (131072, 256), False),
    "tall2.npy": ("<u2", (131072, 256), False),
    "tall4.npy": ("<f4", (131072, 256), False),
    "tall8.npy": ("<u8", (131072, 256), False),
    "six.npy": ("<f4", (20,) * 6, False),
}
# Those of the workloads W12, which are made only where they are named.
GROWTH_FILES = {
    "g1M.npy": ("<f4", (512, 512), False),
    "g64M.npy": ("<f4", (4096, 4096), False),
    "g8G.npy": ("<f4", (32768, 65536), False),
    "g1T.npy": ("<f4", (1 << 19, 1 << 19), False),
}
SPARSE = "g1T.npy"


def make_file(path, descr, shape, is_fortran, seed):
    """Writes random numbers: from 0 to 1 where they have a fraction, else any."""
    dtype, count = np.dtype(descr), int(np.prod(shape, dtype=np.int64))
    numbers = np.random.Generator(np.random.SFC64(seed))
    header = {"descr": descr, "fortran_order": is_fortran, "shape": shape}
    unfinished = path.with_name(path.name + ".part")
    with open(unfinished, "wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        if path.name == SPARSE:
            file.truncate(file.tell() + count * dtype.itemsize)
            count = 0
        while count > 0:
            part = min(count, 1 << 24)
            if dtype.kind == "f":
                file.write(numbers.random(part, dtype=np.float32).astype(dtype).tobytes())
            else:
                file.write(numbers.bytes(part * dtype.itemsize))
            count -= part
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)


def make(options):
    options.folder.mkdir(parents=True, exist_ok=True)
    for seed, (name, layout) in enumerate({**FILES, **GROWTH_FILES}.items()):
        path = options.folder / name
        if name in (options.files or FILES) and not path.exists():
            print(path, flush=True)
            make_file(path, *layout, seed)
    unknown = set(options.files) - FILES.keys() - GROWTH_FILES.keys()
    return f"no workload has a file {', '.join(sorted(unknown))}" if unknown else 0


# The workloads

Workload = collections.namedtuple("Workload", "name title file reps")

WORKLOADS = [
    Workload("W1", "64² float32", "f32.npy", 4000),
    Workload("W1s", "the same, cached page by page", "f32.npy", 4000),
    Workload("W2", "open, 64² float32, close", "f32.npy", 400),
    Workload("W2s", "the same, cached page by page", "f32.npy", 400),
    Workload("W3", "32³ uint16", "u16.npy", 1200),
    Workload("W4", "1024² float32", "f32.npy", 150),
    Workload("W5", "8192² float32, 256 MiB", "f32.npy", 6),
    Workload("W6a", "4096² float32, each 4th of each axis", "f32.npy", 90),
    Workload("W6b", "1024² float32, reversed", "f32.npy", 150),
    Workload("W6c", "one channel of 1024² × 3 uint8", "rgb.npy", 200),
    Workload("W7f", "512² float32, Fortran to C order", "fort_f32.npy", 200),
    Workload("W7b", "512² uint8, Fortran to C order", "fort_u8.npy", 200),
    Workload("W8f", "1024² big-endian float32", "be_f4.npy", 150),
    Workload("W8h", "1024² big-endian int16", "be_i2.npy", 200),
    Workload("W9", "512² × 3 uint8 to float32 in 0…1", "rgb.npy", 200),
    Workload("W10", "256 windows of 128² float32", "f32.npy", 30),
    Workload("W11a", "a cold file: open, 64² float32, close", None, 7),
    Workload("W11b", "a cold file: open, 256 windows of 64² float32, close", None, 3),
    Workload("W13", "all of 1 GiB", "f32.npy", 3),
    Workload("W14-1-1", "a column of 4096 uint8", "tall1.npy", 600),
    Workload("W14-2-1", "a column of 4096 uint16", "tall2.npy", 600),
    Workload("W14-4-1", "a column of 4096 float32", "tall4.npy", 600),
    Workload("W14-8-1", "a column of 4096 uint64", "tall8.npy", 600),
    Workload("W14-4-8", "8 columns of 4096 float32", "tall4.npy", 600),
    Workload("W14h-1-1", "a column of 4096 uint8 in the caches", "tall1.npy", 600),
    Workload("W15", "4⁶ of 20⁶ float32", "six.npy", 2000),
    Workload("W16c", "256² float32 across the border, constant", "f32.npy", 600),
    Workload("W16r", "256² float32 across the border, reflected", "f32.npy", 600),
]


def workload(name):
    for each in WORKLOADS:
        if each.name == name:
            return each
    # Those that are not run unless they are named.
    form = re.fullmatch(r"(W12[mo])-(1M|64M|1G|8G|1T)|(W14h?)-([1248])-(\d+)", name)
    if not form:
        raise argparse.ArgumentTypeError(f"{name} is no workload")
    if form[1]:
        way = "64² float32" if form[1] == "W12m" else "open, 64² float32, close"
        size = f"{form[2][:-1]} {form[2][-1]}iB"
        return Workload(name, f"{way}, in {size}", None, 3000 if form[1] == "W12m" else 900)
    title = f"{form[5]} columns of 4096 elements of {form[4]} bytes"
    return Workload(name, title, f"tall{form[4]}.npy", 600)


def fill_page_cache(path, by_page):
    """Has the page cache hold a file in pieces of 2 MiB, as far as the kernel will, or of 4 KiB each."""
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        if by_page:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_RANDOM)
            pages = -(-size // mmap.PAGESIZE)
            # In no order: nothing is read ahead. 97 is no divisor of numbers of pages.
            for page in range(pages):
                os.pread(file.fileno(), 1, page * 97 % pages * mmap.PAGESIZE)
        else:
            with mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapping:
                if hasattr(mmap, "MADV_HUGEPAGE"):
                    mapping.madvise(mmap.MADV_HUGEPAGE)
                for offset in range(0, size, mmap.PAGESIZE):
                    mapping[offset]


# A run


def lines_of(command, arguments, seconds):
    """The lines of one program for one workload; none where it has nothing for it."""
    try:
        run = subprocess.run(
            [*command, *arguments], capture_output=True, text=True, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        return [], f"not done after {seconds} s"
    lines = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    return lines, run.stderr.strip()[-300:] if run.returncode != 0 else ""


def run(options):
    names = [name for name, _ in options.programs]
    if len(set(names)) < len(names):
        return "two programs have one name"
    workloads = options.workloads or WORKLOADS
    missing = {each.file for each in workloads if each.file} - set(os.listdir(options.data))
    if missing:
        return f"{options.data} has no {', '.join(sorted(missing))}: compare.py make {options.data}"
    records = [{"head": {"machine": machine(), "commit": commit(), "rounds": options.rounds}}]
    with open(options.results or os.devnull, "w") as results:

        def note(record):
            records.append(record)
            print(json.dumps(record), file=results, flush=True)

        print(json.dumps(records[0]), file=results)
        for each in workloads:
            print(each.name, end=" ", file=sys.stderr, flush=True)
            if each.file:
                fill_page_cache(options.data / each.file, by_page=each.name in ("W1s", "W2s"))
            for number in range(options.rounds):
                # Another one is the first each time: it follows what leaves more in the caches, or less.
                turn = number % len(options.programs)
                for name, command in options.programs[turn:] + options.programs[:turn]:
                    lines, fault = lines_of(
                        command,
                        ["--workload", each.name, "--data", str(options.data),
                         "--reps", str(each.reps), "--seed", str(number + 1)],
                        options.timeout,
                    )  # fmt: skip
                    if fault:
                        print(f"\n{each.name}: {name}: {fault}", file=sys.stderr)
                    for line in lines:
                        note({**line, "program": name, "round": number})
        print(file=sys.stderr)
    return show(records, names[0])


# The table


def machine():
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    model = model[1] if model else platform.machine()
    return f"{model}, {os.cpu_count()} cores, Linux {platform.release()}"


def commit():
    def git(*arguments):
        folder = pathlib.Path(__file__).parent
        run = subprocess.run(
            ["git", "-C", folder, *arguments], capture_output=True, text=True
        )  # fmt: skip
        return run.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no")
    return git("rev-parse", "--short", "HEAD") + (" with changes" if changed else "")


def time_text(nanoseconds):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3), ("ns", 1)):
        if nanoseconds >= size or size == 1:
            value = nanoseconds / size
            return f"{value:.{2 if value < 10 else 1 if value < 100 else 0}f} {unit}"


def ratios_text(times, others):
    """The median of the ratios within rounds, and the least and the largest of them."""
    ratios = sorted(times[number] / others[number] for number in times.keys() & others.keys())
    if not ratios:
        return "–"
    return f"**{statistics.median(ratios):.2f}** ({ratios[0]:.2f}–{ratios[-1]:.2f})"


def variants_of(lines, checksum):
    """The times of each variant by round, of each program; and what gave another result."""
    programs, threads, wrong = {}, {}, set()
    for line in lines:
        key = (line["program"], line["variant"])
        if line["checksum"] != checksum:
            wrong.add(key)
            continue
        programs.setdefault(key[0], {}).setdefault(key[1], {})[line["round"]] = line["median_ns"]
        threads[key] = line["threads"]
    return programs, threads, wrong


def show(records, first):
    """Prints the table. A row is a variant of the first program: the first that it prints, and those that have
    more threads. Another program stands there with its variant of the same name, or else with the fastest
    that has one thread."""
    head, lines = records[0]["head"], records[1:]
    others = list(dict.fromkeys(line["program"] for line in lines if line["program"] != first))
    print(f"{head['machine']}; commit {head['commit']}; {head['rounds']} rounds\n")
    print("| workload | " + " | ".join([first, *(f"{first} ÷ {other}" for other in others)]) + " |")
    print("|---" * (2 + len(others)) + "|")
    faults = []
    for name, group in itertools.groupby(lines, key=lambda line: line["workload"]):
        group = list(group)
        checksum = next((line["checksum"] for line in group if line["program"] == first), None)
        programs, threads, wrong = variants_of(group, checksum)
        for key in sorted(wrong):
            print(f"{name}: {' '.join(key)} has another result, and is left out", file=sys.stderr)
        faults += [f"{name}: {program}" for program, _ in wrong if program not in programs]
        for number, (variant, times) in enumerate(programs.get(first, {}).items()):
            if number > 0 and threads[first, variant] == 1:
                continue
            cells = [f"`{name}` {workload(name).title}" if number == 0 else f"`{name}` in tasks"]
            cells.append(f"{time_text(statistics.median(times.values()))} `{variant}`")
            for other in others:
                medians = {
                    way: statistics.median(found.values())
                    for way, found in programs.get(other, {}).items()
                    if (threads[other, way] == 1 if (other, variant) not in threads else way == variant)
                }
                if not medians:
                    cells.append("–")
                    continue
                best = min(medians, key=medians.get)
                ratios = ratios_text(times, programs[other][best])
                cells.append(f"{ratios} of {time_text(medians[best])} `{best}`")
            print("| " + " | ".join(cells) + " |")
    return f"another result: {', '.join(sorted(set(faults)))}" if faults else 0


def table(options):
    records = [json.loads(line) for line in options.results.read_text().splitlines()]
    if len(records) < 2:
        return f"{options.results}: no results"
    return show(records, records[1]["program"])


# The command line


def program(text):
    name, _, command = text.partition("=")
    if not name or not command:
        raise argparse.ArgumentTypeError(f"{text} is not NAME=COMMAND")
    return name, shlex.split(command)


def positive(text):
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text} is not positive")
    return int(text)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    make_options = commands.add_parser("make", help="make the files")
    make_options.add_argument("folder", type=pathlib.Path, metavar="DIR")
    make_options.add_argument("files", nargs="*", metavar="FILE")
    make_options.set_defaults(action=make)
    run_options = commands.add_parser("run", help="run the programs, print the table")
    run_options.add_argument("--data", required=True, type=pathlib.Path, metavar="DIR")
    run_options.add_argument(
        "--workloads", type=lambda text: [workload(name) for name in text.split(",")],
        metavar="W,…", help="which, in place of all but W12",
    )  # fmt: skip
    run_options.add_argument("--rounds", type=positive, default=7)
    run_options.add_argument("--results", metavar="FILE", help="where to keep all lines")
    run_options.add_argument(
        "--timeout", type=positive, default=300, metavar="S", help="for one program and workload"
    )
    run_options.add_argument("programs", nargs="+", type=program, metavar="NAME=COMMAND")
    run_options.set_defaults(action=run)
    table_options = commands.add_parser("table", help="print the table of an earlier run")
    table_options.add_argument("results", type=pathlib.Path, metavar="FILE")
    table_options.set_defaults(action=table)
    options = parser.parse_args()
    fault = options.action(options)
    sys.exit(f"compare.py: {fault}" if fault else 0)


if __name__ == "__main__":
    main()
