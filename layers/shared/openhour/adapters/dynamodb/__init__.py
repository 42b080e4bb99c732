"""The table: reading for slot lookup, requests with their ledgers, and the outbox."""
