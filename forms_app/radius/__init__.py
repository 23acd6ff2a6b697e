"""PURE. The ten-minute radius: reach, occurrences, coverage, its ledger, the walks to make."""
