"""How other programs read us: cells, codes, the words of a page. Nothing of ours is known here."""
