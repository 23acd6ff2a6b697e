"""What stands for a row in an address, or in a form; and where an address leads."""

import re
from urllib.parse import unquote

from werkzeug.routing import IntegerConverter, Map

LARGEST_KEY = 2**31 - 1


class KeyConverter(IntegerConverter):
    """A row's key in an address: no larger than a key can be, else there is no such page."""

    regex = r"\d{1,10}"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_KEY)


def stays_here(path: str) -> bool:
    """Whether whoever is sent to this path, below the root of this circle, stays with it: other
    circles may lie beside it under the same host.

    A browser goes up at dots, also at those written as %2e, reads `\\` as `/`, takes what stands
    behind two of them for another host, and leaves out tabs and line ends before it looks.
    """
    parts = [unquote(part) for part in path.partition("?")[0].split("/")]
    is_plain = re.search(r"[\x00-\x20\x7f\\]", path) is None
    return is_plain and not path.startswith("/") and not {".", ".."} & set(parts)
