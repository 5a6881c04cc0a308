"""Run every benchmark, or those named: ``python -m benchmarks pages reading``."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import tempfile

import benchmarks


def main(names: list[str]) -> None:
    """Run the named benchmarks in a data folder of their own."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "camket.config.settings"
    os.environ["CAMKET_LOG_LEVEL"] = "WARNING"  # a line for each request would bury the figures
    with tempfile.TemporaryDirectory(prefix="camket-bench-") as folder:
        os.environ["CAMKET_DATA"] = folder
        known = [
            module.name
            for module in pkgutil.iter_modules(benchmarks.__path__)
            if not module.name.startswith("_")
        ]
        for name in names or known:
            print(f"\n== {name} ==", flush=True)
            importlib.import_module(f"benchmarks.{name}").run()


if __name__ == "__main__":
    main(sys.argv[1:])
