"""Passwords of the tests are hashed lightly: what a hash costs on purpose, 20 ms, is asked in
tests/rules/test_keys and of a program that is started as an office starts it.
"""

from argon2 import PasswordHasher

from forms_app.rules import keys

THOROUGH = keys._hasher
keys._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
