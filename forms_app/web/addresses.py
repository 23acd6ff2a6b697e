"""What stands for a row in an address, or in a form."""

from werkzeug.routing import IntegerConverter, Map

LARGEST_KEY = 2**31 - 1


class KeyConverter(IntegerConverter):
    """A row's key in an address: no larger than a key can be, else there is no such page."""

    regex = r"\d{1,10}"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_KEY)
