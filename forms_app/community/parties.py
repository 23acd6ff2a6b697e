"""Who answers: departments and their duties, officers by zone, the tree of Party organisations.

People stand here by post and telephone, never by name.
"""

from collections.abc import Mapping

from forms_app.community.bases import DUTY_BASES
from forms_app.community.rows import Row, keyed, named, refuse_repeats
from forms_app.community.shapes import (
    DEPARTMENT_KINDS,
    ORGANIZATION_KINDS,
    CommitteeMember,
    Community,
    DedicatedOfficer,
    Department,
    Duty,
    Estate,
    Organization,
    Subdistrict,
    ZoneDuty,
)
from forms_app.community.sources import Folder
from forms_app.community.values import PHONE, TEXT, YES_NO, Kind, Unreadable, choice, known

COMMITTEE, DEDICATED = "committee.csv", "dedicated.csv"


def _basis(text: str) -> str:
    if len(set(text)) < len(text) or not set(text) <= set(DUTY_BASES):
        bases = "、".join(f"{letter}（{name}）" for letter, name in DUTY_BASES.items())
        raise Unreadable(f"依据「{text}」不对", f"用一个或几个不同的字母：{bases}")
    return text


BASIS = Kind(_basis, "")


def _duty(row: Row) -> Duty:
    return Duty(row.get("text", TEXT), row.get("basis", BASIS), row.maybe("source", TEXT, ""))


def read_departments(
    folder: Folder, subdistricts: Mapping[str, Subdistrict]
) -> dict[str, Department]:
    """Departments, stations and partners by id."""
    rows = folder.items(
        "departments.yml",
        ("id", "name", "duties"),
        ("kind", "phone", "backup", "sample", "street", "words"),
    )
    ids = {row.plain("id") for row in rows}

    def make(row: Row, name: str) -> Department:
        backup = row.maybe("backup", known(ids, "部门"), "")
        if backup and backup == name:
            row.refuse("backup", "替补写成了自己", "填另一个部门的编号，没有就留空")
        kind = row.maybe("kind", choice(DEPARTMENT_KINDS), "department")
        if kind == "department" and row.is_filled("street"):
            row.refuse(
                "street",
                f"{DEPARTMENT_KINDS[kind]}不分街道",
                "删掉这一项；是某个街道自己的站所，写上「kind: station」",
            )
        return Department(
            id=name,
            name=named(row),
            kind=kind,
            duties=tuple(
                _duty(duty) for duty in row.items("duties", ("text", "basis"), ("source",))
            ),
            phone=row.maybe("phone", PHONE, ""),
            backup=backup,
            sample=row.maybe("sample", YES_NO, False),
            subdistrict=row.maybe("street", known(subdistricts, "街道"), ""),
            words=row.each("words", TEXT),
        )

    return keyed(rows, make)


def read_zones(
    folder: Folder, communities: Mapping[str, Community], departments: Mapping[str, Department]
) -> tuple[ZoneDuty, ...]:
    """Which officer of which department is on duty for which community."""
    columns = ("community_id", "department_id", "officer_role", "phone")
    rows = folder.rows("zones.csv", columns)
    refuse_repeats(rows, columns[:3])
    return tuple(
        ZoneDuty(
            row.get("community_id", known(communities, "社区")),
            row.get("department_id", known(departments, "部门")),
            row.get("officer_role", TEXT),
            row.get("phone", PHONE),
        )
        for row in rows
    )


def read_committee(
    folder: Folder,
    departments: Mapping[str, Department],
    subdistricts: Mapping[str, Subdistrict],
) -> tuple[CommitteeMember, ...]:
    """Whose leaders sit on the sub-district's committee part-time; the file may be missing."""
    if not folder.has(COMMITTEE):
        return ()
    rows = folder.rows(COMMITTEE, ("department_id", "post", "phone"), ("street",))
    refuse_repeats([row for row in rows if not row.is_filled("street")], ("department_id",))
    refuse_repeats(rows, ("department_id", "street"))
    return tuple(_member(row, departments, subdistricts) for row in rows)


def _member(
    row: Row, departments: Mapping[str, Department], subdistricts: Mapping[str, Subdistrict]
) -> CommitteeMember:
    department_id = row.get("department_id", known(departments, "部门"))
    unit = departments.get(department_id)
    if unit is not None and unit.kind != "department":
        row.refuse(
            "department_id",
            f"「{unit.name}」是{DEPARTMENT_KINDS[unit.kind]}，兼职委员是区级部门的分管领导",
            "改成区级部门的编号，或删掉这一行",
        )
    return CommitteeMember(
        department_id,
        row.get("post", TEXT),
        row.get("phone", PHONE),
        row.maybe("street", known(subdistricts, "街道"), ""),
    )


def read_dedicated(
    folder: Folder, communities: Mapping[str, Community]
) -> tuple[DedicatedOfficer, ...]:
    """Who works in which community for the circle alone; the file may be missing."""
    if not folder.has(DEDICATED):
        return ()
    columns = ("community_id", "post", "phone")
    rows = folder.rows(DEDICATED, columns)
    refuse_repeats(rows, columns)
    return tuple(
        DedicatedOfficer(
            row.get("community_id", known(communities, "社区")),
            row.get("post", TEXT),
            row.get("phone", PHONE),
        )
        for row in rows
    )


