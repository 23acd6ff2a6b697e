"""Several sub-districts in data/community: the old form still holds, and what can go wrong."""

from pathlib import Path
from shutil import copytree

import pytest

from forms_app.community import Circle, DataError, DataRefused, load
from forms_app.community.subdistrict_hints import subdistrict_hints
from forms_app.web.words import caller_words
from tests.support.district import HUBIAN, LING, grow
from tests.support.running import ROOT

SAMPLE = ROOT / "data" / "community"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample with a second sub-district."""
    copied = copytree(SAMPLE, tmp_path / "community")
    grow(copied)
    return copied


def replaced(folder: Path, file: str, old: str, new: str) -> tuple[DataError, ...]:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    try:
        load(folder)
    except DataRefused as refused:
        return refused.errors
    return ()


def test_a_file_with_one_street_is_one_subdistrict_that_nobody_has_to_name(
    sample_circle: Circle,
) -> None:
    assert not sample_circle.has_several_subdistricts
    assert list(sample_circle.subdistricts) == ["main"]
    assert {one.subdistrict for one in sample_circle.communities.values()} == {"main"}
    assert (
        sample_circle.subdistrict_name("jingui")
        == sample_circle.subdistrict
        == "黄金岭街道（示例）"
    )
    assert sample_circle.by_subdistrict() == ((None, tuple(sample_circle.communities.values())),)
    assert sample_circle.community_words("jingui") == "金桂社区（示例）"
    assert sample_circle.spelled_out() is sample_circle
    assert subdistrict_hints(sample_circle) == ()


def test_one_street_that_is_listed_needs_no_mention_either(tmp_path: Path) -> None:
    copied = copytree(SAMPLE, tmp_path / "community")
    text = (copied / "circle.yml").read_text(encoding="utf-8")
    (copied / "circle.yml").write_text(f"{text}\nstreets:\n  - {{ id: ling, name: 黄金岭街道 }}\n")
    circle = load(copied)
    assert {one.subdistrict for one in circle.communities.values()} == {"ling"}
    assert not circle.has_several_subdistricts


def test_each_community_belongs_to_its_subdistrict(folder: Path) -> None:
    circle = load(folder)
    assert circle.has_several_subdistricts
    assert [
        (subdistrict.id, [c.id for c in own])
        for subdistrict, own in circle.by_subdistrict()
        if subdistrict
    ] == [
        (LING, ["jingui", "yinxing"]),
        (HUBIAN, ["hubin"]),
    ]
    assert circle.subdistrict_name("hubin") == "湖边镇（示例）"
    assert circle.subdistrict_name("nowhere") == "示例经开区"
    assert circle.community_words("hubin") == "湖边镇（示例）湖滨社区（示例）"
    assert caller_words(circle, "hubin", "A").startswith("湖边镇（示例）（联系湖滨社区")
    assert circle.departments["hubian_station"].subdistrict == HUBIAN
    assert circle.organizations["hubian_committee"].subdistrict == HUBIAN


@pytest.mark.parametrize(
    ("file", "old", "new", "column", "said"),
    [
        ("circle.yml", f"    street: {HUBIAN}\n", "    street: hubain\n", "street",
         ("没有街道「hubain」", "是不是「hubian」")),
        ("circle.yml", f"    street: {HUBIAN}\n", "", "street",
         ("没有写属于哪个街道", "hubian（湖边镇（示例））")),
        ("circle.yml", f"id: {HUBIAN}, name", f"id: {LING}, name", "id", ("重复",)),
        ("circle.yml", f"id: {HUBIAN}, name: 湖边镇（示例）", f"id: {HUBIAN}", "name", ("缺少",)),
        ("departments.yml", f"  street: {HUBIAN}\n", "  street: nowhere\n", "street",
         ("没有街道「nowhere」", LING)),
        ("departments.yml", f"  kind: station\n  street: {HUBIAN}\n", f"  street: {HUBIAN}\n",
         "street", ("不分街道", "kind: station")),
        ("organizations.yml", f"  street: {HUBIAN}\n", "", "street",
         ("没有写是哪个街道的", HUBIAN)),
        ("organizations.yml", f"  street: {HUBIAN}\n", f"  street: {LING}\n", "street",
         (f"街道「{LING}」的街道大工委只能有一个",)),
        ("organizations.yml", "  parent_id: hubian_committee\n", "  parent_id: street\n",
         "parent_id", ("社区「hubin」属于街道「hubian」", "改上级")),
        ("organizations.yml", "  community_id: hubin\n",
         "  community_id: hubin\n  street: hubian\n", "street", ("只有街道大工委要写街道",)),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_file_place_and_remedy(
    folder: Path, file: str, old: str, new: str, column: str, said: tuple[str, ...]
) -> None:
    found = [e for e in replaced(folder, file, old, new) if e.file == file and e.column == column]
    assert len(found) == 1, found
    assert "第 " in found[0].place
    for words in said:
        assert words in str(found[0])


def test_a_community_with_a_street_where_none_are_listed_says_what_to_list(tmp_path: Path) -> None:
    copied = copytree(SAMPLE, tmp_path / "community")
    place = "    address: 示例路18号金桂社区党群服务中心\n"
    (error,) = replaced(copied, "circle.yml", place, f"{place}    street: hubian\n")
    assert "streets:" in error.remedy


def test_what_is_missing_without_being_wrong_is_a_reminder(folder: Path) -> None:
    assert not replaced(
        folder, "circle.yml", f"  - {{ id: {HUBIAN}", f"  - {{ id: fenggang, name: 凤岗镇 }}\n"
        f"  - {{ id: {HUBIAN}"
    )  # fmt: skip
    told = [str(notice) for notice in subdistrict_hints(load(folder))]
    assert any("凤岗镇还没有社区" in line for line in told)
    assert any("凤岗镇还没有街道大工委" in line for line in told)
    assert any("街道综治中心（示例）没有写属于哪个街道" in line for line in told)
    assert not any("湖边镇" in line for line in told)
