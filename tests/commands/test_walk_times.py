"""`scripts/circle walk-times` as typed: from a map, by hand, from a volunteers' spreadsheet."""

import os
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from forms_app.commands import cli
from forms_app.community import Walk, load
from forms_app.walking import sheet
from forms_app.walking.entry import Value
from forms_app.walking.grid import read_lines
from forms_app.walking.refusal import WalksRefused
from tests.support.running import ROOT
from tests.support.zips import spoil

pytestmark = pytest.mark.slow

COMMUNITY = ROOT / "data" / "community"
MAP = COMMUNITY / "sample_streets.osm"
HEADING = ("小区", "出入口", "场所", "分钟", "台阶", "步速", "日期")
GOOD = ("桂园小区", "南大门", "金桂文化广场", "8.5", "0", "", "2026-10-20")

Said = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """data/community of the test's own, with the walks that people made and no others."""
    shutil.copytree(COMMUNITY, tmp_path / "data" / "community")
    community = tmp_path / "data" / "community"
    shutil.rmtree(community / "streets")
    walks = community / "walks.csv"
    kept = [line for line in walks.read_text().splitlines(True) if ",network," not in line]
    walks.write_text("".join(kept))
    monkeypatch.setenv("CIRCLE_DATA", str(tmp_path / "data"))
    return community


def command(*words: str) -> int:
    return cli.main(["walk-times", *words])


def walks_of(folder: Path, basis: str) -> list[Walk]:
    return [walk for walk in load(folder).walks if walk.basis == basis]


