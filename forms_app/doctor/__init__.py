"""What may go wrong with an office's server, looked for before it does: one file each, one table.

The command, the administrator's page and /healthz read the same checks.
"""
