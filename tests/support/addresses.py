"""Addresses that a pattern of forms_app.web.body_sizes is for."""

import re


def example(pattern: str) -> str:
    """An address that the pattern matches."""
    plain = re.sub(r"\(\?:([^|()]+)[^()]*\)", r"\1", pattern.replace("[^/]+", "260001"))
    return re.sub(r"\\(.)", r"\1", plain)
