"""Set up, run, test and check the house, from nothing but Python 3.11+ and the package registries.

    python3 tools/house.py setup          make .venv with what the product needs
    python3 tools/house.py demo           the product with sample data; --port 8000
    python3 tools/house.py test           everything, on SQLite and PostgreSQL
    python3 tools/house.py check          format, lint, types, ladder, migrations, deployment, known holes, messages
    python3 tools/house.py bench          the benchmarks
    python3 tools/house.py lock           write the lock files from pyproject.toml
    python3 tools/house.py messages       compile the Vietnamese messages and list missing ones
    python3 tools/house.py screenshots    make the tutorial's pictures anew

Only the standard library is used here: this file runs before anything is installed.
"""

from __future__ import annotations

import argparse
import glob
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
RUN_LOCK, DEV_LOCK = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
CI = os.environ.get("CI", "").lower() == "true"

# What only tests need: a command, or where a file must lie, and the packages that bring it.
SYSTEM = {
    "chromium": ("chromium",),
    "/usr/lib/*/libatomic.so.1": ("libatomic1",),
    "soffice": ("libreoffice-writer",),
    "/usr/share/fonts/truetype/liberation*/LiberationSerif-Regular.ttf": ("fonts-liberation2",),
    "xgettext": ("gettext",),
    "tesseract": ("tesseract-ocr",),
    "/usr/share/tesseract-ocr/*/tessdata/vie.traineddata": ("tesseract-ocr-vie",),
    "pdftoppm": ("poppler-utils",),
}


# What the run on PostgreSQL leaves out: the faults, which the first run tries on both engines; what asks no database, or
# says how pages look and the source is written; and pages whose queries are asked elsewhere on both engines: by the tests
# of their package (tests/actions, tests/dossiers …); tests/house/test_urls.py opens every address,
# tests/web/test_statements.py the pages of a large agency, tests/house/test_security.py lists with hostile addresses.
SAME_ON_EVERY_ENGINE = (
    "core", "paper", "config", "faults", "oidc",
    *(f"house/test_{name}.py" for name in (
        "docs", "few_statements", "house", "known_holes", "masking", "messages", "names_of_files", "refusals",
        "templates",
    )),
    "web/account", "web/forms",
    *(f"web/test_{name}.py" for name in (
        "charts", "error_pages", "first_hour", "loud", "shell_tags",
    )),
    *(f"web/public/test_{name}.py" for name in (
        "kept_pages", "public_frame", "public_pages", "public_postings",
    )),
    *(f"web/staff/{name}" for name in (
        "documents", "feedback", "improvement", "imports", "indicators", "objectives/test_measuring_pages.py",
        "objectives/test_objective_pages.py", "objectives/test_year_on_year_page.py", "organisation", "plans", "postings",
        "procedures", "publishing", "registers/test_letter_pages.py", "registers/test_seen.py", "reports",
        "surveys", "system", "tasks/test_pages.py", "tasks/test_register_work.py",
    )),
)  # fmt: skip


def say(text: str) -> None:
    """Print a line at once, so that it stands before the output of a command that follows."""
    print(text, flush=True)


