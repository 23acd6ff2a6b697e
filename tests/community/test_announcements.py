"""Announcements that end by themselves, and the roster of those on duty."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from pages import make

from forms_app.community import DataRefused, load
from tests.support.running import ROOT

TOLD = """- id: water
  title: 12月3日上午停水
  text: 桂园小区8:00到12:00，请先接好水。
  first: 2026-12-01
  last: 2026-12-03
- id: jingui_moves
  title: 窗口搬到二楼
  first: 2026-11-20
  last: 2026-12-31
  community_id: jingui
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "data" / "community", tmp_path / "community")
    return tmp_path / "community"


def test_an_announcement_stands_on_the_home_page_until_its_last_day(folder: Path) -> None:
    (folder / "announcements.yml").write_text(TOLD, encoding="utf-8")
    circle = load(folder)
    on = {day: [one.id for one in circle.announced_on(date(2026, *day))]
          for day in ((11, 19), (11, 20), (12, 1), (12, 3), (12, 4))}  # fmt: skip
    assert on == {
        (11, 19): [],
        (11, 20): ["jingui_moves"],
        (12, 1): ["water", "jingui_moves"],
        (12, 3): ["water", "jingui_moves"],
        (12, 4): ["jingui_moves"],
    }
    home = make(circle, None, date(2026, 12, 3)).parts["home-announcements"]
    assert "12月3日上午停水" in home
    assert "金桂社区" in home
    assert "停水" not in make(circle, None, date(2026, 12, 4)).parts["home-announcements"]


def test_days_in_the_wrong_order_are_refused(folder: Path) -> None:
    (folder / "announcements.yml").write_text(TOLD.replace("12-01", "12-05"), encoding="utf-8")
    with pytest.raises(DataRefused, match="比从2026-12-05还早"):
        load(folder)


def test_the_roster_is_printed_with_the_duty_list(folder: Path) -> None:
    (folder / "roster.csv").write_text(
        "day,community_id,post,place,phone,deputy,deputy_phone\n"
        "2026-12-05,jingui,社区值班干部,党群服务中心,0797-0000-101,社区书记,0797-0000-102\n"
        "2026-12-01,yinxing,社区值班干部,,0797-0000-103,,\n",
        encoding="utf-8",
    )
    circle = load(folder)
    assert [one.day.day for one in circle.roster] == [1, 5]
    page = make(circle, None, date(2026, 12, 2)).pages["print/duties.md"]
    assert "党群服务中心" in page
    assert "0797-0000-103" not in page.partition('id="roster"')[2]