def csv_file(folder: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> Path:
    file = folder.parent / "volunteers.csv"
    file.write_text("".join(",".join(row) + "\n" for row in rows), encoding=encoding)
    return file


def xlsx_file(folder: Path, rows: Sequence[Sequence[Value]], merge: Sequence[str] = ()) -> Path:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    for cells in merge:
        book.active.merge_cells(cells)
    file = folder.parent / "volunteers.xlsx"
    book.save(file)
    return file


# From a map


def test_a_map_writes_minutes_and_streets_and_leaves_what_people_walked(
    folder: Path, capsys: Said
) -> None:
    before = (folder / "walks.csv").read_bytes()
    assert command("--map", str(MAP)) == 0
    said = capsys.readouterr()
    assert "学府里安置小区：这张地图不能用" in said.out
    assert "已写入5 个小区的" in said.out
    assert "第 6/6 个小区" in said.err
    after = (folder / "walks.csv").read_bytes()
    assert after.startswith(before)
    network = walks_of(folder, "network")
    assert network
    assert {walk.estate_id for walk in network} == {
        path.stem for path in (folder / "streets").glob("*.geojson")
    }
    assert "xuefu" not in {walk.estate_id for walk in network}
    assert cli.main(["check-data"]) == 0
    assert "小区的街道图：5" in capsys.readouterr().out


def test_the_next_map_replaces_what_the_last_one_said(folder: Path) -> None:
    assert command("--map", str(MAP)) == 0
    once = (folder / "walks.csv").read_bytes()
    old = folder / "streets" / "xuefu.geojson"
    old.write_text("{}")
    text = once.decode().replace(",network,", ",network,", 1)
    (folder / "walks.csv").write_text(
        text + "xuefu,南门,school_room,9.9,elder,0,network,2020-01-01\n"
    )
    assert command("--map", str(MAP)) == 0
    assert (folder / "walks.csv").read_bytes() == once
    assert not old.exists()


def test_old_streets_that_cannot_be_removed_are_named(folder: Path, capsys: Said) -> None:
    (folder / "streets" / "xuefu.geojson").mkdir(parents=True)
    assert command("--map", str(MAP)) == 1
    said = capsys.readouterr().err
    assert "步行时间已经写入，但删不掉过时的" in said
    assert "xuefu.geojson" in said


def test_a_dry_run_writes_nothing(folder: Path, capsys: Said) -> None:
    before = (folder / "walks.csv").read_bytes()
    assert command("--map", str(MAP), "--dry-run") == 0
    assert "试运行，没有写入" in capsys.readouterr().out
    assert (folder / "walks.csv").read_bytes() == before
    assert not (folder / "streets").exists()


def test_where_no_estate_is_fit_nothing_is_written(folder: Path, capsys: Said) -> None:
    thin = folder.parent / "thin.osm"
    lines = MAP.read_text(encoding="utf-8").splitlines(True)
    ways = [number for number, line in enumerate(lines) if line.startswith("<way")]
    thin.write_text("".join(line for n, line in enumerate(lines) if n not in ways[4:]), "utf-8")
    before = (folder / "walks.csv").read_bytes()
    assert command("--map", str(thin)) == 1
    said = capsys.readouterr()
    assert "没有一个小区能用这张地图推算" in said.err
    assert said.out.count("这张地图不能用") == 6
    assert (folder / "walks.csv").read_bytes() == before
    assert not (folder / "streets").exists()


@pytest.mark.parametrize("system", ["gcj02", "bd09", "none"])
def test_other_coordinates_than_the_maps_are_refused(
    folder: Path, capsys: Said, system: str
) -> None:
    circle = folder / "circle.yml"
    circle.write_text(circle.read_text().replace("coord_system: wgs84", f"coord_system: {system}"))
    assert command("--map", str(MAP)) == 1
    said = capsys.readouterr().err
    assert system in said
    assert "wgs84" in said


def test_a_map_that_is_not_there_is_refused(folder: Path, capsys: Said) -> None:
    assert command("--map", str(folder / "no.osm.pbf")) == 1
    assert "打不开地图文件" in capsys.readouterr().err


def test_without_the_extra_the_sentence_says_what_to_type(
    folder: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("forms_app.walking.")]:
        if name.rpartition(".")[2] in ("survey", "map_file", "network", "fitness", "sketches"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "osmium", None)  # as if it were not installed
    assert folder.exists()
    assert command("--map", str(MAP)) == 1
    said = capsys.readouterr().err
    assert "python3 scripts/bootstrap.py requirements.lock requirements-walking.lock" in said
    assert said.count("\n") == 1


def test_a_full_disk_leaves_everything_as_it_was(
    folder: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (folder / "walks.csv").read_bytes()
    assert cli.main(["check-data"]) == 0  # the keys are there by now
    capsys.readouterr()
    real = os.fsync
    calls: list[int] = []

    def full(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    assert command("--map", str(MAP)) == 1
    assert "写不进" in capsys.readouterr().err
    assert (folder / "walks.csv").read_bytes() == before
    assert list((folder / "streets").iterdir()) == []
    assert not list(folder.glob(".walks*"))


def test_what_a_colleague_saves_meanwhile_is_not_lost(folder: Path) -> None:
    read = sheet.read_sheet(folder)
    walks = folder / "walks.csv"
    walks.write_text(walks.read_text() + "\n")
    with pytest.raises(WalksRefused, match="刚刚被别人改过"):
        sheet.write(read, b"mine", {})
    assert walks.read_bytes() != b"mine"


def test_a_spreadsheets_own_ways_of_saving_stay(folder: Path) -> None:
    walks = folder / "walks.csv"
    rows = [line.split(",") for line in walks.read_text().splitlines()]
    # Another order, a byte-order mark, Windows line ends, quotes, and no end of the last line.
    text = "\r\n".join(",".join([*row[3:], f'"{row[0]}"', *row[1:3]]) for row in rows)
    walks.write_bytes(b"\xef\xbb\xbf" + text.encode())
    walks.chmod(0o640)
    assert command("--add", "guiyuan", "南大门", "school_room", "40", "--on", "2026-10-20") == 0
    after = walks.read_bytes()
    assert after == (
        b"\xef\xbb\xbf"
        + text.encode()
        + "\r\n40,elder,0,walked,2026-10-20,guiyuan,南大门,school_room\r\n".encode()
    )
    assert stat.S_IMODE(walks.stat().st_mode) == 0o640
    assert command("--map", str(MAP)) == 0
    assert walks.read_bytes().startswith(after)


# By hand


def test_a_walk_is_added_by_names_or_ids(folder: Path, capsys: Said) -> None:
    words = ("--add", "桂园小区", "南大门", "示例小学四点半教室", "31.5", "--stairs", "12")
    assert command(*words, "--pace", "adult", "--on", "2026-10-20") == 0
    said = capsys.readouterr().out
    assert (
        "桂园小区南大门 → 示例小学四点半教室，31.5 分钟，成人步速，台阶 12 级，2026-10-20" in said
    )
    assert (
        (folder / "walks.csv")
        .read_text()
        .endswith("guiyuan,南大门,school_room,31.5,adult,12,walked,2026-10-20\n")
    )
    assert command("--add", "guiyuan", "南大门", "school_room", "31.5", "--stairs", "12",
                   "--pace", "成人", "--on", "2026/10/20") == 1  # fmt: skip
    assert "已经有这一行" in capsys.readouterr().err


def test_other_minutes_for_the_same_way_on_the_same_day_are_refused(
    folder: Path, capsys: Said
) -> None:
    before = (folder / "walks.csv").read_bytes()
    assert command("--add", "guiyuan", "南大门", "jingui_hall", "7", "--on", "2026-10-12") == 1
    assert "已经记了 5.5 分钟" in capsys.readouterr().err
    assert (folder / "walks.csv").read_bytes() == before
    # Another way, over steps, on the same day.
    words = ("--add", "guiyuan", "南大门", "jingui_hall", "4", "--stairs", "9")
    assert command(*words, "--on", "2026-10-12") == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("桂圆小区", "南大门", "jingui_hall", "5"), "没有小区「桂圆小区」；是不是「桂园小区」？"),
        (("guiyuan", "西门", "jingui_hall", "5"), "没有出入口「西门」"),
        (("guiyuan", "南大门", "图书馆", "5"), "没有场所「图书馆」"),
        (("guiyuan", "南大门", "jingui_hall", "约5"), "「约5」不是分钟数"),
        (("guiyuan", "南大门", "jingui_hall", "0"), "超出范围"),
        (("guiyuan", "南大门", "jingui_hall", "500"), "超出范围"),
        (("guiyuan", "南大门", "jingui_hall", "5", "--stairs", "-1"), "不是台阶数"),
        (("guiyuan", "南大门", "jingui_hall", "5", "--stairs", "9999"), "超出范围"),
        (("guiyuan", "南大门", "jingui_hall", "5", "--pace", "跑步"), "没有步速「跑步」"),
        (("guiyuan", "南大门", "jingui_hall", "5", "--on", "2099-01-01"), "还没有到"),
        (("guiyuan", "南大门", "jingui_hall", "5", "--on", "2001-01-01"), "10年以上"),
        (("guiyuan", "南大门", "jingui_hall", "5", "--on", "昨天"), "不是日期"),
    ],
)
def test_a_wrong_word_is_explained_and_nothing_written(
    folder: Path, capsys: Said, words: tuple[str, ...], said: str
) -> None:
    before = (folder / "walks.csv").read_bytes()
    # argparse takes a negative number for an option unless it is joined.
    joined = [w for w in words if w != "-1"]
    if "-1" in words:
        joined[joined.index("--stairs")] = "--stairs=-1"
    assert command("--add", *joined) == 1
    assert said in capsys.readouterr().err
    assert (folder / "walks.csv").read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--add", "guiyuan"),
        ("--map", "x.osm", "--import", "y.csv"),
        ("--map", "x.osm", "--stairs", "3"),
        ("--import", "y.csv", "--pace", "adult"),
        ("--add", "a", "b", "c", "1", "--dry-run"),
    ],
)
def test_wrong_usage_ends_with_two(folder: Path, words: tuple[str, ...]) -> None:
    assert folder.exists()
    with pytest.raises(SystemExit) as ended:
        command(*words)
    assert ended.value.code == 2