def run(*command: str | Path, quiet: bool = False, environment: dict[str, str] | None = None) -> int:
    """Run a command in the root folder and return its exit status."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL if quiet else None,
        stderr=subprocess.DEVNULL if quiet else None,
        check=False,
    ).returncode


def must(*command: str | Path) -> None:
    """Run a command and stop with its status where it fails."""
    status = run(*command)
    if status:
        raise SystemExit(status)


def setup(*, dev: bool) -> None:
    """Make ``.venv`` hold what the lock says, and the messages be compiled; does nothing where that is so already."""
    if sys.version_info < (3, 11):
        raise SystemExit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}")
    wanted = _fingerprint(DEV_LOCK), _fingerprint(RUN_LOCK)
    stamp = VENV / "camket-setup"
    have = stamp.read_text().split() if stamp.exists() and PYTHON.exists() else []
    if have and (have[0] == wanted[0] or (not dev and wanted[1] in have)):
        if _are_messages_behind():
            must(PYTHON, "tools/messages.py", "compile")
        return
    started = time.monotonic()
    lock = DEV_LOCK if dev else RUN_LOCK
    say(f"Setting up .venv from {lock.name} …")
    if not PYTHON.exists():
        must(sys.executable, "-m", "venv", "--without-pip", VENV)
    installer = _installer()
    must(*installer, *(["sync"] if "uv" in str(installer[0]) else ["install"]), *_locked(lock, installer))
    must(*installer, "install", "--quiet", "--no-deps", "--editable", ROOT)
    must(PYTHON, "tools/messages.py", "compile")
    stamp.write_text(" ".join(wanted if dev else wanted[1:]))
    say(f"Ready in {time.monotonic() - started:.0f} s.")


def _are_messages_behind() -> bool:
    """Whether messages were fetched that are not compiled: what they say would stand on the screen in English."""
    return any(
        not (compiled := source.with_suffix(".mo")).exists()
        or compiled.stat().st_mtime < source.stat().st_mtime
        for source in ROOT.glob("locale*/*/LC_MESSAGES/*.po")
    )


def _fingerprint(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()[:16]


def _installer() -> list[str | Path]:
    """Return the command prefix that installs into the environment: uv where it can be had, else pip."""
    uv = BIN / ("uv.exe" if os.name == "nt" else "uv")
    outer: list[str | Path] = [sys.executable, "-m", "pip", "--python", PYTHON]
    if run(*outer, "--version", quiet=True) == 0:
        if uv.exists() or run(*outer, "install", "--quiet", "uv>=0.9", quiet=True) == 0:
            return [uv, "pip"]
        return outer
    # A Python without pip: Debian's own, say. ensurepip gives one where it is installed.
    if run(PYTHON, "-m", "ensurepip", quiet=True) != 0:
        if not (_is_debian_root() and _apt("python3-venv", "python3-pip")):
            raise SystemExit(
                "This Python has neither pip nor ensurepip: install python3-venv (Debian, Ubuntu) and try again"
            )
        return _installer()
    if run(PYTHON, "-m", "pip", "install", "--quiet", "uv>=0.9", quiet=True) == 0:
        return [uv, "pip"]
    return [PYTHON, "-m", "pip"]


def _locked(lock: Path, installer: list[str | Path]) -> list[str | Path]:
    return (
        ["--quiet", lock] if Path(installer[0]).stem == "uv" else ["--quiet", "--require-hashes", "-r", lock]
    )


def _is_debian_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt(*packages: str) -> bool:
    say(f"Installing system packages: {' '.join(packages)} …")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-qq", quiet=True)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    return run(*command, quiet=True, environment=quiet) == 0


def _is_there(place: str) -> bool:
    return bool(glob.glob(place)) if place.startswith("/") else shutil.which(place) is not None


def system_packages() -> None:
    """Bring what tests need from the system, or say what is missing; under CI=true missing is a failure."""
    missing = [name for place, names in SYSTEM.items() if not _is_there(place) for name in names]
    if not missing:
        return
    if _is_debian_root() and _apt(*missing):
        return
    say(f"Missing system packages: {' '.join(missing)}. The tests that need them are skipped.")
    if CI:
        raise SystemExit(1)


def test(extra: list[str]) -> None:
    """Run the whole suite on SQLite, and what touches the database again on PostgreSQL."""
    setup(dev=True)
    system_packages()
    must(PYTHON, "tools/messages.py", "compile")
    # In the order of tests/conftest.py, the slowest files first: by default those with few tests go last.
    # A quarter of the time tests wait, for browsers and for processes of their own: half as many again as processors.
    processes = max(2, (os.cpu_count() or 2) * 3 // 2)
    workers = ["-n", str(processes), "--dist", "loadfile", "--no-loadscope-reorder"]
    say("— SQLite —")
    must(PYTHON, "-m", "pytest", "-q", *workers, *extra)
    say("— PostgreSQL —")
    with_database = [*(f"--ignore=tests/{name}" for name in SAME_ON_EVERY_ENGINE), "-m", "not browser"]
    must(
        PYTHON,
        "tools/postgres.py",
        "run",
        "--",
        PYTHON,
        "-m",
        "pytest",
        "-q",
        *workers,
        *with_database,
        *extra,
    )


def check() -> None:
    """Run every check that needs no test: format, lint, types, ladder, migrations, templates, messages."""
    setup(dev=True)
    commands: dict[str, list[str | Path]] = {
        "types": [BIN / "mypy"],
        "format": [BIN / "ruff", "format", "--check", "."],
        "lint": [BIN / "ruff", "check", "."],
        "ladder": [BIN / "lint-imports", "--no-cache"],
        "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
        "templates": [BIN / "djlint", "src/camket/web/templates", "--lint", "--quiet"],
        "dependencies": [*_installer(), "check"],
    }
    if shutil.which("xgettext"):
        commands["messages"] = [PYTHON, "tools/messages.py", "missing"]
    # Types take as long as all others together: they go side by side, and are told of one after another.
    with ThreadPoolExecutor(max(2, os.cpu_count() or 2)) as pool:
        told = {title: pool.submit(_told, command) for title, command in commands.items()}
        fit = pool.submit(fit_for_work)
        failed = []
        for title, answer in told.items():
            status, text = answer.result()
            say(f"— {title} —\n{text}".rstrip())
            if status:
                failed.append(title)
    say("— deployment —")
    if not fit.result():
        failed.append("deployment")
    say("— known holes —")
    # By itself: it has so many seconds, and on a busy machine would say that nobody answered.
    if (found := known_holes(RUN_LOCK, DEV_LOCK)) is None:
        say(
            "The database of known holes cannot be reached from here: dependencies were not audited against it."
        )
    elif found:
        say("\n".join(found))
        failed.append("known holes")
    if failed:
        raise SystemExit(f"Failed: {', '.join(failed)}")
    say("All checks passed.")


def _told(command: list[str | Path]) -> tuple[int, str]:
    """Run a command in the root folder and return its exit status, and what it said."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={
            **os.environ,
            "CAMKET_DATA": str(ROOT / ".cache" / "check"),
            "DJANGO_SETTINGS_MODULE": "camket.config.settings",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout


