"""The files that a backup brings back: what was published, the office's own and their versions."""

import shutil

from forms_app.backups.kept_files import COMMUNITY, CONTENT, place_of
from forms_app.backups.source import Source
from forms_app.files.durable import make_folder, sync
from forms_app.settings import Settings


def bring_files(settings: Settings, source: Source, *, has_own: bool) -> int:
    """Brings what was published, the versions of the office's files, and those files themselves
    where it does not have its own; how many files.
    """
    if source.manifest is None:
        return 0
    count = 0
    for name in source.manifest.files:
        target = place_of(settings, name)
        is_community = name.startswith(f"{COMMUNITY}/")
        if has_own if is_community else target.exists():
            continue
        is_private = name.startswith(f"{CONTENT}/")
        make_folder(target.parent, 0o700 if is_private else 0o755)
        fresh = target.with_name(f".{target.name}.restoring")
        shutil.copyfile(source.path / name, fresh)
        if is_private:
            fresh.chmod(0o600)
        sync(fresh)
        fresh.replace(target)
        sync(target.parent)
        count += 1
    return count
