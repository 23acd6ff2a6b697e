"""Who may import whom, as the house is built: pure files stay pure, the web at the edge."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STANDARD = sys.stdlib_module_names

# Beside the standard library. A package's own files may import one another; `forms_app.x` lists
# modules of ours, anything else a library. "*" is anything.
MAY_IMPORT: dict[str, set[str]] = {
    "forms_app.procedure": set(),
    "forms_app.said": set(),
    "forms_app.worktime": {"chinese_calendar", "forms_app.said"},
    "forms_app.records": {"yaml", "dateutil", "forms_app.worktime"},
    "forms_app.occurrences": {"dateutil", "forms_app.records", "forms_app.worktime"},
    "forms_app.calendar_notices": {"forms_app.occurrences", "forms_app.records"},
    "forms_app.street_notices": {"forms_app.records"},
    "forms_app.radius": {"forms_app.records"},
    "forms_app.coverage": {"forms_app.occurrences", "forms_app.radius", "forms_app.records"},
    "forms_app.cells": set(),
    "forms_app.coverage_ledger": {
        "forms_app.cells", "forms_app.coverage", "forms_app.records",
    },
    "forms_app.walk_list": {
        "forms_app.coverage", "forms_app.occurrences", "forms_app.radius", "forms_app.records",
    },
    "forms_app.suggestions": {"forms_app.records"},
    "forms_app.likeness": {"forms_app.said", "forms_app.search_terms", "forms_app.suggestions"},
    "forms_app.criteria": set(),
    "forms_app.elsewhere": set(),
    "forms_app.keys": {"argon2"},
    "forms_app.page_text": set(),
    "forms_app.qr_codes": {"markupsafe", "segno"},
    "forms_app.receipts": set(),
    "forms_app.arguments": set(),
    "forms_app.durable": set(),
    "forms_app.photos": {"forms_app.durable", "forms_app.said"},
    "forms_app.photo_press": {"PIL"},
    "forms_app.settings": {"forms_app.durable"},
    "forms_app.database": {"peewee", "playhouse"},
    "forms_app.models": {"peewee", "forms_app.database"},
    "forms_app.search_terms": set(),
    "forms_app.awaited": {"forms_app.procedure"},
    "forms_app.board_filters": {"forms_app.records", "forms_app.register_filters"},
    "forms_app.duty": {
        "forms_app.access", "forms_app.procedure", "forms_app.records", "forms_app.said",
        "forms_app.worktime",
    },
    "forms_app.issue_search": {"peewee", "forms_app.database", "forms_app.search_terms"},
    "forms_app.register_filters": {
        "forms_app.procedure", "forms_app.records", "forms_app.said", "forms_app.search_terms",
    },
    "forms_app.migrations": {"peewee", "playhouse"},
    "forms_app.access": {
        "peewee", "forms_app.models", "forms_app.procedure", "forms_app.records",
    },
    "forms_app.following": {"peewee", "forms_app.models", "forms_app.procedure"},
    "forms_app.casework": {
        "peewee", "forms_app.access", "forms_app.database", "forms_app.following",
        "forms_app.issue_search", "forms_app.keys", "forms_app.models", "forms_app.photos",
        "forms_app.procedure", "forms_app.records", "forms_app.said", "forms_app.worktime",
    },
    "forms_app.reports": {
        "peewee", "forms_app.access", "forms_app.awaited", "forms_app.board_filters",
        "forms_app.following", "forms_app.issue_search", "forms_app.keys", "forms_app.likeness",
        "forms_app.models", "forms_app.procedure",
        "forms_app.records",
        "forms_app.register_filters", "forms_app.said", "forms_app.worktime",
        "forms_app.suggestions",
    },
    "forms_app.forms": {
        "flask", "flask_wtf", "wtforms", "forms_app.photos", "forms_app.procedure",
        "forms_app.records", "forms_app.said", "forms_app.worktime",
    },
    "forms_app.walking": {
        "networkx", "openpyxl", "osmium", "shapely", "forms_app.arguments", "forms_app.durable",
        "forms_app.records", "forms_app.settings", "forms_app.worktime",
    },
    "forms_app.notices": {"forms_app.procedure", "forms_app.records", "forms_app.worktime"},
    "forms_app.imports": {
        "openpyxl", "forms_app.casework", "forms_app.procedure", "forms_app.records",
        "forms_app.said", "forms_app.worktime",
    },
    "forms_app.words": {
        "markupsafe", "forms_app.procedure", "forms_app.records", "forms_app.said",
        "forms_app.worktime",
    },
}  # fmt: skip

# The web's own files: whatever they need of the database, casework and reports give them.
EDGE = {
    "web",
    "languages",
    "resident",
    "staff",
    "staff_board",
    "staff_handover",
    "staff_import",
    "staff_intake",
    "staff_offline",
    "staff_moves",
    "staff_paper",
    "staff_register",
    "staff_summons",
    "web_photos",
    "answering",
    "published",
    "compression",
}
NOT_FOR_THE_EDGE = {"peewee", "playhouse", "forms_app.models", "forms_app.database"}

# Heavy, and partly an extra: these files are loaded by name when a map or a workbook is read.
HEAVY = {"PIL", "networkx", "openpyxl", "osmium", "shapely"}
KNOW_HEAVY = {"map_file", "network", "fitness", "sketches", "survey", "workbook"}

# Whoever else may know the rows: the sample circle is told like a story, and looks at what it told.
KNOW_THE_ROWS = {"access", "casework", "following", "reports", "models", "demo"}
STARTERS = {"app", "serve", "cli"}

PAGES_MAY_IMPORT = {
    "pages", "jinja2", "markupsafe", "dateutil", "icalendar",
    "forms_app.procedure", "forms_app.worktime", "forms_app.records", "forms_app.criteria",
    "forms_app.occurrences", "forms_app.radius", "forms_app.coverage",
    "forms_app.cells", "forms_app.coverage_ledger", "forms_app.walk_list", "forms_app.qr_codes",
}  # fmt: skip


def modules(folder: Path, top: str) -> dict[str, Path]:
    """Dotted name → file, a package by its `__init__`."""
    found = {}
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        found[".".join([top, *(part for part in parts if part != "__init__")])] = path
    return found


APP = modules(ROOT / "forms_app", "forms_app")
PAGES = modules(ROOT / "site" / "pages", "pages")


def imports(path: Path) -> Iterator[str]:
    """Every module that a file names in an import; `from forms_app import x` is `forms_app.x`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are spelled out"
            if node.module in ("forms_app", "pages"):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            else:
                assert node.module is not None
                yield node.module


