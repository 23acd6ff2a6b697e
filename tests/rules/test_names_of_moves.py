"""Names of moves stand together in the procedure's table alone: a new one is forgotten nowhere."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from jinja2 import Environment, nodes

from forms_app.rules.procedure import MOVES
from tests.support.running import ROOT

NAMES = {move.name for move in MOVES}
TABLE = ROOT / "forms_app" / "rules" / "procedure.py"
# What is called the same and is none: what moves need.
OTHERS = ("NEED_LABELS",)

# Whoever lists names writes two of them somewhere; only what does is taken apart.
WRITTEN = re.compile(rf"""["']({"|".join(sorted(NAMES))})["']""")

Place = tuple[int, set[str]]  # the line, and the strings that stand together there


def together(path: Path) -> Iterator[Place]:
    """The strings of every collection that a file writes down, and of every call's arguments."""
    text = path.read_text(encoding="utf-8")
    if len(set(WRITTEN.findall(text))) < 2:
        return
    if path.suffix == ".py":
        yield from in_python(ast.parse(text))
    else:
        environment = Environment(extensions=["jinja2.ext.i18n"])  # noqa: S701 (only its parser)
        yield from in_template(environment.parse(text))


def in_python(tree: ast.AST) -> Iterator[Place]:
    of_others = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        if ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target) in OTHERS
    }
    for node in ast.walk(tree):
        if node in of_others:
            continue
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            items: list[ast.expr | None] = [*node.elts]
        elif isinstance(node, ast.Dict):
            items = [*node.keys, *node.values]
        elif isinstance(node, ast.Call):
            items = [*node.args]
        elif isinstance(node, ast.BoolOp):
            items = [one for each in node.values if isinstance(each, ast.Compare)
                     for one in each.comparators]  # fmt: skip
        else:
            continue
        # Pairs in a list as well: each begins with a name.
        inner = [one for item in items if isinstance(item, ast.Tuple) for one in item.elts]
        yield (
            node.lineno,
            {
                one.value
                for one in (*items, *inner)
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            },
        )


def in_template(tree: nodes.Template) -> Iterator[Place]:
    for listed in tree.find_all(nodes.List):
        yield listed.lineno, _constants(listed.items)
    for several in tree.find_all(nodes.Tuple):
        yield several.lineno, _constants(several.items)
    for pairs in tree.find_all(nodes.Dict):
        items = [one for pair in pairs.items for one in (pair.key, pair.value)]
        yield pairs.lineno, _constants(items)


def _constants(items: Iterable[nodes.Expr]) -> set[str]:
    return {str(one.value) for one in items if isinstance(one, nodes.Const)}


def compared(path: Path) -> Iterator[tuple[int, str]]:
    """The names that a file compares an entry's move with, or asks for entries `of`."""
    text = path.read_text(encoding="utf-8")
    if not WRITTEN.search(text):
        return
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            asked: list[ast.expr] = []
            if isinstance(node, ast.Compare) and getattr(node.left, "attr", "") == "move":
                asked = node.comparators
            elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "of":
                asked = node.args
            for one in asked:
                if isinstance(one, ast.Constant) and one.value in NAMES:
                    yield node.lineno, one.value
    else:
        environment = Environment(extensions=["jinja2.ext.i18n"])  # noqa: S701 (only its parser)
        for found in environment.parse(text).find_all(nodes.Compare):
            if getattr(found.expr, "attr", "") == "move":
                for operand in found.ops:
                    if isinstance(operand.expr, nodes.Const) and operand.expr.value in NAMES:
                        yield found.lineno, operand.expr.value


def lists_of_moves(paths: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name}:{line}: "
        f"{' '.join(sorted(strings & NAMES))}"
        for path in paths
        for line, strings in sorted(together(path), key=lambda place: place[0])
        if len(strings & NAMES) > 1
    ]


def others() -> list[Path]:
    return [
        path
        for folder in ("forms_app", "site")
        for ending in ("*.py", "*.html")
        for path in sorted((ROOT / folder).rglob(ending))
        if path != TABLE
    ]


def test_no_other_file_lists_moves() -> None:
    assert lists_of_moves(others()) == []


def test_what_an_entry_tells_of_is_asked_of_its_row_and_not_of_its_name() -> None:
    assert [(path.name, *found) for path in others() for found in compared(path)] == []


def test_a_name_that_an_entry_is_compared_with_is_found(tmp_path: Path) -> None:
    module, template = tmp_path / "module.py", tmp_path / "page.html"
    module.write_text('a = Entry.move != "reply"\nb = told.of("plan")\nc = word == "ask"\n')
    template.write_text('{% if other == "ask" %}{% elif entry.move == "ask" %}{% endif %}')
    assert [*compared(module), *compared(template)] == [(1, "reply"), (2, "plan"), (1, "ask")]


def test_a_list_of_moves_is_found(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        'NEED_LABELS = {"merge": "", "join": ""}\n'
        'ENDS = ("resolve", "explain")\n'
        'WORDS = {"plan": "a", "other": "b", "progress": "c"}\n'
        'of("merge", "join")\n'
        'PAIRS = [("opine", 1), ("classify", 2)]\n'
        'ONE = ["answer", "nothing"]\n'
        'm == "resolve" or m == "explain"\n'
    )
    template = tmp_path / "page.html"
    template.write_text(
        '{% set x = {"merge": 1, "join": 2} %}\n{% if m in ("opine", "plan") %}{% endif %}'
    )
    assert lists_of_moves([module, template]) == [
        "module.py:2: explain resolve",
        "module.py:3: plan progress",
        "module.py:4: join merge",
        "module.py:5: classify opine",
        "module.py:7: explain resolve",
        "page.html:1: join merge",
        "page.html:2: opine plan",
    ]
