"""How long what people write may be, wherever it comes in. Letters as Python counts them."""

CARRIED_LETTERS = 400  # what a link may carry into a report, and so what the search takes
LETTER_LETTERS = 10_000  # a whole letter: nobody is sent back to shorten a resident's words
