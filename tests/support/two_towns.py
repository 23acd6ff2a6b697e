"""A district in three states, and its people: some have left, some lost their place.

Before: three sub-districts. After: Guihua went over from Ling to Hubian, Xinshi was dissolved and
its Xingfu went to Ling, Meihua is in no file any more. Alone: Ling has everything.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from forms_app.community import Circle, Community, Subdistrict
from forms_app.issues.access import Actor, actor_of
from forms_app.rules.steps import Role
from forms_app.store.accounts import Account
from tests.support.actors import CIRCLE, NOW

_SUBDISTRICTS = {
    name: Subdistrict(name, label)
    for name, label in (("ling", "黄金岭街道"), ("hubian", "湖边镇"), ("xinshi", "新市街道"))
}


def _circle(subdistricts: Iterable[str], **homes: str) -> Circle:
    return replace(
        CIRCLE,
        subdistrict="示例区",
        subdistricts={name: _SUBDISTRICTS[name] for name in subdistricts},
        communities={
            name: Community(name, f"{name}社区", "0797-0000-101", "示例路18号", subdistrict)
            for name, subdistrict in homes.items()
        },
        estates={},
    )


BEFORE = _circle(
    ["ling", "hubian", "xinshi"],
    jingui="ling", guihua="ling", meihua="ling", yinxing="hubian", xingfu="xinshi",
)  # fmt: skip
AFTER = _circle(["ling", "hubian"], jingui="ling", guihua="hubian", yinxing="hubian", xingfu="ling")
ALONE = _circle(["ling"], jingui="ling", guihua="ling", yinxing="ling", xingfu="ling")
DISTRICTS = (BEFORE, AFTER, ALONE)


@dataclass(frozen=True)
class Person:
    """One of the staff; `place` is their community, unit or sub-district."""

    name: str
    role: Role
    place: str = ""
    has_left: bool = False


PEOPLE = (
    Person("dan", Role.COMMUNITY_LEADER, "jingui"),
    Person("dora", Role.COMMUNITY_LEADER, "jingui"),
    Person("dirk", Role.COMMUNITY_LEADER, "jingui", has_left=True),
    Person("wendy", Role.WORKER, "jingui"),
    Person("will", Role.WORKER, "jingui", has_left=True),
    Person("greta", Role.COMMUNITY_LEADER, "guihua"),
    Person("gil", Role.COMMUNITY_LEADER, "guihua", has_left=True),
    Person("gus", Role.WORKER, "guihua"),
    Person("mia", Role.COMMUNITY_LEADER, "meihua"),
    Person("erin", Role.COMMUNITY_LEADER, "yinxing"),
    Person("xena", Role.COMMUNITY_LEADER, "xingfu"),
    Person("xu", Role.WORKER, "xingfu"),
    Person("bob", Role.RESPONDER, "city"),
    Person("bill", Role.RESPONDER, "city", has_left=True),
    Person("carol", Role.RESPONDER, "police"),
    Person("stan", Role.RESPONDER, "station"),
    Person("stella", Role.SUBDISTRICT_LEADER, "ling"),
    Person("sergej", Role.SUBDISTRICT_LEADER, "ling", has_left=True),
    Person("steve", Role.SUBDISTRICT_LEADER, "hubian"),
    Person("xaver", Role.SUBDISTRICT_LEADER, "xinshi"),
    Person("nora", Role.SUBDISTRICT_LEADER),
    Person("ruth", Role.DISTRICT_OFFICE),
    Person("rolf", Role.DISTRICT_OFFICE, has_left=True),
    Person("sunny", Role.SUPERVISOR),
    Person("susan", Role.SUPERVISOR, "hubian"),
    Person("xi", Role.SUPERVISOR, "xinshi"),
    Person("ada", Role.ADMIN),
    Person("eddy", Role.EDITOR),
    Person("colin", Role.COLLECTOR, "jingui"),
    Person("cora", Role.COLLECTOR, "meihua"),
)
IN_USE = tuple(person for person in PEOPLE if not person.has_left)
_AT_COMMUNITY = (Role.WORKER, Role.COMMUNITY_LEADER, Role.COLLECTOR)
_AT_SUBDISTRICT = (Role.SUBDISTRICT_LEADER, Role.SUPERVISOR)


def settle() -> dict[str, Account]:
    """Everybody's account, by name, still in use; nobody signs in, so none has a password.

    Whoever was there before, as the people of tests.support.actors are, has left.
    """
    Account.update(username=Account.username.concat(" before"), disabled_at=NOW).execute()
    return {
        person.name: Account.create(
            username=person.name,
            display_name=person.name,
            role=person.role.value,
            community_id=person.place if person.role in _AT_COMMUNITY else "",
            organization_id=person.place if person.role is Role.RESPONDER else "",
            subdistrict_id=person.place if person.role in _AT_SUBDISTRICT else "",
            password_hash="",
            created_at=NOW,
        )
        for person in PEOPLE
    }


def leave(now: datetime = NOW) -> None:
    """Those who leave do so."""
    gone = [person.name for person in PEOPLE if person.has_left]
    Account.update(disabled_at=now).where(Account.username.in_(gone)).execute()


def who(name: str, circle: Circle) -> Actor:
    """The account of this name as it acts in a state of the district."""
    return actor_of(Account.get(Account.username == name), circle)
