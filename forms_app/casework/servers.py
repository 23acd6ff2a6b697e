"""Several servers on one database: that they go together, and which one has what work.

A claim is a row with a lease that its holder renews: killed, it is another's when the lease is
over. The holder is a server, not a process: started again, it goes on with what it had.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from peewee import ModelSelect

from forms_app.rules.sessions import AHEAD
from forms_app.store.database import proxy, writing
from forms_app.store.servers import Claim, Server

# A server says once a minute that it is there.
THERE_FOR = timedelta(minutes=3)
TICK, NIGHT, PUBLISH = "tick", "night", "publish"
# Of what is looked for every second; of what a process of its own does and renews.
TICK_LEASE, WORK_LEASE = timedelta(seconds=15), timedelta(seconds=90)


class Misfit(StrEnum):
    """Why a server cannot serve beside another one."""

    KEY = "key"  # what one signs, the other does not know
    PLACE = "place"  # what is sent to one, the other does not find


class Known(Struct, frozen=True):
    """A server as it tells of itself."""

    name: str
    title: str
    key: str
    place: str


def arrive(server: Known, *, now: datetime) -> tuple[Misfit, str] | None:
    """The server begins to serve, unless another one that is there does not go with it: then why,
    and that one's title.
    """
    with writing():
        for other in _others(server.name, now):
            if other.key != server.key:
                return Misfit.KEY, other.title
            if other.place != server.place or not server.place:
                return Misfit.PLACE, other.title
        told = {"title": server.title, "key": server.key, "place": server.place, "seen_at": now}
        if not Server.update(told).where(Server.name == server.name).execute():
            Server.create(name=server.name, **told)
        Server.delete().where(Server.seen_at < now - 10 * THERE_FOR).execute()
    return None


def others_there(name: str, *, now: datetime) -> list[str]:
    """The titles of the other servers that are there."""
    return [other.title for other in _others(name, now)]


def _others(name: str, now: datetime) -> "ModelSelect[Server]":
    seen_of_late = Server.seen_at.between(now - THERE_FOR, now + AHEAD)
    return Server.select().where(Server.name != name, seen_of_late)


def is_still_there(name: str, *, now: datetime) -> None:
    """The server goes on serving."""
    with proxy.atomic():
        Server.update(seen_at=now).where(Server.name == name).execute()


def leave(name: str, *, now: datetime) -> None:
    """The server serves no more: what it had is free at once."""
    with proxy.atomic():
        Server.delete().where(Server.name == name).execute()
        Claim.update(until=now).where(Claim.holder == name).execute()


def claim(work: str, holder: str, lease: timedelta, *, now: datetime) -> bool:
    """Whether the work is the holder's until the lease is over.

    Of two who ask at once one gets it: the row is compared and set in one statement. Nothing is
    written while half of the lease is left.
    """
    known = Claim.get_or_none(Claim.name == work)
    if known is None:
        with proxy.atomic():
            Claim.insert(name=work, holder=holder, until=now).on_conflict_ignore().execute()
    elif now < known.until <= now + lease + AHEAD and known.holder != holder:
        return False
    elif known.holder == holder and lease / 2 < known.until - now <= lease:
        return True
    over = (Claim.until <= now) | (Claim.until > now + lease + AHEAD)
    is_free = (Claim.holder == holder) | over
    with proxy.atomic():
        taken = Claim.update(holder=holder, until=now + lease)
        return bool(taken.where(Claim.name == work, is_free).execute())


def give_back(work: str, holder: str, *, now: datetime, done: str | None = None) -> None:
    """The holder is at it no more; `done` for which it has done it, where it has."""
    values = {"until": now} if done is None else {"until": now, "done": done}
    with proxy.atomic():
        Claim.update(values).where(Claim.name == work, Claim.holder == holder).execute()


def is_done(work: str, day: date) -> bool:
    """Whether the work was done for this day: a clock that is ahead may have called it the next,
    and one that was far ahead did nothing of this day's.
    """
    known = Claim.get_or_none(Claim.name == work)
    days = (day, day + timedelta(days=1))
    return known is not None and known.done in [one.isoformat() for one in days]
