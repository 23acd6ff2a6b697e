"""How long what people write may be, wherever it comes in. Letters as Python counts them."""

DESCRIPTION_LETTERS = 10_000
