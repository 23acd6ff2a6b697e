"""The whole of data/community in one call, or everything that is wrong with it at once.

It only puts the readers in the order in which files refer to one another.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from forms_app.community.activities import read_activities
from forms_app.community.announcements import read_announcements
from forms_app.community.circle import Circle
from forms_app.community.days import read_school_terms, read_workdays
from forms_app.community.errors import DataError, DataRefused
from forms_app.community.looking_for import read_elsewhere, read_same_words
from forms_app.community.opinions import read_opinions
from forms_app.community.pages import read_pages
from forms_app.community.parties import (
    read_committee,
    read_dedicated,
    read_departments,
    read_organizations,
    read_zones,
)
from forms_app.community.places import read_entrances, read_estates, read_venues, read_walks
from forms_app.community.rating_reasons import read_rating_reasons
from forms_app.community.roster import read_roster
from forms_app.community.rules import (
    read_categories,
    read_channels,
    read_circle_row,
    read_communities,
    read_coord_system,
    read_promise_minutes,
    read_rules,
    read_second_factor,
    read_speeds,
    read_subdistricts,
)
from forms_app.community.services import read_services
from forms_app.community.sources import Folder
from forms_app.community.streets import check_streets
from forms_app.community.values import TEXT, YES_NO
from forms_app.rules.os_words import why
from forms_app.rules.worktime import WorkCalendar


def what_is_refused(folder: Path) -> tuple[DataError, ...]:
    """All that is wrong with the files, as nothing of them is taken up before it is mended."""
    try:
        check_streets(folder, load(folder).estates)
    except DataRefused as refused:
        return refused.errors
    return ()


def load(folder: Path, instead: Mapping[str, bytes | None] | None = None) -> Circle:
    """The community's data, checked; `instead` (by file; None: taken away) is judged before it is
    written.

    Raises DataRefused with every error of every file.
    """
    if not folder.is_dir():
        raise DataRefused((_nothing(folder, "找不到这个文件夹"),))
    _need_open(folder)
    if not any(folder.glob("*.yml")) and not any(folder.glob("*.csv")):
        raise DataRefused((_nothing(folder, "这个文件夹里一个数据文件也没有"),))
    source = Folder(folder, instead)
    calendar = WorkCalendar(read_workdays(source))
    row = read_circle_row(source)
    subdistricts = read_subdistricts(row)
    departments = read_departments(source, subdistricts)
    communities = read_communities(row, subdistricts)
    coord_system = read_coord_system(row)
    rules = read_rules(row, calendar)
    estates = read_estates(source, communities)
    entrances = read_entrances(source, estates, coord_system)
    venues = read_venues(source, communities, coord_system)
    school_terms = read_school_terms(source)
    categories = read_categories(row, departments)
    circle = Circle(
        name=row.get("name", TEXT),
        subdistrict=row.get("street", TEXT),
        sample=row.maybe("sample", YES_NO, False),
        needs_second_factor=read_second_factor(row),
        communities=communities,
        categories=categories,
        channels=read_channels(row),
        departments=departments,
        zones=read_zones(source, communities, departments),
        committee=read_committee(source, departments, subdistricts),
        dedicated=read_dedicated(source, communities),
        announcements=read_announcements(source, communities),
        roster=read_roster(source, communities),
        rating_reasons=read_rating_reasons(source),
        organizations=read_organizations(source, communities, estates, subdistricts),
        estates=estates,
        entrances=entrances,
        venues=venues,
        walks=read_walks(source, estates, entrances, venues),
        services=read_services(source, departments, venues, categories),
        activities=read_activities(source, venues, school_terms, calendar),
        school_terms=school_terms,
        coord_system=coord_system,
        promise_minutes=read_promise_minutes(row),
        speed_kmh=read_speeds(row),
        clocks=rules.clocks,
        satisfied_levels=rules.satisfied_levels,
        verdict_reminder_days=rules.verdict_reminder_days,
        quiet_hours=rules.quiet_hours,
        retention_years=rules.retention_years,
        opinions=read_opinions(source, categories),
        subdistricts=subdistricts,
        elsewhere=read_elsewhere(source),
        same_words=read_same_words(source),
        pages=read_pages(source),
    )
    if source.errors:
        raise DataRefused(source.in_order())
    return circle


def _need_open(folder: Path) -> None:
    """One that cannot be looked into would look like an empty one. Raises DataRefused."""
    closed: list[OSError] = []
    for _ in os.walk(folder, onerror=closed.append):
        pass
    errors = [
        DataError(str(error.filename), "", "", f"文件夹打不开（{why(error)}）", "改好它的权限")
        for error in closed if not isinstance(error, FileNotFoundError)
    ]  # fmt: skip
    if errors:
        raise DataRefused(tuple(errors))


def _nothing(folder: Path, problem: str) -> DataError:
    # One sentence instead of one for each file.
    remedy = (
        "数据在别处的，检查 CIRCLE_DATA；还没有数据的，用 scripts/circle new-office 建一份待填的，"
        f"或者从备份恢复 {folder.parent}"
    )
    return DataError(str(folder), "", "", problem, remedy)
