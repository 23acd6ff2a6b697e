"""Who is responsible for what: an index of the units, a page each, and a table by kind of problem.

It knows nothing of issues; what it shows are the community's own files.
"""

from forms_app.community import (
    DEPARTMENT_KINDS,
    DUTY_BASES,
    Category,
    Circle,
    Department,
    Duty,
    ZoneDuty,
)
from pages.rendering import page, render


def parts(circle: Circle) -> dict[str, str]:
    """The index of units by kind, and the table from a kind of problem to its unit."""
    by_kind = [
        (label, [unit for unit in circle.departments.values() if unit.kind == kind])
        for kind, label in DEPARTMENT_KINDS.items()
    ]
    categories = [
        (category, circle.departments.get(category.department))
        for category in circle.categories.values()
    ]
    leads = {unit: categories_led(circle, unit) for unit in circle.departments}
    return {
        "duties-index": render("duties_index.html", {"by_kind": by_kind, "leads": leads}),
        "duties-by-category": render("duties_by_category.html", {"categories": categories}),
        "duties-whose": render(
            "duties_whose.html",
            {"matters": categories, "communities": tuple(circle.communities.values())},
        ),
    }


def pages(circle: Circle) -> dict[str, str]:
    """A page for each unit, by path."""
    return {f"duties/{unit.id}.md": _page(circle, unit) for unit in circle.departments.values()}


def _page(circle: Circle, unit: Department) -> str:
    several = circle.subdistricts if circle.has_several_subdistricts else {}
    values = {
        "unit": unit,
        "kind": DEPARTMENT_KINDS[unit.kind],
        "subdistrict": several.get(unit.subdistrict),
        "backup": circle.departments.get(unit.backup),
        "duties": [(duty, basis_words(duty)) for duty in unit.duties],
        "officers": officers(circle, unit.id),
        "members": [one for one in circle.committee if one.department_id == unit.id],
        "leads": categories_led(circle, unit.id),
        "bases": DUTY_BASES,
    }
    return page(
        title=unit.name,
        description=f"{unit.name}在10分钟为民服务圈里负责什么，谁包片，怎么联系。",
        body=render("duty_page.html", values),
        parents=[("duties/", "部门职责")],
    )


def basis_words(duty: Duty) -> str:
    """What a duty rests on, e.g. “法律法规、待本单位确认”."""
    return "、".join(DUTY_BASES.get(letter, letter) for letter in duty.basis)


def categories_led(circle: Circle, department_id: str) -> list[Category]:
    """The kinds of problem that this unit usually leads."""
    return [c for c in circle.categories.values() if c.department == department_id]


def officers(circle: Circle, department_id: str) -> list[tuple[str, ZoneDuty]]:
    """This unit's officers on zone duty, each with the name of their community."""
    return [
        (circle.communities[zone.community_id].name, zone)
        for zone in circle.zones
        if zone.department_id == department_id
    ]


def officers_of(circle: Circle, community_id: str) -> list[tuple[Department, ZoneDuty]]:
    """A community's officers on zone duty, each with their unit."""
    return [
        (circle.departments[zone.department_id], zone)
        for zone in circle.zones
        if zone.community_id == community_id
    ]
