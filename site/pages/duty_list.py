"""The duty list (部门职责一览) as a handout: who does what on which grounds, and whom to ring."""

from datetime import date, timedelta

from forms_app.community import DEPARTMENT_KINDS, DUTY_BASES, Circle
from pages.duties import basis_words, officers_of
from pages.rendering import page, render

ROSTER_DAYS = 31


def pages(circle: Circle, today: date) -> dict[str, str]:
    """The handout, by path."""
    values = {
        "by_kind": [
            (
                label,
                [
                    (
                        unit,
                        [(duty, basis_words(duty)) for duty in unit.duties],
                        circle.departments.get(unit.backup),
                    )
                    for unit in circle.departments.values()
                    if unit.kind == kind
                ],
            )
            for kind, label in DEPARTMENT_KINDS.items()
        ],
        "categories": [
            (category, circle.departments.get(category.department))
            for category in circle.categories.values()
        ],
        "zones": [
            (community, officers_of(circle, community.id))
            for community in circle.communities.values()
        ],
        "roster": [
            (one, circle.communities.get(one.community_id))
            for one in circle.roster
            if today <= one.day <= today + timedelta(days=ROSTER_DAYS)
        ],
        "bases": DUTY_BASES,
        "today": today,
        "subdistrict": circle.subdistrict,
    }
    text = page(
        title="部门职责一览",
        description="各单位的职责、依据、电话和各社区的包片人员，打印出来随身带。",
        body=render("duty_list.html", values),
        parents=[("print/", "打印物料")],
        wide=True,
    )
    return {"print/duties.md": text}
