"""Walking through a deployed stack as people do: ask for a time, confirm it, cancel it, and leave nothing behind."""
