"""How templates are written, whoever draws them: the app, the site's frame, the site's pages."""

import re
from pathlib import Path

from jinja2 import Environment, nodes

from scripts.texts import TEMPLATES, template_texts

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("forms_app/templates", "site/overrides", "site/pages/templates")
EVERY = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.html"))]
LONGEST = 120
# What a list is joined with; `listed` in _macros.html says it, and nothing else.
BETWEEN = "、"


def test_a_form_is_asked_whether_it_has_a_field() -> None:
    # A field that a form took away is None, and None is defined.
    found = [
        f"{path.relative_to(ROOT)}: {asked[0]}"
        for path in TEMPLATES
        for asked in re.finditer(r"\w+\.\w+ is (?:not )?defined", path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_line_of_a_template_is_too_long_to_be_read_beside_another() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{number}: {len(line)}"
        for path in EVERY
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LONGEST
    ]
    assert {path.name for path in EVERY} >= {"base.html", "main.html", "near_page.html"}
    assert long == []


def test_no_blank_between_two_texts_is_eaten() -> None:
    # Jinja takes an ideographic blank for one of its own and leaves nothing between the two.
    eaten = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in EVERY
        for found in re.finditer(
            r"[^\n]*(?:-[%}]}\s*\u3000|\u3000\s*{[%{]-).*", path.read_text(encoding="utf-8")
        )
    ]
    assert eaten == []


def test_no_sentence_is_glued_of_pieces() -> None:
    glued = [
        (path.name, text)
        for path in TEMPLATES
        for text in template_texts(path)
        if isinstance(text, str) and text.startswith(tuple("、，。；："))
    ]
    assert glued == [("_macros.html", BETWEEN)]


def test_a_template_asks_for_the_macros_that_it_uses_itself_and_for_no_others() -> None:
    # What is asked for here and used in a piece would tie the piece to the pages it is on.
    parser = Environment(extensions=["jinja2.ext.i18n"])  # noqa: S701 (only its parser)
    unused = []
    for path in EVERY:
        tree = parser.parse(path.read_text(encoding="utf-8"))
        used = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"}
        unused += [
            f"{path.relative_to(ROOT)}: {name}"
            for asked in tree.find_all(nodes.FromImport)
            for name in (one if isinstance(one, str) else one[1] for one in asked.names)
            if name not in used
        ]
    assert unused == []


def test_what_is_typed_again_letter_by_letter_is_left_alone_by_a_browser_that_translates() -> None:
    code = re.compile(r'<\w+ [^>]*class="(?:ticket|[\w ]*\bwhole)"[^>]*')
    shown = [
        (path.name, one) for path in TEMPLATES for one in code.findall(path.read_text("utf-8"))
    ]
    assert len(shown) >= 8
    assert [one for one in shown if ' translate="no"' not in one[1]] == []
