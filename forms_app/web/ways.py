"""By which ways this office tells residents what is new: by telephone always, else as set up."""

from collections.abc import Mapping
from contextlib import suppress

from forms_app.rules.told_by import WAYS_OF_TELLING, TellBy
from forms_app.settings import Settings


def ways_set_up(settings: Settings) -> Mapping[TellBy, str]:
    """Each with its words, in the order in which they are offered."""
    is_set_up = {
        TellBy.EMAIL: settings.smtp_url is not None,
        TellBy.SMS: settings.sms_file.exists(),
    }
    return {way: words for way, words in WAYS_OF_TELLING.items() if is_set_up.get(way, True)}


def waking_key(settings: Settings) -> str:
    """The office's public key for whoever wants to be woken; "" where no browser may be."""
    if settings.may_wake:
        with suppress(OSError, ValueError):
            return settings.push_public_file.read_text(encoding="ascii").strip()
    return ""
