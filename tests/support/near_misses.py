"""Texts that a pattern nearly matches: one of its repetitions many times, and then what it cannot
take. Whatever can be read in two ways there is read in all of them, and their number doubles with
each time.
"""

import random
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

_PARSER: Any = import_module("re._parser")
_CONSTANTS: Any = import_module("re._constants")
_REPEATS = (_CONSTANTS.MAX_REPEAT, _CONSTANTS.MIN_REPEAT)
_END = "\x00"
_CLASSES = {
    _CONSTANTS.CATEGORY_DIGIT: "1",
    _CONSTANTS.CATEGORY_SPACE: " ",
    _CONSTANTS.CATEGORY_NOT_WORD: " ",
}
_OTHERS = 'a甲1 ,<"\n'
_SAMPLES = 12  # of what is repeated


def near_misses(pattern: re.Pattern[str], letters: int, seed: int = 1) -> Iterator[str]:
    """For each repetition without a narrow bound some texts of about so many letters."""
    dice = random.Random(seed)  # noqa: S311 (no secret)
    tree = _PARSER.parse(pattern.pattern, pattern.flags)
    for chosen in _repetitions(tree):
        units = {_sample(dice, chosen[2]) for _ in range(_SAMPLES)} - {""}
        for unit in sorted(units):
            middle = unit * max(1, letters // len(unit))
            yield _around(dice, tree, chosen, middle) + _END


def _repetitions(tree: Any) -> Iterator[Any]:
    for op, value in tree:
        if op in _REPEATS:
            if value[1] > 4:
                yield value
            yield from _repetitions(value[2])
        elif op is _CONSTANTS.SUBPATTERN:
            yield from _repetitions(value[3])
        elif op is _CONSTANTS.BRANCH:
            for branch in value[1]:
                yield from _repetitions(branch)


def _holds(tree: Any, chosen: Any) -> bool:
    return any(one is chosen for one in _repetitions(tree))


def _around(dice: random.Random, tree: Any, chosen: Any, middle: str) -> str:
    """The shortest text with the chosen repetition in it, which stands for `middle`."""
    said = []
    for op, value in tree:
        if op in _REPEATS and value is chosen:
            said.append(middle)
        elif op in _REPEATS:
            times = max(value[0], int(_holds(value[2], chosen)))
            said += [_around(dice, value[2], chosen, middle) for _ in range(times)]
        elif op is _CONSTANTS.SUBPATTERN:
            said.append(_around(dice, value[3], chosen, middle))
        elif op is _CONSTANTS.BRANCH:
            holding = [branch for branch in value[1] if _holds(branch, chosen)]
            said.append(_around(dice, (holding or [dice.choice(value[1])])[0], chosen, middle))
        else:
            said.append(_sample(dice, [(op, value)]))
    return "".join(said)


def _sample(dice: random.Random, tree: Any) -> str:
    """Something that the pattern takes, without what it looks at before and behind."""
    said = []
    for op, value in tree:
        if op is _CONSTANTS.LITERAL:
            said.append(chr(value))
        elif op is _CONSTANTS.NOT_LITERAL:
            said.append("甲" if value != ord("甲") else "a")
        elif op is _CONSTANTS.ANY:
            said.append("a")
        elif op is _CONSTANTS.IN:
            said.append(_one_of(dice, value))
        elif op is _CONSTANTS.BRANCH:
            said.append(_sample(dice, dice.choice(value[1])))
        elif op is _CONSTANTS.SUBPATTERN:
            said.append(_sample(dice, value[3]))
        elif op in _REPEATS:
            times = min(value[1], max(value[0], dice.choice((0, 1, 2))))
            said += [_sample(dice, value[2]) for _ in range(times)]
    return "".join(said)


def _one_of(dice: random.Random, members: Any) -> str:
    found = [
        chr(value) if op is _CONSTANTS.LITERAL
        else chr(dice.randint(*value)) if op is _CONSTANTS.RANGE
        else _CLASSES.get(value, "a") if op is _CONSTANTS.CATEGORY
        else ""
        for op, value in members
    ]  # fmt: skip
    if members[0][0] is _CONSTANTS.NEGATE:
        return next((letter for letter in _OTHERS if letter not in found), "乙")
    return dice.choice(found)
