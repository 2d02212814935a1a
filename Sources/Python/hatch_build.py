"""Builds libnpycrop.so with Swift and the extension with a C compiler, and names the wheel after what they need."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import numpy
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).parent
# A source distribution has the Swift package in a folder.
SOURCES = HERE / "swift" if (HERE / "swift").exists() else HERE.parent.parent


class CustomBuildHook(BuildHookInterface):
    """Hatchling finds it by its name."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        if not (SOURCES / "Package.swift").exists():
            raise SystemExit("npycrop: the Swift sources are not there; build it in a checkout of npy-crop")
        # An editable install has its files where the sources are.
        self.folder = HERE / "npycrop" if version == "editable" else SOURCES / ".build" / "wheel"
        self.folder.mkdir(parents=True, exist_ok=True)
        library = self._build_library()
        extension = self._build_extension()
        for file in filter(None, [library, extension]):
            build_data["force_include"][str(file)] = f"npycrop/{file.name}"
        build_data["pure_python"] = False
        # The C library that the fault guard and the Swift runtime need: `auditwheel show` tells.
        machine = f"manylinux_2_35_{platform.machine()}"
        build_data["tag"] = f"cp311-abi3-{machine}" if extension else f"py3-none-{machine}"

    def _build_library(self) -> Path:
        swift = shutil.which("swift")
        if swift is None:
            raise SystemExit("npycrop: to build it takes Swift 6.3 or newer: swift.org/install")
        command = [swift, "build", "-c", "release", "--product", "NPYCropC"]
        command += ["--package-path", str(SOURCES), "--scratch-path", str(SOURCES / ".build" / "python")]
        self._run(command)
        products = self._run([*command, "--show-bin-path"]).strip()
        library = self.folder / "libnpycrop.so"
        # A process may run by the one that is there.
        library.unlink(missing_ok=True)
        shutil.copyfile(Path(products) / "libNPYCropC.so", library)
        # Without the names for debuggers it is half as large.
        strip = shutil.which("strip")
        if strip is not None:
            self._run([strip, "--strip-unneeded", str(library)])
        return library

    def _build_extension(self) -> Path | None:
        """Builds the extension; without a compiler the package works by ctypes."""
        extension = self.folder / "_native.abi3.so"
        extension.unlink(missing_ok=True)
        compiler = shutil.which(os.environ.get("CC", "cc"))
        include = sysconfig.get_path("include")
        if compiler is None or not Path(include, "Python.h").exists():
            self.app.display_warning("npycrop: no C compiler or no Python.h: small windows take longer")
            return None
        self._run(
            [
                *(compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers"),
                *("-shared", "-fPIC", f"-I{include}", f"-I{numpy.get_include()}"),
                f"-I{SOURCES / 'Sources/CNPYCrop/include'}",
                *(str(HERE / "npycrop" / "_native.c"), "-o", str(extension)),
                *(f"-L{self.folder}", "-lnpycrop", "-Wl,-rpath,$ORIGIN"),
            ]
        )
        return extension

    def _run(self, command: list[str]) -> str:
        environment = {**os.environ, "NPYCROP_C_INTERFACE_ALONE": "1"}
        result = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        if result.returncode != 0:
            raise SystemExit(f"npycrop: {' '.join(command)}\n{result.stdout[-4000:]}{result.stderr[-4000:]}")
        return result.stdout
