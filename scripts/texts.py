"""The texts of the app: what there is to say, what stays Chinese, and what is not marked.

Every string of a Python file with Chinese in it is a text for people, so none needs a mark; with
values it is a template for `said` and never an f-string. Templates mark theirs for gettext.
"""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from itertools import chain, groupby
from pathlib import Path

from babel.messages.extract import extract_from_file
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parent.parent

HAN = re.compile(r"[\u3400-\u9fff]")
# In a template the punctuation counts, too; a wide space is layout.
CHINESE = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff00-\uffef]")

TOLD_IN_CHINESE = "stored or sent as it is written, for readers whose language nobody knows"
OFFICE = "the office's own data, sheets and forms, in the official wording and layout"
OPERATOR = "said to the administrator on the server, whose handbook is in Chinese, too"

# What stays Chinese, by the reason; whatever else says something is translated.
STAYS_CHINESE = {
    TOLD_IN_CHINESE: (
        "forms_app/casework/exports.py",
        "forms_app/casework/imports.py",
        "forms_app/casework/retention.py",
        "forms_app/issues/answer_words.py",
        "forms_app/notices/*",
        "forms_app/rules/elsewhere.py",
        "forms_app/rules/older_lines.py",
    ),
    OFFICE: (
        "forms_app/casework/assessments.py",
        "forms_app/casework/funds.py",
        "forms_app/casework/meetings.py",
        "forms_app/casework/paid_twice.py",
        "forms_app/casework/public_words.py",
        "forms_app/community/*",
        "forms_app/content/activity_*.py",
        "forms_app/content/inputs.py",
        "forms_app/content/kinds/*",
        "forms_app/content/layouts.py",
        "forms_app/content/listing.py",
        "forms_app/content/mapping.py",
        "forms_app/content/pages.py",
        "forms_app/content/sheet.py",
        "forms_app/content/spoken.py",
        "forms_app/content/when_words.py",
        "forms_app/content/workdays.py",
        "forms_app/formats/office_text.py",
        "forms_app/issues/gist.py",
        "forms_app/issues/kind_words.py",
        "forms_app/issues/repeated.py",
        "forms_app/issues/search_terms.py",
        "forms_app/issues/suggestions.py",
        "forms_app/queries/register_cells.py",
        "forms_app/radius/*",
        "forms_app/rules/dates.py",
        "forms_app/rules/funds.py",
        "forms_app/rules/meetings.py",
        "forms_app/rules/public_notes.py",
        "forms_app/rules/told_names.py",
        "forms_app/rules/two_way.py",
        "forms_app/spreadsheets/columns.py",
        "forms_app/spreadsheets/fed_sheet.py",
        "forms_app/spreadsheets/forms.py",
        "forms_app/spreadsheets/fund_tables.py",
        "forms_app/spreadsheets/many_rows.py",
        "forms_app/spreadsheets/month_*.py",
        "forms_app/spreadsheets/register_paper.py",
        "forms_app/spreadsheets/register_sheet.py",
        "forms_app/spreadsheets/stories.py",
        "forms_app/spreadsheets/two_way_tables.py",
        "forms_app/spreadsheets/values.py",
        "forms_app/templates/staff/_meeting*.html",
        "forms_app/templates/staff/fund*.html",
        "forms_app/templates/staff/meeting*.html",
        "forms_app/templates/staff/note*.html",
        "forms_app/templates/staff/page*.html",
        "forms_app/templates/staff/two_way*.html",
        "forms_app/web/forms/assessments.py",
        "forms_app/web/forms/funds.py",
        "forms_app/web/forms/meetings.py",
        "forms_app/web/forms/pages.py",
        "forms_app/web/forms/public_notes.py",
        "forms_app/web/forms/told.py",
        "forms_app/web/open311/*",
        "forms_app/web/staff/funds.py",
        "forms_app/web/staff/meetings.py",
        "forms_app/web/staff/pages.py",
        "forms_app/web/staff/public_notes.py",
        "forms_app/web/staff/receipts.py",
        "forms_app/web/staff/two_way.py",
    ),
    OPERATOR: (
        "forms_app/backups/*",
        "forms_app/commands/*",
        "forms_app/files/locks.py",
        "forms_app/files/running_lock.py",
        "forms_app/keeper/*",
        "forms_app/office/*",
        "forms_app/publishing/*",
        "forms_app/queries/chain_words.py",
        "forms_app/serve.py",
        "forms_app/settings/*",
        "forms_app/store/*",
        "forms_app/walking/*",
    ),
    "the numerals that days and times are read by": ("forms_app/rules/folding.py",),
    "the words that letters are read by": ("forms_app/issues/words.py",),
    "the office's data, and the site's page of a service": ("forms_app/rules/weekly.py",),
    "drawn for the site": ("forms_app/formats/lines.py",),
    "the sample circle's story": ("forms_app/demo/*",),
    "what pages are called when they are looked for": ("forms_app/web/search/entries.py",),
    "the words that questions are read by": ("forms_app/web/search/question.py",),
    "a language is called by its own name": ("forms_app/web/languages.py",),
    "reads Chinese aloud, and is left out of pages in English": ("forms_app/static/aloud.js",),
    "of the site's page of figures, which is in Chinese": ("forms_app/rules/figures.py",),
    "of the site's pages, which are in Chinese": ("forms_app/static/week.js",),
    "made from the catalogue": ("forms_app/static/*words.*.js",),
    "a page of the site, which is in Chinese": ("site/overrides/404.html",),
}
# Of a room that stays Chinese: labels that the app's pages show.
SPOKEN = ("forms_app/community/bases.py",)


