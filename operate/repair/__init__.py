"""Compares what a stack's table says of every request in several places, and mends what differs.

The command is `openhour repair`.
"""
