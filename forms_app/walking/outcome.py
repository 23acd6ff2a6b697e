"""What a street map gave for a whole circle: plain facts, so that the command needs no library."""

from collections.abc import Mapping

from msgspec import Struct

from forms_app.community import Estate, Walk


class EstateOutcome(Struct, frozen=True):
    """`reasons` say in Chinese why the map is not fit here; then there is nothing else."""

    estate: Estate
    density: float  # km of walkable street to the km²
    reasons: tuple[str, ...]
    walks: tuple[Walk, ...] = ()
    sketch: str = ""  # GeoJSON

    @property
    def is_fit(self) -> bool:
        """Whether its minutes were computed."""
        return not self.reasons


class MapOutcome(Struct, frozen=True):
    """Every estate in the file's order, and what was left out everywhere."""

    estates: tuple[EstateOutcome, ...]
    far_venues: Mapping[str, float]  # venue id → metres to the nearest street
    unplaced: tuple[str, ...]  # names of entrances and venues without coordinates