# From volunteers


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_half_filled_list_comes_back(folder: Path, capsys: Said, encoding: str) -> None:
    empty = ("桂园小区", "东侧门", "金桂文化广场", "", "", "", "")
    title = ("步行实测表",)
    file = csv_file(folder, [title, HEADING, GOOD, empty, (" ",) * 7, empty], encoding)
    assert command("--import", str(file)) == 0
    assert capsys.readouterr().out == "已写入 1 行；没有填分钟的 2 行跳过，重复的 0 行没有再写。\n"
    assert walks_of(folder, "walked")[-1] == Walk(
        "guiyuan", "南大门", "jingui_square", 8.5, "elder", 0, "walked", date(2026, 10, 20)
    )
    assert command("--import", str(file)) == 0
    assert "没有新的行可以写入；没有填分钟的 2 行跳过，重复的 1 行" in capsys.readouterr().out


def test_a_workbook_with_merged_cells_and_real_dates_comes_back(folder: Path, capsys: Said) -> None:
    rows: list[list[Value]] = [
        ["步行实测表（请志愿者填写）"],
        ["小区", "出入口", "场所", "分钟（手填）", "台阶（级）", "步速", "日期"],
        ["桂园小区", "南大门", "金桂文化广场", 8.5, 0, "长者", datetime(2026, 10, 20)],  # noqa: DTZ001
        [None, "东侧门", "金桂文化广场", time(3, 30), 0, "成人", 46315],
        [None, "东侧门", "岭秀图书角", "7分半", "６", None, "2026年10月21日"],
        ["岭秀花苑", "南门", "岭秀图书角", None, None, None, None],
    ]
    file = xlsx_file(folder, rows, ["A1:G1", "A3:A5"])
    assert command("--import", str(file)) == 0
    assert "已写入 3 行；没有填分钟的 1 行跳过" in capsys.readouterr().out
    assert [(w.entrance, w.minutes, w.stairs, w.pace, w.measured_on.isoformat())
            for w in walks_of(folder, "walked")[-3:]] == [
        ("南大门", 8.5, 0, "elder", "2026-10-20"),
        ("东侧门", 3.5, 0, "adult", "2026-10-20"),
        ("东侧门", 7.5, 6, "elder", "2026-10-21"),
    ]  # fmt: skip


