"""Who may import whom, one line a room: pure rooms stay pure, one writes, the web at the edge."""

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter

import pytest

from forms_app.publishing.publish import INPUTS
from scripts.house import House, is_ours, room_of
from scripts.house_picture import PICTURE, picture
from tests.support.running import ROOT

# Structs are what dataclasses were, made in a fortieth of the time: part of the language here.
STANDARD = sys.stdlib_module_names | {"msgspec"}
ANYTHING = {"*"}

# Beside the standard library and its own files: rooms and top files of ours, then libraries.
# A folder within a room may have a line of its own; it counts instead of the room's.
ROOMS: dict[str, tuple[set[str], set[str]]] = {
    "rules": (set(), {"argon2", "chinese_calendar", "nacl"}),
    "community": ({"rules"}, {"dateutil", "yaml"}),
    "formats": (set(), {"markdown", "segno", "markupsafe"}),
    "radius": ({"community", "rules", "formats"}, {"dateutil"}),
    "files": ({"rules"}, {"PIL", "obstore"}),
    "settings": ({"files", "rules"}, set()),
    "limits": ({"rules"}, set()),
    "walking": ({"community", "files", "rules"}, {"networkx", "openpyxl", "osmium", "shapely"}),
    "content": ({"community", "files", "radius", "rules", "settings"}, {"yaml"}),
    "store": ({"files", "rules"}, {"peewee", "playhouse", "psycopg"}),
    "logs": ({"store"}, set()),
    "issues": ({"store", "community", "rules"}, {"peewee", "rjieba"}),
    "casework": ({"issues", "store", "files", "community", "rules"}, {"peewee"}),
    "queries": ({"issues", "store", "community", "rules"}, {"peewee"}),
    "spreadsheets": (
        {
            "casework", "content", "queries", "issues", "store", "files", "formats", "community",
            "rules", "settings",
        },
        {"openpyxl", "xlrd"},
    ),
    "notices": ({"casework", "community", "files", "rules", "settings"}, {"cryptography"}),
    "backups": (
        {"casework", "queries", "issues", "store", "files", "rules", "settings"},
        {"cryptography", "peewee"},
    ),
    "doctor": (
        {
            "backups", "content", "notices", "publishing", "queries", "radius", "files",
            "community", "rules", "settings",
        },
        set(),
    ),
    "publishing": ({"radius", "formats", "files", "rules", "settings"}, set()),
    # Before there are settings: it is what finds the folder that they speak of.
    "office": (
        {"backups", "community", "content", "demo", "files", "rules", "settings", "store"}, set()
    ),
    "commands": (
        {
            "doctor", "office", "backups", "publishing", "notices", "spreadsheets", "queries",
            "casework", "issues", "store", "walking", "radius", "files", "formats", "community",
            "rules", "settings", "logs",
        },
        {"peewee"},
    ),
    "web": (
        {
            "doctor", "office", "backups", "content", "publishing", "notices", "radius",
            "spreadsheets", "queries", "casework", "issues", "formats", "files", "community",
            "rules", "settings", "logs", "limits",
        },
        {
            "flask", "flask_babel", "flask_wtf", "itsdangerous", "jinja2", "markupsafe",
            "werkzeug", "wtforms",
        },
    ),
    # The sample circle is told like a story, and looks at what it told.
    "demo": ({"casework", "community", "issues", "rules", "store"}, set()),
    "app": (ANYTHING, {"flask", "jinja2"}),
    "front": (set(), {"waitress", "_typeshed"}),
    # It starts servers and knows nothing of them but their command.
    "keeper": ({"commands"}, set()),
    "serve": (ANYTHING, {"flask", "werkzeug", "_typeshed"}),
    "pages": (
        {"rules", "community", "radius", "formats"},
        {"icalendar", "jinja2", "markupsafe"},
    ),
}  # fmt: skip

# Heavy, and partly an extra: only these files know them, and each is loaded by name in a process
# of its own, or when a map, a workbook or the first letter is read.
HEAVY = {
    "PIL",
    "cryptography",
    "nacl",
    "networkx",
    "obstore",
    "openpyxl",
    "osmium",
    "pyrage",
    "rjieba",
    "shapely",
    "xlrd",
}
KNOW_HEAVY = {
    "forms_app.backups.passphrase", "forms_app.files.bucket", "forms_app.files.photo_press",
    "forms_app.issues.segments",
    "forms_app.notices.sealing",
    "forms_app.rules.contact_cipher",
    "forms_app.spreadsheets.fed_sheet",
    "forms_app.spreadsheets.month_sheet", "forms_app.spreadsheets.register_sheet",
    "forms_app.spreadsheets.xls", "forms_app.walking.fitness",
    "forms_app.walking.map_file", "forms_app.walking.network", "forms_app.walking.sketches",
    "forms_app.walking.streets_tied", "forms_app.walking.workbook",
}  # fmt: skip


HOUSE = House.of(ROOT)
# What an import within something looks like; only files that hold such a line are taken apart.
SET_IN = re.compile(r"(?:^[ \t]+|[:;][ \t]*)(?:import [\w.]|from [\w.]+ import\b)", re.MULTILINE)
APP = {name: path for name, path in HOUSE.modules.items() if name.startswith("forms_app")}


def test_every_file_has_a_room() -> None:
    assert set(HOUSE.rooms) == set(ROOMS)


