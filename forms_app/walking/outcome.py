"""What a street map gave for a whole circle: plain facts, so that the command needs no library."""

from collections.abc import Mapping
from dataclasses import dataclass

from forms_app.community import Estate, Walk


@dataclass(frozen=True)
class EstateOutcome:
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


@dataclass(frozen=True)
class MapOutcome:
    """Every estate in the file's order, and what was left out everywhere."""

    estates: tuple[EstateOutcome, ...]
    far_venues: Mapping[str, float]  # venue id → metres to the nearest street
    unplaced: tuple[str, ...]  # names of entrances and venues without coordinates