def read_organizations(
    folder: Folder,
    communities: Mapping[str, Community],
    estates: Mapping[str, Estate],
    subdistricts: Mapping[str, Subdistrict],
) -> dict[str, Organization]:
    """Party organisations by id; a lower one takes its community and estate from above."""
    rows = folder.items(
        "organizations.yml",
        ("id", "name", "kind", "members", "duty", "phone"),
        ("parent_id", "community_id", "estate_id", "street"),
    )
    parents = {row.plain("id"): row for row in rows if row.plain("id")}

    def make(row: Row, name: str) -> Organization:
        kind = row.get("kind", choice(ORGANIZATION_KINDS))
        row.maybe("community_id", known(communities, "社区"), "")
        row.maybe("estate_id", known(estates, "小区"), "")
        _check_place(row, kind)
        subdistrict = _subdistrict(row, kind, subdistricts)
        _check_parent(row, kind, parents)
        _check_subdistrict_above(row, kind, parents, communities)
        community_id, estate_id = _place(row, parents, estates)
        return Organization(
            id=name,
            name=named(row),
            kind=kind,
            parent_id=row.plain("parent_id"),
            community_id=community_id,
            estate_id=estate_id,
            members=row.some("members", TEXT),
            duty=row.get("duty", TEXT),
            phone=row.get("phone", PHONE),
            subdistrict=subdistrict,
        )

    organizations = keyed(rows, make)
    _check_roots(rows, subdistricts)
    return organizations


def _check_roots(rows: list[Row], subdistricts: Mapping[str, Subdistrict]) -> None:
    roots = [row for row in rows if row.plain("kind") == "street_committee"]
    if rows and not roots:
        rows[0].refuse("kind", "缺少街道大工委", "补上一项「kind: street_committee」")
    first: dict[str, Row] = {}
    for row in roots:
        subdistrict = row.plain("street") if len(subdistricts) > 1 else ""
        if subdistrict not in first:
            first[subdistrict] = row
        elif not subdistrict:
            row.refuse("kind", "街道大工委只能有一个", f"{first[subdistrict].item}已经是街道大工委")
        else:
            row.refuse(
                "street",
                f"街道「{subdistrict}」的街道大工委只能有一个",
                f"{first[subdistrict].item}已经是它的街道大工委",
            )


def _subdistrict(row: Row, kind: str, subdistricts: Mapping[str, Subdistrict]) -> str:
    """A street committee's sub-district, where there are several; nobody else has one."""
    subdistrict = row.maybe("street", known(subdistricts, "街道"), "")
    if kind != "street_committee":
        if subdistrict:
            row.refuse("street", "只有街道大工委要写街道", "删掉这一项，下级自动跟随")
        return ""
    if len(subdistricts) > 1 and not row.is_filled("street"):
        row.refuse(
            "street", "没有写是哪个街道的", f"填街道的编号，可用的有：{'、'.join(subdistricts)}"
        )
    return subdistrict


def _check_subdistrict_above(
    row: Row, kind: str, parents: Mapping[str, Row], communities: Mapping[str, Community]
) -> None:
    community = communities.get(row.plain("community_id"))
    above = parents.get(row.plain("parent_id"))
    if kind != "community_committee" or community is None or above is None:
        return
    subdistrict = above.plain("street")
    if subdistrict and community.subdistrict and subdistrict != community.subdistrict:
        row.refuse(
            "parent_id",
            f"社区「{community.id}」属于街道「{community.subdistrict}」，上级却是「{subdistrict}」的",
            "改社区，或改上级",
        )


def _check_place(row: Row, kind: str) -> None:
    needed = {"community_committee": "community_id", "estate_branch": "estate_id"}.get(kind)
    if needed and not row.is_filled(needed):
        row.refuse(needed, f"{ORGANIZATION_KINDS[kind]}要写明{needed}", f"补上「{needed}」")


def _check_parent(row: Row, kind: str, parents: Mapping[str, Row]) -> None:
    if kind not in ORGANIZATION_KINDS:
        return
    kinds = list(ORGANIZATION_KINDS)
    parent_id = row.plain("parent_id")
    if kind == kinds[0]:
        if parent_id:
            row.refuse("parent_id", f"{ORGANIZATION_KINDS[kind]}没有上级", "留空")
        return
    above = kinds[kinds.index(kind) - 1]
    if not parent_id:
        row.refuse("parent_id", "没有填上级", f"填所属的{ORGANIZATION_KINDS[above]}的编号")
        return
    before = len(row.errors)
    row.get("parent_id", known(parents, "组织"))
    if len(row.errors) == before and parents[parent_id].plain("kind") != above:
        usable = "、".join(name for name, other in parents.items() if other.plain("kind") == above)
        row.refuse(
            "parent_id",
            f"「{parent_id}」不是{ORGANIZATION_KINDS[above]}",
            f"{ORGANIZATION_KINDS[kind]}的上级是{ORGANIZATION_KINDS[above]}，可用的有：{usable}",
        )


def _place(row: Row, parents: Mapping[str, Row], estates: Mapping[str, Estate]) -> tuple[str, str]:
    """The community and estate said by the organisation or the nearest one above it."""
    community_id = estate_id = ""
    above: Row | None = row
    for _ in ORGANIZATION_KINDS:  # never deeper, even where parents form a ring
        if above is None:
            break
        community_id = community_id or above.plain("community_id")
        estate_id = estate_id or above.plain("estate_id")
        above = parents.get(above.plain("parent_id"))
    estate = estates.get(estate_id)
    if (
        estate
        and community_id
        and estate.community_id not in ("", community_id)
        and row.is_filled("estate_id")
    ):
        row.refuse(
            "estate_id",
            f"小区「{estate_id}」属于社区「{estate.community_id}」，上级却在「{community_id}」",
            "改小区，或改上级",
        )
    return community_id, estate_id