def test_the_architecture_tells_of_every_room() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    first_cells = re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE)
    assert set(ROOMS) <= set(re.findall(r"`(\w+)`", " ".join(first_cells)))


def test_a_room_imports_only_what_its_line_allows() -> None:
    wrong = []
    for name, path in HOUSE.modules.items():
        if room_of(name):
            ours, libraries = ROOMS[room_of(name)]
            for wanted in HOUSE.imports(path):
                if is_ours(wanted):
                    is_right = ours is ANYTHING or room_of(wanted) in {*ours, room_of(name)}
                else:
                    top = wanted.partition(".")[0]
                    is_right = top in STANDARD or top in libraries
                if not is_right:
                    wrong.append(f"{name} imports {wanted}")
    assert wrong == []


def test_no_line_allows_what_nobody_needs() -> None:
    needed: dict[str, set[str]] = {name: set() for name in ROOMS}
    for name, path in HOUSE.modules.items():
        if room_of(name):
            needed[room_of(name)] |= {
                room_of(wanted) if is_ours(wanted) else wanted.partition(".")[0]
                for wanted in HOUSE.imports(path)
            }
    unneeded = {
        name: sorted((ours - ANYTHING | libraries) - needed[name])
        for name, (ours, libraries) in ROOMS.items()
    }
    assert {name: rest for name, rest in unneeded.items() if rest} == {}


def test_no_room_reaches_back() -> None:
    assert HOUSE.floors  # rooms in a circle would have none


def test_no_files_know_each_other_in_a_circle_not_even_for_their_types() -> None:
    known = {
        name: HOUSE.modules.keys() & {*HOUSE.imports(path)} - {name}
        for name, path in HOUSE.modules.items()
    }
    assert len(known) > 300
    TopologicalSorter(known).prepare()  # raises CycleError


def test_the_picture_shows_the_house_as_it_is() -> None:
    drawn = (ROOT / PICTURE).read_text(encoding="utf-8")
    assert drawn == picture(HOUSE), "run scripts/rooms, and look at architecture.svg"


def test_a_change_of_any_room_that_pages_know_is_published() -> None:
    known, more = set(ROOMS["pages"][0]), {"pages"}
    while more := {room for one in (known | more) for room in ROOMS[one][0]} - known:
        known |= more
    assert {f"forms_app/{name}" for name in known} <= set(INPUTS)


def test_residents_and_staff_have_pages_of_their_own() -> None:
    for name, path in APP.items():
        for mine, theirs in (("residents", "staff"), ("staff", "residents")):
            if name.startswith(f"forms_app.web.{mine}"):
                others = f"forms_app.web.{theirs}"
                assert not [one for one in HOUSE.imports(path) if one.startswith(others)], name


def test_what_answers_programs_knows_no_page_of_people() -> None:
    pages = ("forms_app.web.residents", "forms_app.web.staff", "forms_app.web.held_tickets")
    for name, path in APP.items():
        if name.startswith("forms_app.web.open311"):
            assert not [one for one in HOUSE.imports(path) if one.startswith(pages)], name


def test_maps_and_workbooks_are_not_loaded_before_one_is_read() -> None:
    assert {
        name for name, path in APP.items()
        if {wanted.partition(".")[0] for wanted in HOUSE.imports(path)} & HEAVY
    } == KNOW_HEAVY  # fmt: skip
    # These are themselves loaded by name, and use the others.
    loaded_by_name = KNOW_HEAVY | {"forms_app.spreadsheets.reader", "forms_app.walking.survey"}
    for name, path in APP.items():
        assert name in loaded_by_name or not set(HOUSE.imports(path)) & loaded_by_name, name


def test_the_app_is_imported_by_the_server_alone() -> None:
    assert [name for name, path in APP.items() if "forms_app.app" in set(HOUSE.imports(path))] == [
        "forms_app.serve"
    ]


def test_only_the_hooks_know_mkdocs() -> None:
    knowing = {
        name
        for name, path in {**HOUSE.modules, "hooks": ROOT / "site" / "hooks.py"}.items()
        if "mkdocs" in {wanted.partition(".")[0] for wanted in HOUSE.imports(path)}
    }
    assert knowing == {"hooks"}


def test_every_import_stands_at_the_top_where_it_is_seen() -> None:
    for name, path in HOUSE.modules.items():
        text = path.read_text(encoding="utf-8")
        if not SET_IN.search(text):
            continue
        inner = {
            node
            for function in ast.walk(ast.parse(text))
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
        }
        assert not inner, name


@pytest.mark.parametrize(
    ("module", "stays_out"),
    [
        ("forms_app.rules.procedure", ("flask", "peewee", "wtforms", "yaml", "argon2")),
        ("forms_app.rules.worktime", ("flask", "peewee", "wtforms", "yaml", "argon2")),
        ("forms_app.community", ("flask", "peewee", "wtforms", "argon2")),
        ("forms_app.casework", ("flask", "wtforms", "werkzeug")),
        ("forms_app.queries", ("flask", "wtforms", "werkzeug")),
        (
            "forms_app.serve",
            (
                "PIL",
                "cryptography",
                "nacl",
                "networkx",
                "numpy",
                "openpyxl",
                "osmium",
                "pyrage",
                "rjieba",
                "shapely",
            ),
        ),
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
    silent = [
        name
        for name, path in HOUSE.modules.items()
        if (text := path.read_text(encoding="utf-8")).strip() and not text.startswith('"""')
    ]
    assert silent == []
