"""`scripts/circle walk-times`: minutes on foot from a map, by hand or from a spreadsheet."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from forms_app.commands.arguments import Parser
from forms_app.community import Circle, Walk, load
from forms_app.community.values import Unreadable
from forms_app.rules.os_words import why
from forms_app.rules.worktime import local_day
from forms_app.settings import Settings
from forms_app.walking.entry import (
    Faulty,
    day_of,
    described,
    minutes_by_way,
    text_of,
    walk_of,
    way_of,
)
from forms_app.walking.grid import read_lines
from forms_app.walking.optional import loaded
from forms_app.walking.outcome import MapOutcome
from forms_app.walking.refusal import WalksRefused
from forms_app.walking.sheet import FILE, read_sheet, write

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"

ONLY_WITH = {
    "stairs": ("add",),
    "pace": ("add",),
    "on": ("add", "import_file"),
    "credit": ("map",),
    "dry_run": ("map", "import_file"),
}
OPENSTREETMAP = "© OpenStreetMap 贡献者，ODbL"
TOLD_FAULTS = 50


def add_walk_times(commands: "Commands") -> None:
    """The `walk-times` command."""
    text = "推算或录入从小区出入口到场所的步行时间"
    command = commands.add_parser("walk-times", help=text, description=f"{text}，写进 {FILE}。")
    kinds = command.add_mutually_exclusive_group(required=True)
    kinds.add_argument(
        "--map", type=Path, metavar="地图", help="按街道地图（.osm.pbf）推算，替换以前推算的"
    )
    kinds.add_argument(
        "--add",
        nargs=4,
        metavar=("小区", "出入口", "场所", "分钟"),
        help="录入一次实地步行；小区和场所写编号或名称",
    )
    kinds.add_argument(
        "--import",
        dest="import_file",
        type=Path,
        metavar="表格",
        help="导入志愿者填好的表格（.csv、.xlsx）",
    )
    command.add_argument("--stairs", metavar="级数", help="路上一共几级台阶，默认 0")
    command.add_argument("--pace", metavar="步速", help="elder 长者（默认）、adult 成人")
    command.add_argument("--on", metavar="日期", help="测量日期，例如 2026-10-12，默认今天")
    command.add_argument(
        "--credit", metavar="来源", help="地图的来源，写在示意图下面；默认注明 OpenStreetMap"
    )
    command.add_argument("--dry-run", action="store_true", help="只看结果，不写入文件")
    command.set_defaults(run=walk_times, parser=command)


def walk_times(settings: Settings, arguments: argparse.Namespace) -> int:
    """Carries out the one kind that was asked for; raises WalksRefused with nothing written."""
    kind = next(name for name in ("map", "add", "import_file") if getattr(arguments, name))
    for name, kinds in ONLY_WITH.items():
        if getattr(arguments, name) and kind not in kinds:
            arguments.parser.error(f"--{name.replace('_', '-')}")
    today = local_day(datetime.now(UTC))
    if kind == "map":
        return _from_map(
            settings.community_dir,
            arguments.map,
            today,
            arguments.credit or OPENSTREETMAP,
            arguments.dry_run,
        )
    measured_on = _measured_on(arguments.on, today)
    if kind == "add":
        return _add(settings.community_dir, arguments, measured_on or today, today)
    return _import(
        settings.community_dir, arguments.import_file, measured_on, today, arguments.dry_run
    )


def _measured_on(text: str | None, today: date) -> date | None:
    if text is None:
        return None
    day = day_of(text, today, None)
    if isinstance(day, Unreadable):
        raise WalksRefused(f"--on {text}：{day.problem}；{day.remedy}。")
    return day


def _from_map(folder: Path, map_file: Path, today: date, credit: str, is_dry: bool) -> int:
    circle = load(folder)
    if circle.coord_system != "wgs84":
        raise WalksRefused(
            "街道地图用世界大地坐标（wgs84），而 circle.yml 的 coord_system 是 "
            f"{circle.coord_system}；两者相差几百米，算出来的时间不能用。"
            "请把出入口和场所的坐标都换成 wgs84 再运行。"
        )
    sheet = read_sheet(folder)
    survey = loaded("forms_app.walking.survey").survey
    outcome: MapOutcome = survey(circle, map_file, today, credit, _tell)
    fit = [estate for estate in outcome.estates if estate.is_fit]
    _report(circle, outcome)
    if not fit:
        raise WalksRefused(
            "没有一个小区能用这张地图推算，什么也没有写入。请改为实地步行，"
            "用 walk-times --add 或 --import 录入。"
        )
    walks = [walk for estate in fit for walk in estate.walks]
    summary = (
        f"{len(fit)} 个小区的 {len(walks)} 行按路网推算的步行时间"
        f"（替换以前的 {sheet.network_count} 行），实地步行的行都不动"
    )
    if is_dry:
        print(f"试运行，没有写入。会写入{summary}。")
        return 0
    streets = folder / "streets"
    sketches = {streets / f"{estate.estate.id}.geojson": estate.sketch.encode() for estate in fit}
    _make_folder(streets)
    write(sheet, sheet.with_walks(walks, drop_network=True), sketches)
    _remove(path for path in streets.glob("*.geojson") if path not in sketches)
    print(f"已写入{summary}。")
    return 0


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise WalksRefused(f"建不了文件夹 {folder}（{why(error)}），请检查权限。") from None


def _remove(files: Iterable[Path]) -> None:
    try:
        for path in files:
            path.unlink()
    except OSError as error:
        raise WalksRefused(
            f"步行时间已经写入，但删不掉过时的 {error.filename}（{why(error)}），请手工删除。"
        ) from None


def _report(circle: Circle, outcome: MapOutcome) -> None:
    for estate in outcome.estates:
        name = estate.estate.name
        if estate.is_fit:
            print(
                f"{name}：可用，每平方公里 {estate.density:.1f} 公里街道，"
                f"推算出 {len(estate.walks)} 行。"
            )
        else:
            print(f"{name}：这张地图不能用，{'；'.join(estate.reasons)}。")
    for venue_id, away_m in outcome.far_venues.items():
        words = "附近没有街道" if away_m == float("inf") else f"离最近的街道 {away_m:.0f} 米"
        print(f"{circle.venues[venue_id].name}：{words}，没有推算。")
    if outcome.unplaced:
        print(f"没有坐标，没有推算：{'、'.join(outcome.unplaced)}。")


def _tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _add(folder: Path, arguments: argparse.Namespace, measured_on: date, today: date) -> int:
    circle = load(folder)
    estate, entrance, venue, minutes = arguments.add
    made = walk_of(
        circle,
        {
            "estate": estate,
            "entrance": entrance,
            "venue": venue,
            "minutes": minutes,
            "stairs": arguments.stairs or "0",
            "pace": arguments.pace,
        },
        today,
        measured_on,
    )
    if isinstance(made, list):
        raise WalksRefused("没有写入：\n" + "\n".join(map(str, made)))
    known = minutes_by_way(circle.walks).get(way_of(made))
    if known == made.minutes:
        raise WalksRefused(f"已经有这一行，没有再写：{described(circle, made)}。")
    if known is not None:
        raise WalksRefused(_contradiction(known))
    _append(folder, [made])
    print(f"已写入 {FILE}：{described(circle, made)}。")
    return 0


def _contradiction(known: float) -> str:
    return f"同一天同一段路已经记了 {known:g} 分钟；核对后先在 {FILE} 里删掉旧的，或改写日期"


def _append(folder: Path, walks: Sequence[Walk]) -> None:
    sheet = read_sheet(folder)
    write(sheet, sheet.with_walks(walks), {})


def _import(folder: Path, path: Path, default_date: date | None, today: date, is_dry: bool) -> int:
    circle = load(folder)
    lines = read_lines(path)
    known = minutes_by_way(circle.walks)
    fresh: dict[tuple[object, ...], tuple[str, Walk]] = {}
    faults: list[str] = []
    empty = repeated = 0
    for line in lines:
        if not text_of(line.cells.get("minutes")):
            empty += 1
            continue
        made = walk_of(circle, line.cells, today, default_date)
        if isinstance(made, list):
            faults.extend(f"{line.place}，{fault}" for fault in made)
            continue
        way = way_of(made)
        if way in fresh and fresh[way][1].minutes != made.minutes:
            place, other = fresh[way]
            fault = Faulty(
                "", f"同一天同一段路，{place}写的是 {other.minutes:g} 分钟", "核对后留下一行"
            )
            faults.append(f"{line.place}，{fault}")
        elif way in known and known[way] != made.minutes:
            faults.append(f"{line.place}，{_contradiction(known[way])}")
        elif way in known or way in fresh:
            repeated += 1
        else:
            fresh[way] = line.place, made
    if faults:
        shown = faults[:TOLD_FAULTS]
        more = f"\n……还有 {len(faults) - len(shown)} 处" if len(faults) > len(shown) else ""
        raise WalksRefused(
            f"{path.name} 有 {len(faults)} 处要改，一行也没有写入，改好后整个文件再导入一次：\n"
            + "\n".join(shown)
            + more
        )
    rest = f"没有填分钟的 {empty} 行跳过，重复的 {repeated} 行没有再写。"
    if not fresh:
        print(f"没有新的行可以写入；{rest}")
        return 0
    if is_dry:
        print(f"试运行，没有写入。会写入 {len(fresh)} 行；{rest}")
        return 0
    _append(folder, [walk for _place, walk in fresh.values()])
    print(f"已写入 {len(fresh)} 行；{rest}")
    return 0
