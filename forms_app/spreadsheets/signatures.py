"""Whether somebody signed, and what a signature under such a heading says."""

import re

from forms_app.rules.folding import fold
from forms_app.spreadsheets.columns import CROSSES
from forms_app.spreadsheets.stories import NOT_YET
from forms_app.spreadsheets.values import NOBODY, bare

# That the work is done: 完工签字, 业主验收签名.
SIGNED_OVER = re.compile("(?:完工|竣工|完成|办结|验收|销号|结案).{0,4}签|验收人$")
# That somebody stood by, at whichever end of the matter.
SIGNED = re.compile("签[字名收章认]|签$|确认$")


def is_signed(cell: str) -> bool:
    """Whether a cell holds who signed, and not that nobody has."""
    words = fold(bare(cell))
    return bool(words) and words not in NOBODY | CROSSES and not NOT_YET.search(words)
