"""Rows for the search: everybody who signed in may ask, and is answered from their own cases."""

from tests.access.table import Row, signed_in

ROWS = [
    Row("search:search", "GET", signed_in(200), query="?q=case"),
    Row("search-list", "GET", signed_in(200), query="?q=case"),
]
