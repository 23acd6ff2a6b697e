"""What was done about residents' reports (公示): newest first, by community and by kind.

Each note was agreed to by its resident and reviewed by the community; it holds nothing of theirs.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from forms_app.community import Circle
from pages.rendering import file_of, page, render

NEWEST = 12  # on the first page
MOST = 20  # on a page of a community or kind: half of what a page may weigh
PHOTOS = "done/photos/"


class Note(Struct, frozen=True):
    """One note, as the forms app handed it over."""

    community_id: str
    estate_id: str  # "": the community alone is named
    category: str  # "": none was chosen
    days: int  # from the report to the verdict
    told: str
    published_on: str  # ISO date
    before: str = ""  # the name of a photo, as is the other
    after: str = ""


class Group(Struct, frozen=True):
    """The notes of one community or kind."""

    name: str
    path: str  # below the root
    notes: tuple[Note, ...]
    kind: str = ""  # its code; "" of a community


def parts(circle: Circle, notes: Sequence[Note]) -> dict[str, str]:
    """The newest of all, with the ways to those of a community or kind."""
    return {"done-index": render("done_index.html", newest(circle, notes))}


def newest(circle: Circle, notes: Sequence[Note]) -> dict[str, object]:
    """What the first page tells, by its template's names."""
    shown = _known(circle, notes)
    return {
        **_values(circle, shown[:NEWEST]),
        "communities": _by_community(circle, shown) if len(circle.communities) > 1 else (),
        "kinds": _by_kind(circle, shown),
        "older": len(shown) - NEWEST,
    }


def pages(circle: Circle, notes: Sequence[Note]) -> dict[str, str]:
    """A page for each community and each kind that has any, by path."""
    return {file_of(group.path): _page(circle, group) for group in groups_of(circle, notes)}


def groups_of(circle: Circle, notes: Sequence[Note]) -> tuple[Group, ...]:
    """Each community and each kind of which anything is told."""
    shown = _known(circle, notes)
    return (*_by_community(circle, shown), *_by_kind(circle, shown))


def values_of(circle: Circle, group: Group) -> dict[str, object]:
    """What the page of one tells, by its template's names."""
    return {
        **_values(circle, group.notes[:MOST]),
        "name": group.name,
        "older": len(group.notes) - MOST,
    }


def files(notes: Sequence[Note], photos: Mapping[str, bytes]) -> dict[str, bytes]:
    """The photos that the notes name, and no others, by path."""
    named = {name for note in notes for name in (note.before, note.after)}
    return {f"{PHOTOS}{name}": content for name, content in photos.items() if name in named}


def _page(circle: Circle, group: Group) -> str:
    return page(
        title=f"{group.name}：办好的事",
        description=f"{group.name}：居民反映、已经办好的事。",
        body=render("done_page.html", values_of(circle, group)),
        parents=[("done/", "办好的事")],
    )


def _values(circle: Circle, notes: Sequence[Note]) -> dict[str, object]:
    told = [(note, _where(circle, note), _kind(circle, note), _on(note)) for note in notes]
    return {"notes": told, "photos": PHOTOS}


def _known(circle: Circle, notes: Sequence[Note]) -> tuple[Note, ...]:
    """Those of a community that the circle still has."""
    return tuple(note for note in notes if note.community_id in circle.communities)


def _by_community(circle: Circle, notes: Sequence[Note]) -> tuple[Group, ...]:
    found = [
        Group(
            one.name,
            f"done/{one.id}/",
            tuple(note for note in notes if note.community_id == one.id),
        )
        for one in circle.communities.values()
    ]
    return tuple(group for group in found if group.notes)


def _by_kind(circle: Circle, notes: Sequence[Note]) -> tuple[Group, ...]:
    found = [
        Group(
            one.name,
            f"done/kinds/{one.code}/",
            tuple(note for note in notes if note.category == one.code),
            one.code,
        )
        for one in circle.categories.values()
    ]
    return tuple(group for group in found if group.notes)


def _where(circle: Circle, note: Note) -> str:
    estate = circle.estates.get(note.estate_id)
    community = circle.communities[note.community_id].name
    return f"{community} {estate.name}" if estate else community


def _kind(circle: Circle, note: Note) -> str:
    kind = circle.categories.get(note.category)
    return kind.name if kind else "其他"


def _on(note: Note) -> date:
    return date.fromisoformat(note.published_on)
