"""opinions.yml, the community's own tasks, and reasons of bad ratings."""

from pathlib import Path

import pytest

from forms_app.community import (
    DataRefused,
    load,
)
from tests.support.circle_files import Broken, errors_of, only


def test_a_community_may_do_without_prepared_words(folder: Path) -> None:
    (folder / "opinions.yml").unlink()
    assert load(folder).opinions == {}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("category: noise", "category: nois", "没有问题种类「nois」"),
        ("id: look_first", "id: unclear_place", "重复"),
        ("我们先派人到现场看清楚", "我们一定办好", "「一定」承诺得太多"),
        ("name: 先去现场看", "name:", "没有填"),
        ("category: noise", "kind: noise", "不认识「kind」这一项"),
    ],
)
def test_a_mistake_in_the_prepared_words_is_named_with_its_remedy(
    broken: Broken,
    old: str,
    new: str,
    said: str,
) -> None:
    error = only(broken("opinions.yml", old, new))
    assert said in error.problem
    assert (error.file, bool(error.place), bool(error.remedy)) == ("opinions.yml", True, True)


@pytest.mark.parametrize("own", ["maybe", "0"])
def test_whether_a_task_is_the_communitys_own_is_said_with_yes_or_no(
    broken: Broken,
    own: str,
) -> None:
    assert (
        "不是「是」或「否」"
        in only(broken("circle.yml", "own: no, words", f"own: {own}, words")).problem
    )


def test_too_long_words_are_refused(folder: Path) -> None:
    path = folder / "opinions.yml"
    path.write_text(f"- id: long\n  name: 长\n  text: {'长' * 1001}\n", encoding="utf-8")
    with pytest.raises(DataRefused, match="1001字"):
        load(folder)


def test_reasons_of_bad_ratings_name_kinds_of_things_and_no_other_is_ours(folder: Path) -> None:
    (folder / "rating_reasons.yml").write_text(
        "- { id: slow, name: 等得太久, kinds: [service], urgency: 1 }\n"
        "- { id: other, name: 别的, kinds: [person] }\n"
        "- { id: dirty, name: 不干净, kinds: [], urgency: 4 }\n"
    )
    found = "\n".join(map(str, errors_of(folder)))
    assert "系统自己的编号" in found
    assert "person" in found
    assert found.count("rating_reasons.yml") == 4
    (folder / "rating_reasons.yml").unlink()
    assert load(folder).reasons_for("service:any") == {"other": "别的原因"}
