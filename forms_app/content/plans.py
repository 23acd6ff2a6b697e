"""What sheets would do, remembered from the upload to the word to save: each is judged once.

It is of the files as they were: where one of them has changed since, the sheet is judged anew.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from forms_app.content.uploading import Planned

KEPT = 4  # sheets between two pages; of 2,000 rows each takes some megabytes


class Plans:
    """The last few, for all threads of one server."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._plans: OrderedDict[Hashable, Planned] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, key: Hashable, make: Callable[[], Planned]) -> Planned:
        """What was judged under this key, or is now; whatever `make` raises is not remembered."""
        with self._lock:
            if key in self._plans:
                self._plans.move_to_end(key)
                return self._plans[key]
        found = make()
        with self._lock:
            self._plans[key] = found
            while len(self._plans) > self._kept:
                self._plans.popitem(last=False)
        return found
