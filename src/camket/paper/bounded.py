"""Runs a module of ours in a process of its own, with a bound on its memory and its time, for files that others made.

A file of a few kilobytes may unpack to any size and take any time, in a library that sets no bound. Here that ends a
process that holds nothing else; the file is refused, and the product goes on.
"""

from __future__ import annotations

import subprocess
import sys

MEMORY = 2 * 1024**3
"""Bytes that the process may take; 300 pages with their pictures take a quarter of it."""


def run_bounded(module: str, task: bytes, *, seconds: int) -> subprocess.CompletedProcess[bytes]:
    """Give a module its task on standard input and return what it answered. Raises subprocess.TimeoutExpired."""
    return subprocess.run(  # noqa: S603 - this interpreter, a module of ours, no argument from outside
        [sys.executable, "-P", "-m", module], input=task, capture_output=True, timeout=seconds, check=False
    )


def bound(*, seconds: int) -> None:
    """Bound this process where the system can (not on Windows): memory, processor time, no core file."""
    try:
        import resource
    except ImportError:
        return
    bounds = ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0))
    for kind, most in bounds:
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):
            continue  # a lower bound is set already, or the system knows none
