"""What both READMEs name is there, and the one names what the other does."""

import re
import shlex

import pytest

from forms_app.commands import cli
from tests.support.running import ROOT

READMES = ("README.md", "README.zh-CN.md")
# Of a row: `staff add\|reset`, `restore FOLDER --check`, and what stands in the words beside them.
SPAN = re.compile(r"`([a-z][a-z-]+(?:\\\||[^`|])*)`")


def text_of(readme: str) -> str:
    return (ROOT / readme).read_text(encoding="utf-8")


def commands_of(readme: str) -> list[str]:
    """What the table of commands says that can be typed, as it stands there."""
    table = re.search(r"^\| (?:command|命令) \|.*?\n\n", text_of(readme), re.S | re.M)
    assert table is not None
    return [words for row in table[0].splitlines()[2:] for words in SPAN.findall(row)]


def first_word(words: str) -> str:
    return words.partition(" ")[0]


def is_command(*words: str) -> bool:
    """Whether it tells how it is typed."""
    with pytest.raises(SystemExit) as left:
        cli.parser().parse_args([*words, "--help"])
    return left.value.code == 0


@pytest.mark.parametrize("readme", READMES)
def test_every_command_of_it_can_be_typed(readme: str) -> None:
    found = [words for words in commands_of(readme) if is_command(first_word(words))]
    assert len(found) > 20
    for words in found:
        first, _, rest = words.partition(" ")
        if "\\|" in rest:
            assert all(is_command(first, one) for one in rest.split("\\|"))
        elif rest:
            cli.parser().parse_args(shlex.split(words))


def test_both_name_the_same_commands_and_variables() -> None:
    english, chinese = (
        {name for name in map(first_word, commands_of(readme)) if is_command(name)}
        for readme in READMES
    )
    assert english == chinese, english ^ chinese


@pytest.mark.parametrize("readme", READMES)
def test_every_setting_that_there_is_stands_in_it(readme: str) -> None:
    code = "".join(file.read_text() for file in (ROOT / "forms_app/settings").glob("*.py"))
    read, told = (set(re.findall(r"CIRCLE_[A-Z0-9_]+", text)) for text in (code, text_of(readme)))
    assert told == read, told ^ read
