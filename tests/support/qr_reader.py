"""Reads codes as a telephone would: from black and white dots, not from what drew them."""

import re
import zlib

import numpy as np
import zxingcpp
from numpy.typing import NDArray

Dots = NDArray[np.uint8]


def read_dots(dots: Dots) -> list[str]:
    """What every square in the picture says; `dots` are grey values, row by row.

    Squares alone: one in eighty has a row that could also be four figures of a bar code.
    """
    read = zxingcpp.read_barcodes(np.ascontiguousarray(dots), formats=zxingcpp.BarcodeFormat.QRCode)
    return [found.text for found in read]


def drawn(svg: str, dots_a_module: int = 4) -> Dots:
    """A code's drawing of ours as a picture; without its quiet zone it could not be read."""
    size = int(re.findall(r'viewBox="0 0 (\d+) \1"', svg)[0])
    path = re.findall(r'<path stroke="#000"[^>]* d="([^"]+)"|d="([^"]+)"[^>]*stroke="#000"', svg)
    modules = np.full((size, size), 255, np.uint8)
    x = y = 0.0
    for letter, numbers in re.findall(r"([MmhH])([-\d. ]+)", "".join(path[0])):
        values = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
        if letter == "h":
            modules[int(y), int(x) : int(x + values[0])] = 0
            x += values[0]
        else:
            assert letter in "Mm", letter
            x, y = (values[0], values[1]) if letter == "M" else (x + values[0], y + values[1])
    return np.kron(modules, np.ones((dots_a_module, dots_a_module), np.uint8))


def picture(png: bytes) -> Dots:
    """The grey values of a browser's screenshot: eight bits, RGB or RGBA, not interlaced."""
    place, packed, width, height, channels = 8, b"", 0, 0, 0
    while place < len(png):
        length = int.from_bytes(png[place : place + 4])
        kind, body = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        if kind == b"IHDR":
            width, height = int.from_bytes(body[:4]), int.from_bytes(body[4:8])
            assert (body[8], body[12]) == (8, 0)
            channels = {2: 3, 6: 4}[body[9]]
        elif kind == b"IDAT":
            packed += body
        place += 12 + length
    rows = zlib.decompress(packed)
    line, before = width * channels, bytes(width * channels)
    grey = np.zeros((height, width), np.uint8)
    for y in range(height):
        start = y * (line + 1)
        before = _unfiltered(rows[start], rows[start + 1 : start + 1 + line], before, channels)
        grey[y] = np.frombuffer(before, np.uint8).reshape(width, channels)[:, 1]
    return grey


def _unfiltered(kind: int, row: bytes, above: bytes, step: int) -> bytes:
    """One line of a PNG as it was before it was filtered; PNG's own five kinds."""
    done = bytearray(row)
    for i in range(len(done)):
        left = done[i - step] if i >= step else 0
        up, corner = above[i], above[i - step] if i >= step else 0
        if kind == 1:
            guess = left
        elif kind == 2:
            guess = up
        elif kind == 3:
            guess = (left + up) // 2
        elif kind == 4:
            away = [abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)]
            guess = (left, up, corner)[away.index(min(away))]
        else:
            guess = 0
        done[i] = (done[i] + guess) & 255
    return bytes(done)