def _translated(folder: str, pattern: str) -> tuple[Path, ...]:
    """The files below a folder that are not to stay Chinese."""
    return tuple(
        path
        for path in sorted((ROOT / folder).rglob(pattern))
        if (name := path.relative_to(ROOT).as_posix()) in SPOKEN
        or not any(fnmatch(name, kept) for kept in chain(*STAYS_CHINESE.values()))
    )


PYTHON = _translated("forms_app", "*.py")
TEMPLATES = (
    *_translated("forms_app/templates", "*.html"),
    *_translated("site/overrides", "*.html"),
)
SCRIPTS = _translated("forms_app/static", "*.js")


def _readers(script: Path) -> set[bool]:
    """Whose pages load it: the staff's (True), the residents' (False), or both."""
    # Those that come once the page stands are listed without their ending.
    names = (script.name, f'"{script.stem}"')
    texts = {page: page.read_text(encoding="utf-8") for page in TEMPLATES}
    return {
        "staff" in page.parts for page, text in texts.items() if any(name in text for name in names)
    }


# What the scripts say, by the file that brings it: a resident's page does not carry the staff's.
WORDS = {
    "words": tuple(script for script in SCRIPTS if False in _readers(script)),
    "staff_words": tuple(script for script in SCRIPTS if _readers(script) != {False}),
}

Message = str | tuple[str, ...]


@cache  # whoever looks through all files does so more than once
def python_texts(path: Path) -> tuple[list[str], list[str]]:
    """The Chinese strings of a file, and the places of f-strings that could not be looked up."""
    source = path.read_text(encoding="utf-8")
    if not (CHINESE.search(source) or "\\u" in source):
        return [], []  # nearly half of the files
    tree = ast.parse(source)
    left_out = {node for text in _stored(tree) for node in ast.walk(text)}
    glued = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and node not in left_out:
            parts = [part for part in node.values if isinstance(part, ast.Constant)]
            left_out.update(parts)
            if any(HAN.search(str(part.value)) for part in parts):
                glued.append(f"{path.relative_to(ROOT)}:{node.lineno}")
        elif isinstance(node, ast.Expr):
            left_out.add(node.value)  # a docstring
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node not in left_out
        if isinstance(node.value, str) and _is_text(node.value)
    ]
    return texts, glued


