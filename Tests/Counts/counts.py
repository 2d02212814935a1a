#!/usr/bin/env python3
"""Counts what a crop takes, and compares it with the counts of counts.txt: instructions, allocations and
page faults, which do not depend on what else the machine does.

  counts.py --program PROGRAM            fails where a count has grown
  counts.py --program PROGRAM --update   writes the counts to counts.txt

Each case of the program runs in a process of its own, once under callgrind and once without. Of five rounds of
16 crops, after more that do not count, the one in the middle is taken. Instructions may grow by 5 %, allocations
and faults not at all. Counts of another machine or another compiler say nothing: then nothing is compared.
"""
import argparse
import concurrent.futures
import os
import pathlib
import platform
import re
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile

TABLE = pathlib.Path(__file__).with_name("counts.txt")
UPDATE = ".ci/run update-counts"
KINDS = ("instructions", "allocations", "faults")
MOST_GROWTH = 0.05
# Of allocations and faults, which are a few: what a mean of 16 crops is rounded by.
ROUNDING = 0.01


# The files


def write_array(path, descr, shape, order="C"):
    """Writes an .npy file, of numbers that are none of them NaN."""
    header = f"{{'descr': {descr}, 'fortran_order': {order == 'F'}, 'shape': {shape}, }}"
    header += " " * (-(10 + len(header) + 1) % 64) + "\n"
    item_size = sum(int(size) for size in re.findall(r"[<>|][fu](\d)", descr))
    count = item_size
    for length in shape:
        count *= length
    pattern = bytes((index * 7 + 3) % 127 for index in range(4093))
    data = (pattern * (count // len(pattern) + 1))[:count]
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data)


def make_files(folder):
    folder.mkdir()
    write_array(folder / "float32.npy", "'<f4'", (1024, 1024))
    write_array(folder / "fortran_float32.npy", "'<f4'", (512, 512), "F")
    write_array(folder / "fortran_uint8.npy", "'|u1'", (512, 512), "F")
    write_array(folder / "uint8.npy", "'|u1'", (512, 512))
    write_array(folder / "big_endian.npy", "'>f4'", (512, 512))
    write_array(folder / "six.npy", "'<f4'", (8,) * 6)
    record = "[('id', '<u4'), ('position', [('x', '<f4'), ('y', '<f4')]), ('weight', '<f8')]"
    write_array(folder / "records.npy", record, (512, 512))


# Counting


class Counter:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        # As long as names of files are, since short texts of Swift's are no allocations.
        self.files = "files-of-the-counts"
        make_files(folder / self.files)
        # Nothing of the user's: the size of the environment moves the stack. Nor the name of the folder,
        # which is the working directory.
        self.environment = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C",
            "SWIFT_DETERMINISTIC_HASHING": "1",
        }
        self.valgrind = shutil.which("valgrind")

    def output(self, command):
        run = subprocess.run(
            command, env=self.environment, cwd=self.folder, capture_output=True, text=True
        )
        if run.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))}: {run.stderr[-2000:]}")
        return run.stdout

    def names(self):
        return self.output([self.program, self.files]).split()

    def counts(self, name, *twice):
        """The counts of one crop, by their kind."""
        command = [self.program, self.files, name, *twice]
        allocations, faults, crops = map(int, self.output(command).split())
        counts = {"allocations": allocations / crops, "faults": faults / crops}
        if self.valgrind:
            counts["instructions"] = self.instructions(command) / crops
        return counts

    def instructions(self, command):
        """Those of a round: callgrind writes a file at each of its two ends."""
        with tempfile.TemporaryDirectory() as folder:
            self.output(
                [self.valgrind, "-q", "--tool=callgrind", "--dump-before=count_mark",
                 f"--log-file={folder}/log", f"--callgrind-out-file={folder}/out", *command]
            )  # fmt: skip
            totals = []
            for number in range(2, 11, 2):
                text = pathlib.Path(folder, f"out.{number}").read_text()
                totals.append(int(re.search(r"^totals: (\d+)", text, re.MULTILINE)[1]))
            return statistics.median(totals)

    def table(self, names):
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            return dict(zip(names, pool.map(self.counts, names)))


def environment(folder, valgrind):
    """What the counts depend on besides the library."""
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout
    flags = pathlib.Path("/proc/cpuinfo").read_text()
    return {
        # Callgrind shows every processor with AVX2 as the same one, to the C library, too.
        "processor": platform.machine() + (", AVX2" if re.search(r"\bavx2\b", flags) else ""),
        "compiler": re.search(r"Swift version [^ ]+", swift)[0],
        "C library": " ".join(platform.libc_ver()),
        # What a crop checks depends on both.
        "kernel": "Linux " + ".".join(platform.release().split(".")[:2]),
        "file system": subprocess.run(
            ["stat", "-f", "-c", "%T", folder], capture_output=True, text=True
        ).stdout.strip(),
        "callgrind": subprocess.run(
            [valgrind, "--version"], capture_output=True, text=True
        ).stdout.strip()
        if valgrind
        else "none",
    }


