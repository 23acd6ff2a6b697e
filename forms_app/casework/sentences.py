"""How casework's sentences are put together."""

_ENDS = tuple("。！？；.!?")


def ended(sentence: str) -> str:
    """The sentence with a full stop, if it has none."""
    return sentence if sentence.endswith(_ENDS) else f"{sentence}。"


def unended(sentence: str) -> str:
    """The sentence without its full stop, to stand inside another."""
    return sentence.rstrip("".join(_ENDS))
