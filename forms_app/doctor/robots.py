"""Whether the group robots are written down as they must be."""

from collections.abc import Sequence

from forms_app.community import DataRefused
from forms_app.doctor.finding import Facts, Finding, green, refused
from forms_app.notices.robots import FILE, office_robots
from forms_app.rules.said import said


def look(facts: Facts) -> Sequence[Finding]:
    if facts.circle is None:
        return green("社区数据有错，先不看群机器人。")
    circle, private = facts.circle, facts.settings.private_dir
    try:
        robots = office_robots(private, circle)
    except DataRefused as error:
        return refused(private / FILE, error)
    if not robots.by_name:
        return green("没有设置群机器人，不设也可以。")
    return green(said("设置了%(count)s个群机器人。", count=len(robots.by_name)))
