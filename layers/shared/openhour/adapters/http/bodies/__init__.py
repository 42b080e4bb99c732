"""The bodies of write paths, checked by pydantic: one module for each function that reads one."""
