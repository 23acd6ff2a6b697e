"""The sketch: its marks legible and apart, its lines light, and nothing in it from elsewhere."""

import gzip
import random
import re
from datetime import date
from itertools import combinations
from math import hypot

import pytest
from msgspec.structs import replace
from pages import sketch, stops

from forms_app.community import Circle, Entrance, StreetLine, Streets, Venue
from forms_app.radius.reach import Radius
from tests.support.running import ROOT

METRE = 1 / 110_800
MADE_ON = date(2026, 10, 20)


@pytest.fixture
def circle(sample_circle: Circle) -> Circle:
    return sample_circle


def drawn(circle: Circle, estate: str = "guiyuan", streets: Streets | None = None) -> sketch.Sketch:
    radius = Radius(circle)
    shown = [s for s in stops.places(radius, estate) if s.reach.is_reached or s.reach.is_unwalked]
    found = sketch.draw(radius, circle.estates[estate], shown, streets)
    assert found
    return found


def marks(html: str) -> list[tuple[str, int, int]]:
    """Every letter and number with the middle of its mark."""
    found = re.findall(r'<text x="(\d+)" y="(\d+)" text-anchor="middle"[^>]*>(\w+)</text>', html)
    return [(label, int(x), int(y) - 11) for x, y, label in found]


def crowded(circle: Circle, number: int) -> Circle:
    """All of so many places in one building."""
    venues = {
        f"v{n}": Venue(f"v{n}", "jingui", f"场所{n}", 25.8312 + n * METRE, 114.9, "", "")
        for n in range(number)
    }
    return replace(circle, venues=venues, walks=(), services={}, activities={})


