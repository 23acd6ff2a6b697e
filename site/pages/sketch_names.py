"""The names on an estate's sketch: each where it covers no mark and no other name, or nowhere.

Whatever finds no room is in the list below the sketch all the same, by its number.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from forms_app.community import Circle, Venue

SIZE = 28  # units: 14 pixels on a phone 360 pixels wide
AIR = 4
FEWEST = 2  # letters that are left of a name without its community's

Box = tuple[float, float, float, float]  # left, top, right, bottom


class Name(Struct, frozen=True):
    """Words from (x, y) on, their baseline; `kind` is the class they are drawn with."""

    words: str
    x: int
    y: int
    kind: str


def short(venue: Venue, circle: Circle) -> str:
    """A venue's name without its community's, which a sketch of it need not say."""
    community = circle.communities[venue.community_id].name.removesuffix("（示例）")
    rest = venue.name.removeprefix(community)
    return rest if len(rest) >= FEWEST else venue.name


class Names:
    """Gives names their places, the first come the best; `marks` are the middles of marks."""

    def __init__(self, size: tuple[int, int], marks: Sequence[tuple[int, int]], half: int) -> None:
        self._size = size
        self._half = half
        self._taken: list[Box] = [
            (x - half - AIR, y - half - AIR, x + half + AIR, y + half + AIR) for x, y in marks
        ]
        self.placed: list[Name] = []

    def beside(self, words: str, x: int, y: int) -> None:
        """Next to a mark: right of it, left, below, above."""
        wide, away = _wide(words), self._half + AIR + 2
        self._try(
            words,
            "sketch-name",
            (
                (x + away, y + SIZE / 3), (x - away - wide, y + SIZE / 3),
                (x - wide / 2, y + away + SIZE * 0.85), (x - wide / 2, y - away),
            ),
        )  # fmt: skip

    def across(self, words: str, spots: Iterable[tuple[float, float]], kind: str) -> None:
        """With its middle at the first of these spots that has room."""
        half = _wide(words) / 2
        self._try(words, kind, ((x - half, y + SIZE / 3) for x, y in spots))

    def _try(self, words: str, kind: str, starts: Iterable[tuple[float, float]]) -> None:
        for x, y in starts:
            box = (x, y - SIZE * 0.85, x + _wide(words), y + SIZE * 0.2)
            if self._is_free(box):
                self._taken.append(box)
                self.placed.append(Name(words, round(x), round(y), kind))
                return

    def _is_free(self, box: Box) -> bool:
        left, top, right, bottom = box
        is_inside = left >= AIR and top >= AIR
        is_inside = is_inside and right <= self._size[0] - AIR and bottom <= self._size[1] - AIR
        return is_inside and not any(
            left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
            for other in self._taken
        )


def _wide(words: str) -> float:
    """Units: a Chinese character is as wide as it is high, others a little over half."""
    return sum(SIZE if ord(letter) > 0x2E80 else SIZE * 0.6 for letter in words)
