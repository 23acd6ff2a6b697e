"""What both READMEs name is there, and the one names what the other does."""

import re
import shlex

import pytest

from forms_app.commands import cli
from tests.support.running import ROOT

READMES = ("README.md", "README.zh-CN.md")
COMMAND = re.compile(r"`(?:scripts/circle|sudo circle) ([^`]+)`")


def text_of(readme: str) -> str:
    return (ROOT / readme).read_text(encoding="utf-8")


@pytest.mark.parametrize("readme", READMES)
def test_every_command_of_it_can_be_typed(readme: str) -> None:
    found = COMMAND.findall(text_of(readme))
    assert len(found) > 20
    for words in found:
        cli.parser().parse_args(shlex.split(words))


def test_both_name_the_same_commands_and_variables() -> None:
    for what in (r"`(?:scripts/circle|sudo circle) ([a-z-]+)", r"CIRCLE_[A-Z0-9_]+"):
        english, chinese = (set(re.findall(what, text_of(readme))) for readme in READMES)
        assert english == chinese, english ^ chinese
