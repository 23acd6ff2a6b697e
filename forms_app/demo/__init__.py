"""A lived-in sample circle: `story` tells it, `laying` puts it into a database and takes it out.

Only for looking around. It is made through casework like everything else, and every text says that
it is a sample.
"""
