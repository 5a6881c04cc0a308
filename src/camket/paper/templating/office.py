"""Turning a Word document into PDF with LibreOffice, where the machine has it; our own letters stand in for Times New Roman."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

from camket.paper.writing import pdf

log = logging.getLogger(__name__)
_SECONDS = 30
_FILTER = 'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"}}'
_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{fonts}</dir><cachedir>{cache}</cachedir>
<alias binding="same"><family>Times New Roman</family><accept><family>Liberation Serif</family></accept></alias></fontconfig>
"""
_one_at_a_time = threading.BoundedSemaphore(1)


def program() -> str | None:
    """Return the path of LibreOffice, None where there is none."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def pdf_of(data: bytes) -> bytes | None:
    """Return a DOCX file that we made as PDF/A-2b, None where there is no LibreOffice or it fails.

    Its profile, its fonts' cache and what it writes lie in a folder that is gone afterwards. About 3 s.
    """
    office = program()
    if office is None:
        return None
    with _one_at_a_time, tempfile.TemporaryDirectory(prefix="camket-pdf-") as name:
        folder = Path(name)
        (folder / "paper.docx").write_bytes(data)
        fonts = Path(pdf.__file__).parent / "fonts"
        (folder / "fonts.conf").write_text(_FONTS.format(fonts=fonts, cache=folder / "cache"), "utf-8")
        environment = {"PATH": os.environ.get("PATH", ""), "HOME": name, "LANG": "C.UTF-8"}
        if os.name == "posix":
            environment["FONTCONFIG_FILE"] = str(folder / "fonts.conf")
        else:
            environment = {**os.environ, "HOME": name}
        command = [
            office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
            "--nolockcheck", "--convert-to", _FILTER, "--outdir", name, str(folder / "paper.docx"),
        ]  # fmt: skip
        try:
            done = subprocess.run(  # noqa: S603 - a program of the machine, with a file that we made
                command, env=environment, cwd=name, capture_output=True, timeout=_SECONDS, check=False
            )
            result = (folder / "paper.pdf").read_bytes()
        except (OSError, subprocess.TimeoutExpired) as error:
            log.warning("LibreOffice gave no PDF: %s", error)
            return None
        if done.returncode or not result.startswith(b"%PDF-"):
            log.warning("LibreOffice gave no PDF: %s", done.stderr[-500:])
            return None
    return result