def _stored(tree: ast.AST) -> Iterator[ast.AST]:
    """What is put together to be stored, and shown as it was written ever after; and patterns."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in ("note", "recap", "staff_line"):
            yield node.value
        elif isinstance(node, ast.keyword) and node.arg == "resident_line":
            if isinstance(node.value, ast.JoinedStr):
                yield node.value
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "compile":
            yield node
        elif isinstance(node, ast.FunctionDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Assign | ast.AugAssign):
                    target = inner.targets[0] if isinstance(inner, ast.Assign) else inner.target
                    if isinstance(target, ast.Name) and target.id in ("note", "told"):
                        yield inner.value


def _is_text(value: str) -> bool:
    """Whether a string says something in Chinese, or puts values together as Chinese does."""
    return bool(HAN.search(value) or ("%(" in value and CHINESE.search(value)))


def script_texts(path: Path) -> list[str]:
    """What a script says through `_`."""
    rows = extract_from_file("javascript", path, keywords={"_": None})
    return [str(row[1]) for row in rows]


def unmarked_in_script(path: Path) -> list[str]:
    """The lines of a script that say something in Chinese without `_`."""
    marked = script_texts(path)
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        left = line
        for text in sorted(marked, key=len, reverse=True):
            left = left.replace(f'_("{text}"', "")
        if CHINESE.search(left):
            found.append(f"{path.relative_to(ROOT)}:{number}: {left.strip()[:40]}")
    return found


def template_texts(path: Path) -> list[Message]:
    """What a template marks for gettext; a pair where it counts something."""
    options = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
    rows = extract_from_file("jinja2", path, options=options)
    return [row[1] for row in rows]


def unmarked(path: Path) -> list[str]:
    """The places in a template that say something in Chinese without gettext."""
    marked = {text for one in template_texts(path) for text in forms_of(one)}
    environment = Environment(extensions=["jinja2.ext.i18n"])  # noqa: S701 (only its lexer)
    found, is_inside, after_begin = [], False, False
    for line, kind, value in _tokens(environment, path.read_text(encoding="utf-8")):
        if after_begin and kind == "name":
            is_inside = value == "trans" or (is_inside and value != "endtrans")
        if kind != "name" or value in ("trans", "endtrans"):
            after_begin = kind == "block_begin"
        is_text = kind == "data" and not is_inside
        is_string = kind == "string" and ast.literal_eval(value) not in marked
        if (is_text or is_string) and CHINESE.search(value):
            found.append(f"{path.relative_to(ROOT)}:{line}: {value.strip()[:40]}")
    return found


def _tokens(environment: Environment, source: str) -> Iterator[tuple[int, str, str]]:
    """The tokens of a template; strings that stand one after another are one, as in Python."""
    written = (token for token in environment.lex(source) if token[1] != "whitespace")
    for is_string, run in groupby(written, key=lambda token: token[1] == "string"):
        if is_string:
            strings = list(run)
            yield strings[0][0], "string", " ".join(value for _, _, value in strings)
        else:
            yield from run


def trusted(path: Path) -> list[str]:
    """The places in a template where `_`, which trusts its text as HTML, is given no constant."""
    environment = Environment(extensions=["jinja2.ext.i18n"])  # noqa: S701 (only its parser)
    tree = environment.parse(path.read_text(encoding="utf-8"))
    return [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in ("_", "gettext", "ngettext")
        if not (call.args and isinstance(call.args[0], nodes.Const))
    ]


@cache
def everything() -> tuple[Message, ...]:
    """All there is to say, once each."""
    seen: dict[str, Message] = {}
    for path in PYTHON:
        for text in python_texts(path)[0]:
            seen.setdefault(text, text)
    for path in SCRIPTS:
        for text in script_texts(path):
            seen.setdefault(text, text)
    for path in TEMPLATES:
        for message in template_texts(path):
            first = forms_of(message)[0]
            if isinstance(seen.get(first, ""), str):
                seen[first] = message
    return tuple(seen.values())


def forms_of(message: object) -> tuple[str, ...]:
    """The forms of a message, of which the first is its key."""
    return message if isinstance(message, tuple) else (str(message or ""),)
