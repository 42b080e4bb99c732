"""The one place where a function's parts are put together, one module for each kind of function.

Each module imports only what its functions need, and makes one client for each AWS service they really use.
"""
