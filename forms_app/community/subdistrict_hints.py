"""What the office should look at in its sub-districts, though nothing in them is wrong.

Pure. What is wrong is refused in `records`; where there is one sub-district, nothing is said.
"""

from collections.abc import Iterator

from forms_app.community import Circle, DataHint


def subdistrict_hints(circle: Circle) -> tuple[DataHint, ...]:
    """Sub-districts without a community or a street committee, and stations that all may call."""
    return tuple(_hints(circle)) if circle.has_several_subdistricts else ()


def _hints(circle: Circle) -> Iterator[DataHint]:
    headed = {
        one.subdistrict for one in circle.organizations.values() if one.kind == "street_committee"
    }
    for subdistrict, communities in circle.by_subdistrict():
        if subdistrict is None:
            continue
        place = f"streets（{subdistrict.id}）"
        if not communities:
            yield DataHint(
                "circle.yml",
                place,
                "",
                f"{subdistrict.name}还没有社区，它的街道书记、主任什么也看不到",
                f"给它的社区写上「street: {subdistrict.id}」，还没有开展的先删掉这个街道",
            )
        if subdistrict.id not in headed:
            yield DataHint(
                "organizations.yml",
                "",
                "street",
                f"{subdistrict.name}还没有街道大工委",
                f"补上一项「kind: street_committee」，写明「street: {subdistrict.id}」",
            )
    for unit in circle.departments.values():
        if unit.kind == "station" and not unit.subdistrict:
            yield DataHint(
                "departments.yml",
                f"（{unit.id}）",
                "street",
                f"{unit.name}没有写属于哪个街道，每个街道都能号召它",
                f"只归一个街道的写上「street: 编号」，可用的有：{'、'.join(circle.subdistricts)}",
            )
