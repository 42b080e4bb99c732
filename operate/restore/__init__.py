"""Putting back what a stack's table has lost, out of a copy of that table as it was at an earlier moment.

The stack keeps its table, so that stream, expiry, recovery and permissions stay as they are. Only what follows from
nothing else is put back: the practice, requests with their history and mails, what is remembered of their clients.
Ledgers, lists and indexes follow from those; comparing and mending writes them anew. What people have done since is
newer, and stays. Every write has a condition, so that people may go on booking meanwhile, and so that running it again
only does what is left.
"""
