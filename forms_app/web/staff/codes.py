"""Tickets and codes that staff are shown once.

Each is derived from the press that gave it out, like a report's ticket from its form, so that it is
kept nowhere between writing and showing: a cookie can be read by whoever has it.
"""

from collections.abc import Mapping
from typing import TypedDict

from forms_app.rules import keys
from forms_app.web.request import server_key

RECOVERY_CODES = 10
LINK_DIGITS = 6  # so that an answer code reads like a ticket


def reissued_secret(number: str, press: str) -> str:
    """The secret of the ticket that this press put in the place of a lost one."""
    return keys.ticket_secret(server_key(), f"reissue:{number}:{press}")


def recovery_codes(account_id: int, press: str) -> list[str]:
    """The ten codes that this press gave somebody for the day they lose their telephone."""
    return [
        keys.ticket_secret(server_key(), f"recovery:{account_id}:{press}:{number}")
        for number in range(RECOVERY_CODES)
    ]


class GivenLinks(TypedDict):
    """By which press a summons gave out its one-time links, and the number of each by unit."""

    number: str
    version: int
    press: str
    links: Mapping[str, int]


def answer_codes(given: GivenLinks) -> dict[str, str]:
    """The code of each link as its unit types it, by unit."""
    number, version, press = given["number"], given["version"], given["press"]
    return {
        unit: keys.format_ticket(
            f"{link:0{LINK_DIGITS}}", answer_secret(number, version, press, unit)
        )
        for unit, link in given["links"].items()
    }


def answer_secret(number: str, version: int, press: str, unit: str) -> str:
    """The secret of the one-time link that this press gave a unit."""
    return keys.ticket_secret(server_key(), f"answer:{number}:{version}:{press}:{unit}")