def net(segments: int, reached_share: float = 0.5) -> Streets:
    """A dense quarter: wavering lines of four segments around the estate."""
    chance = random.Random(3)  # noqa: S311 (a picture, no secret)
    lines = []
    for n in range(segments // 4):
        x, y = chance.uniform(-550, 550), chance.uniform(-550, 550)
        points = []
        for _ in range(5):
            points.append((25.8303 + y * METRE, 114.901 + x * METRE / 0.9))
            x, y = x + chance.uniform(5, 30), y + chance.uniform(-25, 25)
        kind = chance.choice(("street", "street", "path", "steps"))
        lines.append(StreetLine(kind, n < segments / 4 * reached_share, "", tuple(points)))
    return Streets("guiyuan", MADE_ON, "© OpenStreetMap 贡献者，ODbL", tuple(lines))


def test_letters_and_numbers_stand_inside_and_apart(circle: Circle):
    for number in (1, 5, 30):
        html = drawn(crowded(circle, number)).html
        width, height = map(int, re.findall(r'viewBox="0 0 (\d+) (\d+)"', html)[0])
        placed = marks(html)
        assert len(placed) == number + 2
        for _, x, y in placed:
            assert sketch.MARK <= x <= width - sketch.MARK
            assert sketch.MARK <= y <= height - sketch.FOOT - sketch.MARK
        for (_, x1, y1), (_, x2, y2) in combinations(placed, 2):
            assert hypot(x1 - x2, y1 - y2) >= 2 * sketch.MARK


def test_a_mark_that_was_moved_points_at_its_true_place(circle: Circle):
    alone = drawn(crowded(circle, 1))
    assert not alone.has_moved
    assert "sketch-lead" not in alone.html
    together = drawn(crowded(circle, 3))
    assert together.has_moved
    assert together.html.count('class="sketch-lead"') == 2


def test_no_more_is_drawn_than_can_be_read(circle: Circle):
    found = drawn(crowded(circle, 150))
    assert len(found.numbers) < 150
    placed = {label for label, _, _ in marks(found.html)}
    assert {str(number) for number in found.numbers} == placed - {"A", "B"}


def test_letters_are_legible_on_a_phone(circle: Circle):
    html = drawn(circle).html
    for size in re.findall(r'font-size="(\d+)"', html):
        assert int(size) * 328 / sketch.WIDTH >= 14  # a phone of 360 pixels with its margins
    assert "<title" in html
    assert "<desc" in html
    assert 'role="img"' in html


def test_the_scale_is_a_hundred_metres_long(circle: Circle):
    html = drawn(circle).html
    bar = int(re.findall(r"v14h(\d+)v-14", html)[0])
    south, north = circle.entrances_of("guiyuan")
    radius = int(re.findall(r'<circle cx="\d+" cy="\d+" r="(\d+)"/>', html)[0])
    assert abs(radius / bar - 3.5) < 0.05  # the south gate is three of ten minutes away
    spots = {label: (x, y) for label, x, y in marks(html)}
    apart = spots["B"][0] - spots["A"][0]
    metres = (north.longitude - south.longitude) * 100_200
    assert abs(apart / bar * 100 - metres) < 5


def test_north_is_up(circle: Circle):
    spots = {label: (x, y) for label, x, y in marks(drawn(circle).html)}
    assert spots["B"][1] < spots["A"][1]  # the side gate lies north of the main gate
    assert spots["B"][0] > spots["A"][0]


def test_without_streets_only_the_straight_lines_limit_is_drawn(circle: Circle):
    found = drawn(circle)
    assert found.lines == ()
    assert 'class="sketch-limit"' in found.html
    assert found.limit == "350至400"


def test_the_streets_themselves_are_drawn_one_path_a_kind(circle: Circle):
    found = drawn(circle, streets=net(400))
    assert found.html.count('<path class="sketch-near') == 3
    assert found.html.count('<path class="sketch-far') == 3
    assert "polygon" not in found.html
    assert len(found.lines) == 6
    only = StreetLine("path", True, "", ((25.83, 114.9), (25.831, 114.9)))
    found = drawn(circle, streets=replace(net(4), lines=(only,)))
    assert found.lines == (("near-path", "走得到的小路"),)


def test_a_line_is_where_the_street_is(circle: Circle):
    south, side = circle.entrances_of("guiyuan")
    points = ((south.latitude, south.longitude), (side.latitude, side.longitude))
    street = StreetLine("street", True, "", points)
    html = drawn(circle, streets=replace(net(4), lines=(street,))).html
    spots = {label: (x, y) for label, x, y in marks(html)}
    (path,) = re.findall(r'class="sketch-near-street" d="([^"]+)"', html)
    x, y, dx, dy = map(int, re.findall(r"-?\d+", path))
    assert (x, y) == spots["A"]
    assert (x + dx, y + dy) == spots["B"]


def test_streets_far_outside_are_left_out(circle: Circle):
    away = StreetLine("street", False, "", ((25.9, 114.9), (25.91, 114.9)))
    found = drawn(circle, streets=replace(net(4), lines=(away,)))
    assert found.lines == ()


def test_two_thousand_segments_stay_light(circle: Circle):
    html = drawn(circle, streets=net(2000)).html
    assert len(gzip.compress(html.encode())) < 12_000


def test_nothing_in_it_is_inline_or_from_elsewhere(circle: Circle):
    html = drawn(circle, streets=net(100)).html
    assert not re.search(r"https?:|style=|<script|<image|<use|href=|url\(", html)
    css = (ROOT / "forms_app/static/pages.css").read_text(encoding="utf-8")
    for name in set(re.findall(r'class="(sketch[\w-]*)"', html)):
        if name != "sketch-far-street":  # the thin line that all others are drawn over
            assert f".{name}" in css, name


def test_without_coordinates_there_is_no_sketch(circle: Circle):
    nowhere = float("nan")
    entrances = tuple(
        replace(entrance, latitude=nowhere, longitude=nowhere) for entrance in circle.entrances
    )
    for lost in (replace(circle, entrances=entrances), replace(circle, coord_system="none")):
        assert sketch.draw(Radius(lost), lost.estates["guiyuan"], [], None) is None


def test_entrances_have_a_letter_each_however_many_there_are():
    many = [Entrance("x", str(n), 0, 0, "", True, 0) for n in range(60)]
    given = [letter for letter, _ in sketch.letters(many)]
    assert given[:2] == ["A", "B"]
    assert len(set(given)) == 60


def names(html: str) -> list[tuple[str, str, int, int]]:
    """Every name on it with its class and where it begins."""
    found = re.findall(r'<text class="(\S+)" x="(\d+)" y="(\d+)"[^>]*>([^<]+)</text>', html)
    return [(words, kind, int(x), int(y)) for kind, x, y, words in found]


def test_places_the_estate_and_long_streets_have_their_names(circle: Circle):
    south, side = circle.entrances_of("guiyuan")
    points = ((south.latitude - 0.002, 114.899), (south.latitude - 0.002, 114.903))
    street = StreetLine("street", True, "示例路", points)
    html = drawn(circle, streets=replace(net(4), lines=(street,))).html
    said = {words: kind for words, kind, _, _ in names(html)}
    assert said["桂园小区"] == "sketch-home"
    assert said["示例路"] == "sketch-street-name"
    assert "sketch-name" in said.values()
    assert side


def test_no_name_lies_on_a_mark_or_on_another_or_outside(circle: Circle):
    for number in (1, 5, 30, 150):
        html = drawn(crowded(circle, number)).html
        width, height = map(int, re.findall(r'viewBox="0 0 (\d+) (\d+)"', html)[0])
        boxes = [
            (x, y - 24, x + 28 * sum(1 if ord(c) > 255 else 0.6 for c in words), y + 5)
            for words, _, x, y in names(html)
        ]
        taken = [(x - 24, y - 24, x + 24, y + 24) for _, x, y in marks(html)]
        for left, top, right, bottom in boxes:
            assert left >= 0
            assert top >= 0
            assert right <= width
            assert bottom <= height - sketch.FOOT
        for one, other in combinations([*boxes, *taken], 2):
            if one in boxes:
                apart = one[2] <= other[0] or other[2] <= one[0]
                assert apart or one[3] <= other[1] or other[3] <= one[1], (one, other)
