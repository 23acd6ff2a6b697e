"""No pattern of ours keeps the house busy with a short text: one that can be read in two ways at
each of its letters is read in all of them, and nobody else is answered meanwhile.
"""

import ast
import importlib
import pkgutil
import re
import signal
import time
from collections.abc import Iterator, Mapping
from types import FrameType

import pytest

import forms_app
from forms_app.rules.late import Late
from tests.support.near_misses import near_misses
from tests.support.running import ROOT

LETTERS = (40, 200)
SECONDS = 0.2
# Run by themselves when they are imported.
_NOT_IMPORTED = ("__main__",)


class _TooLong(Exception):
    """A pattern is still at it."""


def test_no_pattern_is_kept_busy_by_a_short_text() -> None:
    patterns = {(one.pattern, one.flags): (one, where) for one, where in _patterns()}
    assert len(patterns) > 300
    slow = []
    for pattern, where in patterns.values():
        for text in (text for letters in LETTERS for text in near_misses(pattern, letters)):
            if _is_slow(pattern, text):
                slow.append(f"{where}: {pattern.pattern[:60]} on {text[:40]!r}")
                break
    assert slow == []


def test_a_pattern_that_doubles_with_each_letter_is_found() -> None:
    doubling = re.compile("(?:好|嗯+)+")
    assert any(_is_slow(doubling, text) for text in near_misses(doubling, 40))
    plain = re.compile("(?:好|嗯)+")
    assert not any(_is_slow(plain, text) for text in near_misses(plain, 200))


def _is_slow(pattern: re.Pattern[str], text: str) -> bool:
    """Whether it takes too long in any of the ways in which it may be asked."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    try:
        for ask in (pattern.match, pattern.fullmatch, pattern.search):
            began = time.process_time()
            signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
            ask(text)
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            if time.process_time() - began > SECONDS:
                return True
    except _TooLong:
        return True
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return False


def _patterns() -> Iterator[tuple[re.Pattern[str], str]]:
    """Every pattern of the product with the module it stands in."""
    for found in pkgutil.walk_packages(forms_app.__path__, "forms_app."):
        if found.name.rpartition(".")[2] not in _NOT_IMPORTED:
            module = importlib.import_module(found.name)
            yield from ((one, found.name) for one in _within(vars(module), 3))
    for folder in ("forms_app", "site"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            yield from ((one, file.name) for one in _literal(tree))


def _within(found: object, depth: int) -> Iterator[re.Pattern[str]]:
    if isinstance(found, Late):
        yield found.compiled()
    elif isinstance(found, re.Pattern):
        if isinstance(found.pattern, str):
            yield found
    elif depth and isinstance(found, Mapping | list | tuple | set | frozenset):
        for one in list(found.values()) if isinstance(found, Mapping) else found:
            yield from _within(one, depth - 1)


def _literal(tree: ast.AST) -> Iterator[re.Pattern[str]]:
    """What is asked within functions, or compiled in modules that are not imported."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr != "escape"
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        ):
            yield re.compile(node.args[0].value)


@pytest.mark.parametrize(
    ("pattern", "some"),
    [("a+b", "a" * 40 + "b\x00"), ("(?:甲|[乙丙])*丁", None), ("(?<=x)[^a]{5,}", None)],
)
def test_a_near_miss_is_long_and_ends_with_what_nothing_takes(
    pattern: str, some: str | None
) -> None:
    texts = list(near_misses(re.compile(pattern), 40))
    assert texts
    assert all(len(text) >= 40 and text.endswith("\x00") for text in texts)
    assert some is None or some in texts