def test_every_faulty_row_is_told_and_nothing_is_written(folder: Path, capsys: Said) -> None:
    before = (folder / "walks.csv").read_bytes()
    rows = [
        HEADING,
        GOOD,
        ("桂园", "南大门", "金桂文化广场", "八分", "", "", "2026-10-20"),
        ("guiyuan", "南大门", "jingui_hall", "6", "0", "elder", "2026-10-12"),
        (*GOOD[:3], "9", *GOOD[4:]),
        ("guiyuan", "南大门", "jingui_hall", "6", "0", "elder", ""),
    ]
    assert command("--import", str(csv_file(folder, rows))) == 1
    said = capsys.readouterr().err
    assert "有 6 处要改，一行也没有写入" in said
    assert "第 3 行，小区，没有小区「桂园」；是不是「桂园小区」？" in said
    assert "第 3 行，分钟，「八分」不是分钟数" in said
    assert "第 3 行，台阶，没有填；" in said
    assert "第 4 行，同一天同一段路已经记了 5.5 分钟" in said
    assert "第 5 行，同一天同一段路，第 2 行写的是 8.5 分钟" in said
    assert "第 6 行，日期，没有填" in said
    assert (folder / "walks.csv").read_bytes() == before


def test_one_date_for_the_whole_list_can_be_typed(folder: Path) -> None:
    file = csv_file(folder, [HEADING[:6], GOOD[:6]])
    assert command("--import", str(file), "--on", "2026-10-21", "--dry-run") == 0
    assert walks_of(folder, "walked")[-1].measured_on != date(2026, 10, 21)
    assert command("--import", str(file), "--on", "2026-10-21") == 0
    assert walks_of(folder, "walked")[-1].measured_on == date(2026, 10, 21)


def test_english_columns_and_walks_csv_itself_are_understood(folder: Path, capsys: Said) -> None:
    copy = folder.parent / "copy.csv"
    shutil.copy(folder / "walks.csv", copy)
    assert command("--import", str(copy)) == 0
    assert "重复的 17 行没有再写" in capsys.readouterr().out


