"""The house itself: what import-linter cannot see."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "camket"
LADDER = [
    rung.strip()
    for layer in next(
        contract["layers"]
        for contract in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
            "contracts"
        ]
        if contract["id"] == "ladder"
    )
    for rung in layer.split("|")
]


def modules(folder: str) -> list[Path]:
    return [path for path in (SOURCE / folder).rglob("*.py") if "migrations" not in path.parts]


def test_every_package_stands_on_the_ladder() -> None:
    packages = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert packages == set(LADDER)


def test_relations_point_down_the_ladder() -> None:
    upward = []
    for model in apps.get_models():
        if not model.__module__.startswith("camket."):
            continue
        here = LADDER.index(model.__module__.split(".")[1])
        for field in model._meta.get_fields():
            if field.auto_created or not field.is_relation or field.related_model is None:
                continue
            module = field.related_model.__module__
            if module.startswith("camket.") and LADDER.index(module.split(".")[1]) < here:
                upward.append(f"{model._meta.label}.{field.name}")
    assert not upward


@pytest.mark.parametrize("package", ["core", "paper"])
def test_the_pure_packages_never_ask_for_the_clock(package: str) -> None:
    clock = re.compile(r"\.(now|today|utcnow)\(|\btime\.(time|monotonic)\(\)")
    asked = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in modules(package)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if clock.search(line)
    ]
    assert not asked


def test_no_package_is_a_drawer_for_leftovers() -> None:
    forbidden = {"utils", "helpers", "common", "misc", "services", "base", "manager", "shared"}
    found = [str(path.relative_to(ROOT)) for path in SOURCE.rglob("*.py") if path.stem in forbidden]
    assert not found


def test_there_are_no_signals_of_ours() -> None:
    signal = re.compile(r"@receiver|\.connect\(|post_save|pre_save|m2m_changed")
    assert not [str(path) for path in SOURCE.rglob("*.py") if signal.search(path.read_text("utf-8"))]


def test_operations_take_keywords_only() -> None:
    loose = []
    packages = [path for path in SOURCE.rglob("operations/*.py") if not path.name.startswith("_")]
    assert packages
    for path in (*SOURCE.rglob("operations.py"), *packages):
        for node in ast.parse(path.read_text("utf-8")).body:
            if (
                isinstance(node, ast.FunctionDef)
                and not node.name.startswith("_")
                and (node.args.args or node.args.posonlyargs)
            ):
                loose.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert not loose


def test_records_of_the_system_are_kept() -> None:
    """What proves something may not vanish with what it proves."""
    kept = {"documents", "journal", "indicators", "reporting"}
    cascades = []
    for model in apps.get_models():
        if model._meta.app_label not in kept or model._meta.auto_created:
            continue
        for field in model._meta.fields:
            if (
                field.is_relation
                and field.remote_field.on_delete.__name__ == "CASCADE"
                and model._meta.label != "reporting.Remark"
            ):
                cascades.append(f"{model._meta.label}.{field.name}")
    assert not cascades


def test_migrations_import_nothing_of_ours() -> None:
    imports = []
    for path in SOURCE.glob("*/migrations/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            imports += [f"{path.relative_to(ROOT)}: {name}" for name in names if name.startswith("camket")]
    assert not imports


def tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_package_registry() -> None:
    hosts = ["py" + "pi.org", "python" + "hosted.org", "registry." + "npmjs", "deb." + "debian.org"]
    named = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in tracked()
        if path.stat().st_size < 2_000_000
        for host in hosts
        if host.encode() in path.read_bytes()
    ]
    assert not named


def test_files_of_the_repository_are_of_reasonable_size() -> None:
    assert not [str(path.relative_to(ROOT)) for path in tracked() if path.stat().st_size > 2_000_000]


@pytest.mark.shared
def test_no_sentence_of_the_real_decisions_is_in_the_repository(shared: Path) -> None:
    sentences: set[str] = set()
    for seed in (shared / "seeds").glob("*.txt"):
        for line in re.split(r"[\n\t.;]", seed.read_text("utf-8")):
            words = line.split()
            if len(words) >= 14:
                sentences.add(" ".join(words).casefold())
    law = re.compile(r"quyết định số|thông tư số|nghị định|tiêu chuẩn quốc gia|căn cứ luật")
    own = [sentence for sentence in sentences if not law.search(sentence)]
    pasted = []
    for path in tracked():
        if path.suffix in {".py", ".md", ".html", ".json", ".po", ".txt"}:
            text = " ".join(path.read_text("utf-8", errors="replace").split()).casefold()
            pasted += [f"{path.relative_to(ROOT)}: {sentence}" for sentence in own if sentence in text]
    assert not pasted


def test_tables_leave_the_product_by_one_door() -> None:
    """Only ``paper.sheets`` writes CSV and XLSX: there no cell is a formula."""
    writer = re.compile(r"csv\.(?:writer|DictWriter)|\b(?:xlsxwriter|openpyxl)\b")
    found = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if writer.search(path.read_text("utf-8"))
    ]
    assert found == ["paper/sheets.py"]


def test_containers_from_outside_are_opened_by_one_door() -> None:
    """``paper.containers`` measures before it opens; what is written, or is the product's own, needs no measuring."""
    opening = re.compile(
        r"ZipFile\((?!.*[\"']w[\"'])|load_workbook|docx\.Document\(.*\w|from lxml|minidom|xml\.sax"
    )
    ours = {
        "paper/containers.py",  # the door
        "paper/writing/docx.py",  # takes apart what it has just written
        "packing/writing.py",  # a pack that was put together here
        "keeping/backup.py",  # a backup of the installation itself, checked by its own sums
    }
    found = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if any(opening.search(line) for line in path.read_text("utf-8").splitlines())
    }
    assert found <= ours
