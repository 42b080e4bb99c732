"""Openhour's connections to the world: HTTP, the table, keys, mail, events."""
