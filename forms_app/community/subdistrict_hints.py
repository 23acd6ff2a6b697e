"""What the office should look at in its sub-districts, though nothing in them is wrong.

Pure. What is wrong is refused in `records`; where there is one sub-district, nothing is said.
"""

from collections.abc import Iterator

from forms_app.community import Circle, DataNotice


def street_notices(circle: Circle) -> tuple[DataNotice, ...]:
    """Sub-districts without a community or a street committee, and stations that all may call."""
    return tuple(_notices(circle)) if circle.has_several_streets else ()


def _notices(circle: Circle) -> Iterator[DataNotice]:
    headed = {one.street for one in circle.organizations.values() if one.kind == "street_committee"}
    for street, communities in circle.by_street():
        if street is None:
            continue
        place = f"streets（{street.id}）"
        if not communities:
            yield DataNotice(
                "circle.yml",
                place,
                "",
                f"{street.name}还没有社区，它的街道书记、主任什么也看不到",
                f"给它的社区写上「street: {street.id}」，还没有开展的先删掉这个街道",
            )
        if street.id not in headed:
            yield DataNotice(
                "organizations.yml",
                "",
                "street",
                f"{street.name}还没有街道大工委",
                f"补上一项「kind: street_committee」，写明「street: {street.id}」",
            )
    for unit in circle.departments.values():
        if unit.kind == "station" and not unit.street:
            yield DataNotice(
                "departments.yml",
                f"（{unit.id}）",
                "street",
                f"{unit.name}没有写属于哪个街道，每个街道都能号召它",
                f"只归一个街道的写上「street: 编号」，可用的有：{'、'.join(circle.streets)}",
            )
