"""The embedded engine: a Whoosh index that follows the documents in PostgreSQL. Nothing else imports whoosh.

Whoosh 2.7.4 is not maintained; what it must not be left to do by itself is done here (docs/search.md lists the traps):
its query parser never sees a query, no searcher is refreshed, documents are deleted by number and never updated, and
no file is opened, let alone unpickled, that we did not seal.
"""
