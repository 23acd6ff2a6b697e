"""Puts the product on a Debian server: program, service, nginx, log. Standard library only."""
