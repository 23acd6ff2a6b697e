"""PURE. What the office promises: the procedure, its clocks, what a text or a key is."""
