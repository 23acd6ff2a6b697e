"""What a new office begins with: nothing of the sample that a resident would be sent to."""

from pathlib import Path

import pytest

from forms_app.community import load
from forms_app.office.shipped import make_office
from tests.support.running import ROOT

SAMPLES_OWN = ("0797-0000", "（示例）", "示例小学", "金桂", "安居物业", "虚构")


@pytest.fixture
def community(tmp_path: Path) -> Path:
    make_office(ROOT, tmp_path / "office", is_sample=False)
    return tmp_path / "office" / "community"


def test_a_new_office_names_nobody_and_no_telephone_of_the_sample(community: Path) -> None:
    files = [one for one in community.glob("*.*") if one.suffix != ".md"]
    written = {one.name: one.read_text(encoding="utf-8") for one in files}
    assert {"departments.yml", "elsewhere.yml", "circle.yml"} <= written.keys()
    named = [(name, own) for name, text in written.items() for own in SAMPLES_OWN if own in text]
    assert named == []


def test_it_keeps_what_is_the_same_everywhere(community: Path) -> None:
    sample, office = load(ROOT / "data" / "community"), load(community)
    partners = {one.id for one in sample.departments.values() if one.kind == "partner"}
    assert partners
    assert office.departments.keys() == sample.departments.keys() - partners
    assert office.elsewhere.keys() == sample.elsewhere.keys()
    assert [one.duties for one in office.departments.values()] == [
        one.duties for key, one in sample.departments.items() if key not in partners
    ]
    numbers = {one.phone for one in office.elsewhere.values()}
    assert {"", "12393", "95598"} <= numbers