def test_five_thousand_rows_are_no_trouble(folder: Path, capsys: Said) -> None:
    days = [date(2018, 1, 1) + timedelta(days=n) for n in range(2500)]
    rows = [HEADING]
    for day in days:
        rows += [(*GOOD[:3], "8", "0", "", day.isoformat()), (*GOOD[:3], "9", "3", "", str(day))]
    assert command("--import", str(csv_file(folder, rows))) == 0
    assert "已写入 5000 行" in capsys.readouterr().out
    many = [HEADING, *[("x", "y", "z", "1", "0", "", "")] * 5000]
    assert command("--import", str(csv_file(folder, many))) == 1
    assert "还有" in capsys.readouterr().err


Maker = Callable[[Path], Path]


def written(name: str, content: bytes) -> Maker:
    def make(folder: Path) -> Path:
        (folder.parent / name).write_bytes(content)
        return folder.parent / name

    return make


def zipped(folder: Path) -> Path:
    file = folder.parent / "other.xlsx"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("hello.txt", "hello")
    return file


def spoilt(folder: Path) -> Path:
    file = xlsx_file(folder, [HEADING])
    spoil(file)
    return file


def bomb(folder: Path) -> Path:
    file = folder.parent / "bomb.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 101_000_000)
    return file


def long_sheet(folder: Path) -> Path:
    book = Workbook()
    assert book.active is not None
    book.active.append(HEADING)
    book.active.cell(500_000, 1, "备注")
    book.save(folder.parent / "long.xlsx")
    return folder.parent / "long.xlsx"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: folder.parent / "no.csv", "打不开"),
        (lambda folder: folder, "不是文件"),
        (written("a.csv", b""), "表格是空的"),
        (written("a.csv", b"\xff\xff\xff\x00"), "认不出"),
        (written("a.csv", b"PK\x03\x04\x00\x00"), "不是 CSV 表格"),
        (written("a.csv", b'\xe5\xb0\x8f,"x\n'), "引号没有成对"),
        (written("a.csv", "甲,乙\n1,2\n".encode()), "找不到列名"),
        (written("a.csv", "小区,出入口,场所,分钟\n".encode()), "缺少：台阶"),
        (written("a.csv", "小区,小区,出入口,场所,分钟\n".encode()), "出现了两次"),
        (written("a.xls", b"\xd0\xcf\x11\xe0"), "认不出 a.xls"),
        (written("a.xlsx", b"not a workbook"), "不是能读的 .xlsx"),
        (written("a.csv", b"x" * 20_000_001), "太大了"),
        (zipped, "不是能读的 .xlsx"),
        (spoilt, "不是能读的 .xlsx"),
        (bomb, "内容太多"),
        (lambda folder: xlsx_file(folder, []), "表格是空的"),
        (long_sheet, "多半是空行"),
    ],
)
def test_a_file_that_holds_no_walks_is_a_sentence(
    folder: Path, capsys: Said, make: Maker, said: str
) -> None:
    before = (folder / "walks.csv").read_bytes()
    assert command("--import", str(make(folder))) == 1
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert (folder / "walks.csv").read_bytes() == before


def test_far_too_many_rows_are_refused(folder: Path, capsys: Said) -> None:
    rows = [HEADING, *[GOOD] * 20_001]
    assert command("--import", str(csv_file(folder, rows))) == 1
    assert "一次最多导入 20000 行" in capsys.readouterr().err


def test_every_sheet_with_the_columns_is_read_and_named(folder: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["说明"])
    for name in ("金桂", "银杏"):
        page = book.create_sheet(name)
        page.append(HEADING)
        page.append(GOOD)
    file = folder.parent / "two.xlsx"
    book.save(file)
    assert [line.place for line in read_lines(file)] == ["金桂 第 2 行", "银杏 第 2 行"]


def test_a_name_that_two_estates_share_needs_the_id(folder: Path, capsys: Said) -> None:
    estates = folder / "estates.csv"
    estates.write_text(estates.read_text().replace("岭秀花苑", "桂园小区"))
    assert command("--add", "桂园小区", "南门", "jingui_hall", "5") == 1
    assert "写编号：guiyuan、lingxiu" in capsys.readouterr().err


def test_the_command_starts_without_the_heavy_libraries() -> None:
    heavy = ("osmium", "networkx", "shapely", "numpy", "openpyxl")
    code = f"import sys, forms_app.commands.cli; print([m for m in {heavy!r} if m in sys.modules])"
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout == "[]\n"
