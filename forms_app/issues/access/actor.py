"""Who asks or acts: an account, a ticket's holder, or whoever answers for a party by its link.

Which communities a sub-district has, only the circle says: it is asked when an account becomes an
actor, so that a change of circle.yml holds from the next request on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from forms_app.community import Circle
from forms_app.rules.steps import ACCOUNT_ROLES, CONTENT_ROLES, Role
from forms_app.store.accounts import Account
from forms_app.store.models import Party

COMMUNITY_ROLES = (Role.WORKER, Role.COMMUNITY_LEADER)
SUBDISTRICT_ROLES = (Role.SUBDISTRICT_LEADER, Role.SUPERVISOR)
# Who leads a community, a sub-district or the district; where one has nobody, another acts for it.
ACTING_ROLES = (Role.COMMUNITY_LEADER, Role.SUBDISTRICT_LEADER, Role.DISTRICT_OFFICE)
# Which column says where an account of the role belongs.
PLACE_OF: Mapping[Role, str] = {
    Role.COLLECTOR: "community_id",
    **dict.fromkeys(COMMUNITY_ROLES, "community_id"),
    Role.RESPONDER: "organization_id",
    **dict.fromkeys(SUBDISTRICT_ROLES, "subdistrict_id"),
}
# Whose account sees any issue at all.
CASE_ROLES = tuple(role for role in ACCOUNT_ROLES if role not in CONTENT_ROLES)


class Led(Struct, frozen=True):
    """One sub-district, as the accounts of its leaders and its issues name it."""

    leaders_say: frozenset[str]
    community_ids: frozenset[str] | None


@dataclass(frozen=True)
class Actor:
    """Somebody who asks or acts. A resident is known only by the issues whose tickets they hold."""

    role: Role
    name: str
    account_id: int | None = None
    community_id: str = ""
    organization_id: str = ""
    subdistrict_id: str = ""
    # To which communities a sub-district's staff and the collectors are bound; None: to none.
    community_ids: frozenset[str] | None = None
    held_numbers: frozenset[str] = frozenset()
    # The key of the form they pressed; pressed again, it counts once. It makes nobody another one,
    # for whom statements would be made anew: a struct would compare it.
    press: str = field(default="", compare=False)
    # What the accounts of those leaders say as their sub-district who reach the same communities;
    # of a community's staff: who reach theirs. The district office has no peers among them.
    peer_subdistrict_ids: frozenset[str] = frozenset({""})
    # Of the district office: each sub-district, by what its leaders' accounts say and by its
    # communities; None: all of them.
    subdistricts: tuple["Led", ...] = ()

    @property
    def place_id(self) -> str:
        """Where they work: a community's, unit's or sub-district's id; "" for all of it."""
        return self.community_id or self.organization_id or self.subdistrict_id

    @property
    def sees_contacts(self) -> bool:
        """Whether residents' names and phones are theirs to see, on a page or in a file.

        Who oversees calls no resident, and summoned units ask the caller.
        """
        return self.role in (*COMMUNITY_ROLES, *ACTING_ROLES, Role.COLLECTOR)

    @property
    def finds_people(self) -> bool:
        """Whether they may look for a resident by name or phone: of those who see both, not
        whoever only writes down what they were told.
        """
        return self.sees_contacts and self.role is not Role.COLLECTOR

    def reaches(self, community_id: str) -> bool:
        """Whether a community is one of those that they are bound to, or they are bound to none."""
        return self.community_ids is None or community_id in self.community_ids


# Whoever did not act in time; what the clock does then is the system's.
SYSTEM = Actor(Role.SYSTEM, "系统")


def resident(*numbers: str, press: str = "") -> Actor:
    """The holder of these issues' tickets."""
    return Actor(Role.RESIDENT, "居民", held_numbers=frozenset(numbers), press=press)


def party_actor(party: Party, press: str) -> Actor:
    """Whoever answers for a summoned party with its one-time link, without an account."""
    return Actor(Role.RESPONDER, "一次性链接", organization_id=party.organization_id, press=press)


def actor_of(account: Account, circle: Circle) -> Actor:
    """The account as an actor."""
    return Actor(
        Role(account.role),
        account.display_name,
        account.id,
        account.community_id,
        account.organization_id,
        account.subdistrict_id,
        communities_of_account(account, circle),
        peer_subdistrict_ids=_peers(account, circle),
        subdistricts=_led(circle) if account.role == Role.DISTRICT_OFFICE.value else (),
    )


def _led(circle: Circle) -> tuple[Led, ...]:
    if not circle.has_several_subdistricts:
        return (Led(_only(circle), None),)
    homes = [(one.id, one.subdistrict) for one in circle.communities.values()]
    return tuple(
        Led(frozenset([key]), frozenset(one for one, home in homes if home == key))
        for key in circle.subdistricts
    )


def _only(circle: Circle) -> frozenset[str]:
    return frozenset(["", *circle.subdistricts])  # the only one need not be written down


def _peers(account: Account, circle: Circle) -> frozenset[str]:
    if Role(account.role) is Role.DISTRICT_OFFICE:
        return frozenset()
    if not circle.has_several_subdistricts:
        return _only(circle)
    if Role(account.role) not in COMMUNITY_ROLES:
        return frozenset([account.subdistrict_id])
    subdistrict = circle.subdistrict_of(account.community_id)
    return frozenset([subdistrict.id] if subdistrict else [])


def communities_of_account(account: Account, circle: Circle) -> frozenset[str] | None:
    """To which communities an account of a sub-district, or a collector, is bound; None: to none.

    With one sub-district nobody is. With several, a supervisor without one is the district's and a
    leader without one sees nothing, as does whoever belongs to one that circle.yml has lost.
    """
    role = Role(account.role)
    if role in SUBDISTRICT_ROLES:
        subdistrict_id = account.subdistrict_id
        if subdistrict_id and subdistrict_id not in circle.subdistricts:
            return frozenset()
        is_district = not subdistrict_id and role is Role.SUPERVISOR
    elif role is Role.COLLECTOR:
        subdistrict = circle.subdistrict_of(account.community_id)
        subdistrict_id, is_district = subdistrict.id if subdistrict else "", False
    else:
        return None
    if is_district or not circle.has_several_subdistricts:
        return None
    here = (one.id for one in circle.communities.values() if one.subdistrict == subdistrict_id)
    return frozenset(here if subdistrict_id else ())


def still_calls(circle: Circle, account: Account, community_id: str) -> bool:
    """Whether a caller is still there for an issue of the community. What the district office
    called together in another's place is that one's again, or the district's as a whole.
    """
    is_above_all = account.role == Role.DISTRICT_OFFICE.value
    return not is_above_all and still_reaches(circle, account, community_id)


def still_reaches(circle: Circle, account: Account, community_id: str) -> bool:
    """Whether an account is in use and has not lost the community to another sub-district."""
    return account.disabled_at is None and actor_of(account, circle).reaches(community_id)