def fit_for_work() -> bool:
    """Make an installation as a careful administrator does, and tell whether its own check lets it through."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("CAMKET_")}
        environment.pop("DATABASE_URL", None)
        environment |= {
            "CAMKET_DATA": str(Path(folder) / "data"),
            "CAMKET_BACKUPS": str(Path(folder) / "backups"),
            "CAMKET_HOSTS": "iso.example.gov.vn",
            "CAMKET_HTTPS": "1",
        }
        camket = str(BIN / "camket")
        for command in (["upgrade"], ["jobs", "run-now", "backup"], ["check", "--deploy"]):
            done = subprocess.run(
                [camket, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode:
                say(done.stdout + done.stderr)
                return False
    return True


def known_holes(
    *locks: Path, url: str = "https://api.osv.dev/v1/query", seconds: int = 25
) -> list[str] | None:
    """Return a line for each known hole of a locked dependency; None where the database of holes does not answer."""
    files = [part for each in locks for part in ("-r", str(each))]
    command = [str(BIN / "pip-audit"), *files, "--disable-pip", "--require-hashes", "--format", "json"]
    command += [
        "--vulnerability-service",
        "osv",
        "--osv-url",
        url,
        "--timeout",
        "5",
        "--progress-spinner",
        "off",
    ]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False)
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return None
    return sorted(
        {
            f"{each['name']} {each['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'no version yet'}"
            for each in answer["dependencies"]
            for hole in each.get("vulns", ())
        }
    )


def lock() -> None:
    """Write both lock files; they carry hashes and no address of a registry."""
    setup(dev=True)
    groups: list[tuple[list[str], Path]] = [([], RUN_LOCK), (["--group", "dev"], DEV_LOCK)]
    for group, target in groups:
        options = [
            "--universal",
            "--generate-hashes",
            "--no-header",
            "--no-annotate",
            "--quiet",
            "--python-version",
            "3.11",
        ]
        must(BIN / "uv", "pip", "compile", *options, *group, "pyproject.toml", "-o", target)


def keep_bytecode() -> None:
    """Let the processes that are started keep compiled modules, in .cache where the work tree is to stay without.

    Containers like to set PYTHONDONTWRITEBYTECODE. Each of the suite's hundreds of processes would compile Django anew:
    twice the processor time.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(ROOT / ".cache" / "bytecode"))


def main(arguments: list[str]) -> None:
    """Run one command of this file."""
    keep_bytecode()
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "command",
        choices=["help", "setup", "demo", "test", "check", "bench", "lock", "messages", "screenshots"],
    )
    parser.add_argument("--port", default="8000")
    options, extra = parser.parse_known_args(arguments)
    match options.command:
        case "setup":
            setup(dev=False)
        case "demo":
            setup(dev=False)
            raise SystemExit(run(BIN / "camket", "demo", "--port", options.port))
        case "test":
            test(extra)
        case "check":
            check()
        case "bench":
            setup(dev=True)
            raise SystemExit(run(PYTHON, "-m", "benchmarks", *extra))
        case "lock":
            lock()
        case "messages":
            setup(dev=True)
            must(PYTHON, "tools/messages.py", "compile")
            raise SystemExit(run(PYTHON, "tools/messages.py", "missing"))
        case "screenshots":
            setup(dev=True)
            system_packages()
            raise SystemExit(run(PYTHON, "tools/tutorial.py"))
        case _:
            print(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
