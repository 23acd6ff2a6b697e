"""The page that answers the security standard: what it names is there, and its sums are right."""

import re

from tests.support.running import ROOT

PAGE = (ROOT / "site" / "docs" / "about" / "asvs.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| V(\d+\.\d+\.\d+) \| (.+?) \| (测试|做法|例外) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
ALL, LEAST_BY_TEST = 253, 0.6  # requirements of levels 1 and 2


def test_every_test_that_the_page_names_is_there() -> None:
    named = TEST.findall(PAGE)
    assert len(named) > 100
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not re.search(rf"^def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert missing == []


def test_every_requirement_stands_once_with_a_test_a_way_or_a_reason() -> None:
    rows = ROW.findall(PAGE)
    assert len({number for number, *_ in rows}) == len(rows)
    applying = PAGE.partition("{#not-here}")[0].count("\n| V")
    assert len(rows) == applying
    for number, _, kind, evidence in rows:
        assert kind != "测试" or TEST.search(evidence), number


def test_the_sums_are_what_the_page_says() -> None:
    kinds = [kind for _, _, kind, _ in ROW.findall(PAGE)]
    said = re.search(
        r"共(\d+)项，这个程序用得上的有(\d+)项：(\d+)项由自动测试证明（(\d+)%），(\d+)项是写明的做法，(\d+)项是例外",
        PAGE,
    )
    assert said is not None
    by_test, by_way, excepted = (kinds.count(kind) for kind in ("测试", "做法", "例外"))
    share = by_test * 100 // len(kinds)
    assert tuple(map(int, said.groups())) == (
        ALL, len(kinds), by_test, share, by_way, excepted,
    )  # fmt: skip
    assert by_test / len(kinds) >= LEAST_BY_TEST