def unit(module: str) -> str:
    """What the tables speak of: our module or package without its inner files, or a library."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "forms_app" else parts[0]


def imported_units(module: str, path: Path) -> set[str]:
    found = {unit(name) for name in imports(path)}
    return {name for name in found if name not in STANDARD and name != unit(module)}


def test_every_import_stands_at_the_top_where_it_is_seen() -> None:
    for name, path in {**APP, **PAGES}.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inner = {
            node
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
        }
        assert not inner, name


@pytest.mark.parametrize("module", [name for name in APP if unit(name) in MAY_IMPORT])
def test_a_file_imports_only_what_its_place_in_the_house_allows(module: str) -> None:
    assert imported_units(module, APP[module]) <= MAY_IMPORT[unit(module)]


def test_every_place_of_the_table_exists() -> None:
    assert set(MAY_IMPORT) <= {unit(name) for name in APP} | {"forms_app.words"}
    for name in EDGE | KNOW_THE_ROWS | STARTERS:
        assert f"forms_app.{name}" in APP


@pytest.mark.parametrize("name", sorted(EDGE))
def test_the_web_never_reaches_around_casework_and_reports(name: str) -> None:
    module = f"forms_app.{name}"
    assert not imported_units(module, APP[module]) & NOT_FOR_THE_EDGE


def test_nobody_else_knows_the_rows() -> None:
    knowing = {unit(name) for name, path in APP.items() if "forms_app.models" in set(imports(path))}
    assert knowing <= {f"forms_app.{name}" for name in KNOW_THE_ROWS}


def test_maps_and_workbooks_are_not_loaded_before_one_is_read() -> None:
    # The register's sheet, an upload and a photo are each the work of a process of its own.
    own_processes = {
        "forms_app.register_sheet", "forms_app.imports.reader", "forms_app.photo_press",
    }  # fmt: skip
    heavy = {*(f"forms_app.walking.{name}" for name in KNOW_HEAVY), *own_processes}
    for name, path in APP.items():
        if name not in heavy:
            assert not set(imports(path)) & (HEAVY | heavy), name
        elif name != "forms_app.walking.survey":
            assert {module.partition(".")[0] for module in imports(path)} & HEAVY, name


def test_the_web_is_only_known_to_the_web_and_to_what_starts_it() -> None:
    edge = {f"forms_app.{name}" for name in (*EDGE, "forms", "app", "words")}
    for name, path in APP.items():
        if unit(name) in edge or unit(name).removeprefix("forms_app.") in STARTERS:
            continue
        libraries = {"flask", "flask_wtf", "wtforms", "werkzeug", "waitress"}
        assert not imported_units(name, path) & (edge | libraries), name


def test_the_app_is_imported_by_the_server_alone() -> None:
    assert [
        name for name, path in APP.items() if "forms_app.app" in imported_units(name, path)
    ] == ["forms_app.serve"]


@pytest.mark.parametrize("module", PAGES)
def test_a_maker_of_pages_knows_neither_database_nor_web_nor_mkdocs(module: str) -> None:
    assert imported_units(module, PAGES[module]) <= PAGES_MAY_IMPORT


def test_only_the_hooks_know_mkdocs() -> None:
    hooks = ROOT / "site" / "hooks.py"
    assert "mkdocs" in imported_units("hooks", hooks)
    for name, path in {**APP, **PAGES}.items():
        assert "mkdocs" not in imported_units(name, path), name


@pytest.mark.parametrize(
    ("module", "stays_out"),
    [
        ("forms_app.procedure", ("flask", "peewee", "wtforms", "yaml", "argon2")),
        ("forms_app.worktime", ("flask", "peewee", "wtforms", "yaml", "argon2")),
        ("forms_app.records", ("flask", "peewee", "wtforms", "argon2")),
        ("forms_app.casework", ("flask", "wtforms", "werkzeug")),
        ("forms_app.reports", ("flask", "wtforms", "werkzeug")),
        ("forms_app.serve", ("PIL", "osmium", "networkx", "shapely", "numpy", "openpyxl")),
    ],
)
def test_importing_the_inside_loads_nothing_of_the_outside(
    module: str, stays_out: tuple[str, ...]
) -> None:
    code = f"import sys, {module}; print([m for m in {stays_out!r} if m in sys.modules])"
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout == "[]\n"


def test_every_file_says_why_it_exists() -> None:
    for name, path in {**APP, **PAGES}.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if tree.body:
            assert ast.get_docstring(tree), name
