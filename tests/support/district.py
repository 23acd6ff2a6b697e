"""A second sub-district beside the sample's: the files of a district of two, and its people."""

from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from forms_app import casework, community
from forms_app.community import Circle
from forms_app.settings import Settings
from forms_app.store import database
from tests.support.web import NOW, PASSWORD, ROOT, sample_house

LING, HUBIAN = "huangjinling", "hubian"

_CIRCLE = (
    ("street: 黄金岭街道（示例）\n", "street: 示例经开区\nstreets:\n"
     f"  - {{ id: {LING}, name: 黄金岭街道（示例） }}\n"
     f"  - {{ id: {HUBIAN}, name: 湖边镇（示例） }}\n"),
    ("    address: 示例路18号金桂社区党群服务中心\n",
     f"    address: 示例路18号金桂社区党群服务中心\n    street: {LING}\n"),
    ("    address: 示例大道66号银杏社区党群服务中心\n",
     f"    address: 示例大道66号银杏社区党群服务中心\n    street: {LING}\n"
     f"  - id: hubin\n    name: 湖滨社区（示例）\n    hotline: 0797-0000-103\n"
     f"    address: 湖滨路1号湖滨社区党群服务中心\n    street: {HUBIAN}\n"),
)  # fmt: skip
_ORGANIZATIONS = (
    ("  kind: street_committee\n", f"  kind: street_committee\n  street: {LING}\n"),
)  # fmt: skip
_MORE = {
    "estates.csv": "hubinyuan,hubin,湖滨苑,300,90\n",
    "entrances.csv": "hubinyuan,南门,25.8500,114.9500,,yes,2\n",
    "venues.csv": "hubin_hall,hubin,湖滨社区党群服务中心,25.8501,114.9502,湖滨路1号,平地\n",
    "zones.csv": "hubin,urban_mgmt_enforcement,城管执法分片队员,0797-0000-161\n",
    "departments.yml": f"""
- id: hubian_station
  name: 湖边镇城管站（示例）
  kind: station
  street: {HUBIAN}
  duties:
    - {{ text: 社区号召时派人到场, basis: S }}
  sample: true
- id: ling_station
  name: 黄金岭城管站（示例）
  kind: station
  street: {LING}
  duties:
    - {{ text: 社区号召时派人到场, basis: S }}
  sample: true
""",
    "organizations.yml": f"""
- id: hubian_committee
  name: 湖边镇大工委（示例）
  kind: street_committee
  street: {HUBIAN}
  members: [镇党委书记]
  duty: 统筹全镇
  phone: 0797-0000-190
- id: hubin_committee
  name: 湖滨社区大党委
  kind: community_committee
  parent_id: hubian_committee
  community_id: hubin
  members: [社区党组织书记]
  duty: 湖滨社区全域
  phone: 0797-0000-191
""",
}


def grow(community: Path) -> None:
    """Turns a copy of the sample data into those of a district of two sub-districts."""
    for file, changes in (("circle.yml", _CIRCLE), ("organizations.yml", _ORGANIZATIONS)):
        text = (community / file).read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, f"{file} no longer says {old!r}"
            text = text.replace(old, new, 1)
        (community / file).write_text(text, encoding="utf-8")
    for file, more in _MORE.items():
        with (community / file).open("a", encoding="utf-8") as open_file:
            open_file.write(more)


def crowd(circle: Circle, count: int) -> Circle:
    """The circle with so many more communities, of its last sub-district."""
    *_, last = circle.communities.values()
    more = {
        f"more{n}": replace(
            last, id=f"more{n}", name=f"第{n}社区（示例）", hotline=f"0797-0001-{n}"
        )
        for n in range(100, 100 + count)
    }
    return replace(circle, communities={**circle.communities, **more})


def settle(data: Path, now: datetime = NOW) -> None:
    """Grows a data folder with the sample circle, and fills its house with both towns' people.

    The sample's street leader has the first sub-district, its supervisor both.
    """
    grow(data / "community")
    circle = community.load(data / "community")
    sample_house(data, circle)
    opened = database.open_database(
        Settings.from_environment({"CIRCLE_DATA": str(data)}, ROOT).database_url
    )
    for username, role, community_id, subdistrict_id in (
        ("lena", "street_leader", "", HUBIAN),
        ("lars", "supervisor", "", HUBIAN),
        ("lily", "community_leader", "hubin", ""),
        ("wang", "worker", "hubin", ""),
        ("cora", "collector", "hubin", ""),
    ):
        casework.add_account(
            circle,
            username=username,
            display_name=f"湖边{username}",
            role=role,
            community_id=community_id,
            subdistrict_id=subdistrict_id,
            password=PASSWORD,
            now=now,
            at_least=1,
        )
    opened.close()
