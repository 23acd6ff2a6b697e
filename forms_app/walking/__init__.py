"""Minutes on foot: computed on a street map, or brought back by volunteers, into walks.csv.

Its files that need the `walking` extra (map_file, network, fitness, sketches, survey) are loaded
by `commands` only when a map is read; the web processes load none of them.
"""
