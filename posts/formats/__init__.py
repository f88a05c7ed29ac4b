"""Reads exports of posts: what tools and platforms hand out, recognised by header and keys, record by record."""
