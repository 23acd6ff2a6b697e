"""A whole letter of one sign is looked at at once, whatever looks at it.

A stranger may send twenty of ten thousand letters, and a board reads each of them whenever it is
shown: what looks for something anew from each sign on would keep everybody from everything.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import process_time
from types import ModuleType

import pytest

import forms_app.issues
import forms_app.rules
from forms_app.community.values import Unreadable
from forms_app.rules.lengths import LETTER_LETTERS

pytestmark = pytest.mark.slow

MOST_SECONDS = 0.3  # of the processor
SIGNS = (
    "1", "上", "半", "十", "年", "a", "x：y\n", "，", "（", "[", " ", "\n", "1、", "13800000000 ",
    "@", "我叫", "王先生", "今年", "没有", "老",
)  # fmt: skip
# What they say of a text that is none of theirs: a file's name, a column, JSON of ours.
NONE_OF_THEIRS = (ValueError, LookupError, TypeError, OSError, RecursionError, Unreadable)


def lookers() -> Iterator[Callable[[str], object]]:
    """The functions of the pure rooms that are asked with a text and nothing else."""
    for room in (forms_app.issues, forms_app.rules):
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            module = importlib.import_module(found.name)
            if "forms_app.store" not in inspect.getsource(module):
                yield from _of(module)


def _of(module: ModuleType) -> Iterator[Callable[[str], object]]:
    for one in vars(module).values():
        if inspect.isfunction(one) and one.__module__ == module.__name__:
            asked = inspect.signature(one).parameters.values()
            needed = [parameter for parameter in asked if parameter.default is parameter.empty]
            if len(needed) == 1 and needed[0].annotation is str:
                yield one


def test_there_are_many_of_them() -> None:
    assert len(list(lookers())) > 80


@pytest.mark.parametrize("sign", SIGNS)
def test_a_whole_letter_of_one_sign_is_looked_at_at_once(sign: str) -> None:
    letter = (sign * LETTER_LETTERS)[:LETTER_LETTERS]
    slow = []
    for look in lookers():
        began = process_time()
        with suppress(*NONE_OF_THEIRS):
            found = look(letter)
            if inspect.isgenerator(found):
                list(found)
        if process_time() - began > MOST_SECONDS:
            slow.append(f"{look.__module__}.{look.__name__}")
    assert slow == []
