"""Pickles, forks, files that change, and what an import does to a process."""

import copy
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading

import npycrop
import numpy as np
import pytest


@pytest.fixture
def path(tmp_path):
    np.save(tmp_path / "a.npy", np.arange(600_000, dtype="<i4").reshape(600, 1000))
    return tmp_path / "a.npy"


def run(code: str, *arguments: object) -> subprocess.CompletedProcess:
    """Runs code in a process of its own."""
    environment = {**os.environ, "PYTHONFAULTHANDLER": ""}
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
        check=False,
    )


def checked(code: str, *arguments: object) -> str:
    result = run(code, *arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_a_pickle_is_small_and_opens_the_file(path):
    opened = npycrop.open(path)
    for array in [opened, opened.astype("f4", scale=0.5).pad("edge"), opened.view("f4")]:
        data = pickle.dumps(array)
        assert len(data) < 1000 and data == pickle.dumps(array)
        again = pickle.loads(data)
        assert pickle.dumps(again) == data and again.shape == array.shape and again.dtype == array.dtype
        np.testing.assert_array_equal(again[3:5, 7:9], array[3:5, 7:9])
    assert copy.copy(opened) is opened and copy.deepcopy(opened) is opened


def test_a_pickle_reads_nothing_until_it_is_used(path):
    data = pickle.dumps(npycrop.open(path))
    path.unlink()
    again = pickle.loads(data)
    assert again.path == str(path)
    with pytest.raises(FileNotFoundError):
        again[0]


def test_the_arrays_of_one_file_open_it_once(path):
    data = pickle.dumps(npycrop.open(path))
    before = len(os.listdir("/proc/self/fd"))
    arrays = [pickle.loads(data) for _ in range(50)]
    assert all(array[0, 1] == 1 for array in arrays)
    assert len(os.listdir("/proc/self/fd")) <= before + 1


def test_a_file_that_changed_since_is_an_error(path):
    opened = npycrop.open(path)
    tolerant = npycrop.open(path, on_change="ignore")
    strict, ignoring = pickle.dumps(opened), pickle.dumps(tolerant)
    assert opened.is_current()
    np.save(path, np.zeros((5, 5), "<i4"))
    assert not opened.is_current()
    with pytest.raises(npycrop.FileChangedError, match="a.npy"):
        pickle.loads(strict)[0]
    assert pickle.loads(ignoring).shape == (5, 5)


def test_exceptions_go_to_another_process():
    error = npycrop.FileChangedError("a text")
    assert str(pickle.loads(pickle.dumps(error))) == "a text" and isinstance(error, OSError)


def test_tokens_tell_arrays_apart(path, tmp_path):
    opened = npycrop.open(path)
    tokens = [
        array.__dask_tokenize__()
        for array in [
            opened,
            opened.astype("f4"),
            opened.astype("f4", scale=2),
            opened.pad("edge"),
            npycrop.open(path, access="pread"),
        ]
    ]
    assert len(set(tokens)) == len(tokens)
    assert all(isinstance(part, str | int) for token in tokens for part in token)
    assert pickle.loads(pickle.dumps(opened)).__dask_tokenize__() == tokens[0]
    for name, dtype in [("x", [("a", "u1"), ("b", "<i2")]), ("y", [("a", "<i2"), ("b", "u1")])]:
        np.save(tmp_path / name, np.zeros(3, dtype))
    first, second = (npycrop.open(tmp_path / f"{name}.npy").__dask_tokenize__() for name in "xy")
    assert first[5:] != second[5:]


def _window(array):
    return array[5:7, 100:103].tolist(), array.windows([[0, 0], [598, 998]], (2, 2), threads=2).tolist()


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_another_process_crops_from_the_same_array(path, method):
    opened = npycrop.open(path)
    expected = _window(opened)
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map(_window, [opened] * 8) == [expected] * 8


def test_a_crop_after_a_fork(path):
    checked(
        """
        import os, sys, threading, npycrop, numpy as np
        a = npycrop.open(sys.argv[1])
        def crop():
            assert a[599, 999] == 599999
            assert a.windows([[0, 0]] * 64, (100, 100), threads=4).sum() == 64 * a[:100, :100].sum()
        crop()
        stop = threading.Event()
        def busy():
            while not stop.is_set():
                crop()
        threads = [threading.Thread(target=busy) for _ in range(2)]
        for thread in threads: thread.start()
        children = []
        for _ in range(20):
            child = os.fork()
            if child == 0:
                try:
                    crop()
                    os._exit(0)
                except BaseException:
                    os._exit(1)
            children.append(child)
        assert all(os.waitpid(child, 0)[1] == 0 for child in children)
        stop.set()
        for thread in threads: thread.join()
        """,
        path,
    )


def test_a_file_that_is_cut_is_an_error_and_no_crash(path):
    output = checked(
        """
        import os, sys, npycrop, numpy as np
        a = npycrop.open(sys.argv[1])
        first = a[0, :5].tolist()
        os.truncate(sys.argv[1], 4096)
        for crop in [lambda: a[599], lambda: a[500:], lambda: a.windows([[590, 0]], (10, 10)), lambda: a[[599, 3], [1, 2]],
                     lambda: np.asarray(a), lambda: a.astype("f4")[300:400], lambda: a.crop(np.s_[100:], threads=2)]:
            try:
                crop()
            except npycrop.FileChangedError as error:
                assert sys.argv[1] in str(error)
            else:
                sys.exit("no error")
        print(first)
        """,
        path,
    )
    assert output == "[0, 1, 2, 3, 4]\n"


def test_a_file_that_is_cut_while_threads_crop(path):
    checked(
        """
        import os, sys, threading, npycrop
        a = npycrop.open(sys.argv[1])
        a[...]
        ready, faults = threading.Barrier(3), []
        def crop():
            ready.wait()
            while True:
                try:
                    a[:]
                except npycrop.FileChangedError:
                    return
                except BaseException as error:
                    faults.append(error)
                    return
        threads = [threading.Thread(target=crop) for _ in range(2)]
        for thread in threads: thread.start()
        ready.wait()
        os.truncate(sys.argv[1], 1000)
        for thread in threads: thread.join()
        assert not faults, faults
        """,
        path,
    )


def test_python_goes_on_while_a_crop_copies(path):
    opened = npycrop.open(path)
    found = []

    def crop():
        for row in range(200):
            found.append(int(opened[row % 600 :, :].ravel()[0]) == row % 600 * 1000)

    threads = [threading.Thread(target=crop) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 800 and all(found)


def test_control_c_stops_a_crop(tmp_path):
    path = tmp_path / "sparse.npy"
    made = np.lib.format.open_memmap(path, "w+", "u1", (1 << 40,))
    del made
    output = checked(
        """
        import os, signal, sys, threading, npycrop
        import numpy as np
        a = npycrop.open(sys.argv[1])
        # 400 MiB a call, and a thousand calls: nobody waits for them.
        out = np.empty(400 << 20, "u1")
        origins = np.zeros((400, 1), "i8")
        threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        try:
            for _ in range(1000):
                a.windows(origins, (1 << 20,), out=out.reshape(400, -1), threads=int(sys.argv[2]))
        except KeyboardInterrupt:
            print("stopped")
        """,
        path,
        2,
    )
    assert output == "stopped\n"


def test_an_import_changes_no_signal_and_starts_no_thread(tmp_path):
    output = checked(
        """
        import ctypes, os, sys
        import numpy
        libc = ctypes.CDLL(None)
        def actions():
            found = {}
            for number in range(1, 65):
                record = ctypes.create_string_buffer(256)
                if libc.sigaction(number, None, record) == 0:
                    found[number] = record.raw[:8]
            return found
        before, threads = actions(), len(os.listdir("/proc/self/task"))
        import npycrop
        assert actions() == before
        assert len(os.listdir("/proc/self/task")) == threads
        numpy.save(sys.argv[1], numpy.arange(1000))
        a = npycrop.open(sys.argv[1])
        a[5], a.windows([[1], [2]], (900,), threads=2)
        changed = [number for number, action in actions().items() if action != before[number]]
        print(changed, len(os.listdir("/proc/self/task")) == threads, "dask" in sys.modules, "torch" in sys.modules)
        """,
        str(tmp_path / "a.npy"),
    )
    # Of all signals SIGBUS alone, at the first crop from a mapping.
    assert output == f"[{int(signal.SIGBUS)}] True False False\n"


@pytest.mark.parametrize("order", ["before", "after"])
def test_faulthandler_beside_the_guard(path, order):
    checked(
        """
        import faulthandler, os, sys, npycrop
        if sys.argv[2] == "before": faulthandler.enable()
        a = npycrop.open(sys.argv[1])
        a[:10]
        if sys.argv[2] == "after": faulthandler.enable()
        os.truncate(sys.argv[1], 4096)
        try:
            a[599]
        except npycrop.FileChangedError:
            pass
        else:
            sys.exit("no error")
        """,
        path,
        order,
    )


def test_the_binding_that_was_asked_for():
    name = npycrop.NPYArray.__mro__[1].__module__
    assert name == ("npycrop._base" if os.environ.get("NPYCROP_BINDING") == "ctypes" else "npycrop._native")
