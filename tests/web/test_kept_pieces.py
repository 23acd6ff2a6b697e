"""A piece of a page is drawn once for each content, and hangs on nothing but that."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, meta, nodes
from markupsafe import Markup, escape

from forms_app.rules.said import named, said
from forms_app.store.models import Issue
from forms_app.web.contents import digest
from forms_app.web.frame import CONSTANTS
from forms_app.web.kept_pieces import BYTES, SECONDS, KeptPieces
from forms_app.web.staff.moves import BLANK
from tests.support.web import House, form_on, without_tokens

# Texts of ours and addresses of files; a blank form is nobody's.
SAME_FOR_ALL = {"_", "ngettext", "range", "asset", *CONSTANTS}
SAME_FOR_ALL |= {"blank_move", "blank_reply", "blank_verdict"}


@dataclass
class Pieces:
    """Kept pieces of one template, with a clock, and how often it was drawn."""

    house: House
    now: float = 1.0
    drawn: list[object] = field(default_factory=list)
    kept: KeptPieces = field(init=False)

    def __post_init__(self) -> None:
        templates = {"one": "{{ note(value) }}{{ site_root }}", "other": "other{{ value }}"}
        environment = Environment(
            loader=DictLoader(templates), undefined=StrictUndefined, autoescape=True
        )
        environment.globals["note"] = self.note
        self.kept = KeptPieces(environment, lambda: self.now)

    def note(self, value: object) -> object:
        self.drawn.append(value)
        return value

    def ask(self, value: object, name: str = "one", root: str = "", lang: str = "zh") -> Markup:
        asked = {"Cookie": f"lang={lang}"}
        with self.house.app.test_request_context(root + "/", base_url=None, headers=asked):
            return self.kept.here()(name, value=value)


@pytest.fixture
def pieces(house: House) -> Pieces:
    return Pieces(house)


def test_what_is_equal_is_drawn_once(pieces: Pieces) -> None:
    assert {pieces.ask(("a<", 1)) for _ in range(3)} == {Markup("(&#39;a&lt;&#39;, 1)/")}
    assert len(pieces.drawn) == 1
    assert pieces.ask("a<", "other") == "othera&lt;"


def test_what_is_like_it_is_not_taken_for_it(pieces: Pieces) -> None:
    alike = [1, True, "1", ("1",), None, "", said("1"), named("1", "one")]
    assert [pieces.ask(one) for one in alike] == [f"{escape(one)}/" for one in alike]
    assert len(pieces.drawn) == len(alike)
    assert len({digest(one) for one in [*alike, [said("1")], said("%(n)s", n=1)]}) == 10


def test_html_is_no_content(pieces: Pieces) -> None:
    with pytest.raises(TypeError, match="Markup"):
        pieces.ask(Markup("<b>"))


def test_what_was_long_not_asked_for_is_forgotten(pieces: Pieces) -> None:
    pieces.ask("of now")
    for _ in range(3):
        pieces.now += SECONDS
        pieces.ask("again")
    assert pieces.drawn == ["of now", "again"]
    pieces.ask("of now")
    assert len(pieces.drawn) == 3
    pieces.now += 2 * SECONDS
    pieces.ask("again")
    assert len(pieces.drawn) == 4


def test_so_many_bytes_are_kept_and_no_more(pieces: Pieces) -> None:
    for number in range(100):
        pieces.ask(f"{number}" + "x" * (BYTES // 20))
    held = pieces.kept._held
    texts = [*held.pieces.values(), *held.before.values()]
    assert BYTES < sum(map(len, texts)) < 2.2 * BYTES


def test_other_data_of_the_community_and_other_languages_are_drawn_anew(pieces: Pieces) -> None:
    pieces.ask("a")
    [pieces.ask("a", lang="en") for _ in range(2)]
    assert len(pieces.drawn) == 3
    file = pieces.house.settings.community_dir / "circle.yml"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n", encoding="utf-8")
    pieces.house.app.extensions["circle"].look_now()
    pieces.ask("a")
    assert len(pieces.drawn) == 4


# The templates


def _trees(house: House) -> Iterator[tuple[str, nodes.Template]]:
    environment = house.app.jinja_env
    for name in environment.list_templates(["html"]):
        source, _, _ = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
        yield name, environment.parse(source)


def test_a_piece_asks_for_nothing_that_hangs_on_its_reader(house: House) -> None:
    trees = dict(_trees(house))
    pieces = {
        call.args[0].value  # type: ignore[attr-defined]  # its name
        for tree in trees.values()
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == "piece"
    }
    assert len(pieces) >= 4
    for piece in pieces:
        parts, rest = set[str](), {piece}
        while rest:
            part = rest.pop()
            parts.add(part)
            rest |= {one for one in meta.find_referenced_templates(trees[part]) if one} - parts
        # What is no global of the templates is undefined in a piece, unless it is given.
        asked = {name for part in parts for name in meta.find_undeclared_variables(trees[part])}
        assert asked & house.app.jinja_env.globals.keys() <= SAME_FOR_ALL, piece


# The pages


def test_a_blank_move_is_drawn_without_a_case(house: House) -> None:
    assert len(BLANK) > 10
    with house.app.test_request_context("/staff/"):
        kept = KeptPieces(house.app.jinja_env).here()
        for move in BLANK:
            piece = kept("staff/moves/_blank.html", move=move, title="题", hint="")
            assert f'id="move-{move}"' in piece


def test_each_reader_s_blank_forms_are_their_own_and_are_taken(house: House) -> None:
    number = house.number("楼道灯不亮，晚上")
    address = f"/staff/issues/{number}"
    readers = [house.staff(name) for name in ("worker", "community_leader", "worker")]
    pages = [reader.get(address) for reader in readers]
    for name in ("csrf_token", "form_key"):
        own = {form_on(page, f"{address}/note").value(name) for page in pages}
        assert len(own) == 3
    other = house.number("小区门口积水")
    page = readers[0].get(f"/staff/issues/{other}")
    shown = form_on(page, f"/staff/issues/{other}/note")
    assert shown.value("version") == str(house.issue(other).version)
    for reader in readers[:2]:
        answer = reader.fill(address, {"note": "看过了"}, f"{address}/note")
        assert answer.status_code == 303
    assert readers[0].get(address).text.count("看过了") == 2


def test_each_resident_s_forms_are_their_own(house: House) -> None:
    [number, *_] = [one.number for one in Issue.select().where(Issue.step == "evaluating")]
    for part in ("verdict", "reply"):
        address = f"/issues/{number}"
        pages = [house.holder(number).get(address) for _ in range(2)]
        for name in ("csrf_token", "form_key"):
            own = {form_on(page, f"{address}/{part}").value(name) for page in pages}
            assert len(own) == 2
    said = house.holder(number)
    assert said.fill(address, {"satisfaction": "5"}, f"{address}/verdict").status_code == 303
    assert house.issue(number).step == "closed"


def test_who_read_before_changes_no_page(house: House) -> None:
    names = ("supervisor", "responder", "collector", "worker", "community_leader", "street_leader")
    addresses = ("/staff/", "/staff/register")
    first = {name: [house.staff(name).get(one).text for one in addresses] for name in names}
    for name in reversed(names):
        again = [house.staff(name).get(one).text for one in addresses]
        assert list(map(without_tokens, again)) == list(map(without_tokens, first[name]))
    assert 'name="numbers"' in first["community_leader"][1]
    assert 'name="numbers"' not in first["supervisor"][1]
