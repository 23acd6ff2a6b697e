"""That a file of the office's is another user's, and the one command that mends it."""

import shlex
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from msgspec import Struct

from forms_app.files import owners
from forms_app.rules.said import said
from forms_app.settings import folders
from forms_app.settings.refused import SettingRefused
from forms_app.settings.settings import Settings

SHOWN = 3


class KeptOut(Struct, frozen=True):
    """What whoever runs this cannot use, in words, and the command that mends it."""

    words: str
    command: str

    def __str__(self) -> str:
        return f"{self.words}请先运行一次：{self.command}"


class Ground(Struct, frozen=True):
    """Where the files of an office lie that its own user must be able to use."""

    data: Path
    build: Path
    second: Path | None  # of backups

    @classmethod
    def of(cls, settings: Settings) -> "Ground":
        return cls(settings.data, settings.build, settings.backup_dir)

    @classmethod
    def before(cls, environ: Mapping[str, str], root: Path) -> "Ground | None":
        """Where they would lie, were the settings usable; None where one of them is no place."""
        second = environ.get("CIRCLE_BACKUP_DIR", "").strip()
        try:
            return cls(
                folders.data_folder(environ, root),
                folders.build_folder(environ, root),
                folders.place("CIRCLE_BACKUP_DIR", second) if second else None,
            )
        except SettingRefused:
            return None

    def kept_out(self) -> KeptOut | None:
        """None where everything can be used."""
        found = {
            place: list(islice(owners.closed(place, is_written=is_written, depth=depth), SHOWN))
            for place, (is_written, depth) in self._places().items()
        }
        closed = [path for paths in found.values() for path in paths][:SHOWN]
        if not closed:
            return None
        user = owners.ourselves()
        names = "、".join(f"{path}（{owners.owner_of(path)}）" for path in closed)
        mended = {
            str(self.data if place.is_relative_to(self.data) else place.resolve())
            for place, paths in found.items() if paths
        }  # fmt: skip
        return KeptOut(
            said("这里有别的用户的文件，%(user)s 用不了：%(names)s。", user=user, names=names),
            f"sudo chown -R {shlex.quote(user)}: {shlex.join(sorted(mended))}",
        )

    def hand_over(self) -> None:
        """What root has just made there is its own user's again. Raises OSError."""
        for place in self._places():
            owners.hand_over(place)

    def _places(self) -> dict[Path, tuple[bool, int]]:
        """Each, whether its own user writes there, and how deep: `community` may be meant to be
        changed by nobody but who looks after the server, and an old release is only read.
        """
        places = {
            self.data / "private": (True, 2), self.data / "published": (True, 1),
            self.data / "community": (False, 2), self.build: (True, 1),
        }  # fmt: skip
        return places | ({} if self.second is None else {self.second: (True, 1)})