# The table


def read_table(text):
    """What the counts depend on, and the counts of each case."""
    head = dict(re.findall(r"^# ([^:\n]+): (.*)$", text, re.MULTILINE))
    rows = [line.split() for line in text.splitlines() if line and line[0] != "#"]
    return head, {
        name: dict(zip(KINDS, map(float, counts)))
        for name, *counts in rows
    }  # fmt: skip


def written(head, table):
    lines = [f"# What one crop of each case takes. `{UPDATE}` writes this file.", "#"]
    lines += [f"# {key}: {value}" for key, value in head.items()]
    lines += ["#", f"# {'case':<28}" + "".join(f"{kind:>14}" for kind in KINDS)]
    for name, counts in sorted(table.items()):
        lines.append(
            f"{name:<30}{counts['instructions']:>14.0f}{counts['allocations']:>14.2f}"
            f"{counts['faults']:>14.2f}"
        )
    return "\n".join(lines) + "\n"


def compared(expected, found):
    """What has grown, what has fallen, and what is in one table only, in words."""
    grown, fallen = [], []
    for name in sorted(expected.keys() | found.keys()):
        if name not in expected or name not in found:
            grown.append(f"{name}: only in {'the table' if name in expected else 'the program'}")
            continue
        for kind, new in found[name].items():
            old = expected[name][kind]
            margin = old * MOST_GROWTH if kind == "instructions" else ROUNDING
            digits = 0 if kind == "instructions" else 2
            change = f" ({new / old - 1:+.1%})" if old > 0 else ""
            words = f"{name}: {old:.{digits}f} {kind} in the table, now {new:.{digits}f}{change}"
            if new > old + margin:
                grown.append(words)
            elif new < old - margin:
                fallen.append(words)
    return grown, fallen


def check_the_check(counter, found):
    """Ends the program unless growth is seen: of what the library does, and in every line of the table."""
    for name in ("window", "window-allocated", "open-crop-close"):
        # Twice, but for what malloc takes: no count has a part of what comes before the rounds.
        once, twice = found[name], counter.counts(name, "twice")
        if any(abs(twice[kind] - 2 * once[kind]) > 0.05 * once[kind] for kind in once):
            sys.exit(f"counts.py: {name} takes {once}, and made twice {twice}")
        seen = compared({name: once}, {name: twice})[0]
        if len(seen) != sum(count > 0 for count in once.values()):
            sys.exit(f"counts.py: {name} is made twice, of which only this is seen: {seen}")
    for name, counts in found.items():
        for kind, count in counts.items():
            # One allocation or fault more in a round is one too many.
            less = count / 1.06 if kind == "instructions" else count - 1 / 16
            if not compared({**found, name: {**counts, kind: less}}, found)[0]:
                sys.exit(f"counts.py: nobody would see that {name} takes more {kind}")
    if compared(found, found) != ([], []):
        sys.exit("counts.py: counts differ from themselves")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--update", action="store_true", help="write the table")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="npycrop-counts-") as folder:
        counter = Counter(options.program.resolve(), pathlib.Path(folder))
        here = environment(folder, counter.valgrind)
        if options.update and not counter.valgrind:
            sys.exit("counts.py: valgrind is missing")
        if not options.update:
            head, expected = read_table(TABLE.read_text())
            other = [
                f"{key} is {here[key]} here, and was {head.get(key, 'none')} for {TABLE.name}"
                for key in here
                if here[key] != head.get(key)
            ]
            if other and other[0].startswith("callgrind"):
                # That counts nothing but instructions.
                counter.valgrind = None
                print(f"skipped: instructions: {other[0]}")
            elif other:
                print(f"skipped: all counts: {'; '.join(other)}")
                return 0
        found = counter.table(counter.names())
        check_the_check(counter, found)
    if options.update:
        TABLE.write_text(written(here, found))
        print(f"{len(found)} cases written to {TABLE.name}")
        return 0
    grown, fallen = compared(expected, found)
    for words in fallen:
        print(f"less: {words}")
    for words in grown:
        print(f"more: {words}", file=sys.stderr)
    if grown:
        print(f"If that is meant to be: {UPDATE}", file=sys.stderr)
    elif fallen:
        print(f"So that it stays so: {UPDATE}")
    print(f"{len(found)} cases, {len(grown)} counts have grown, {len(fallen)} have fallen")
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
