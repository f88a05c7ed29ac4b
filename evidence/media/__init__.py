"""Finds where a picture, or a part of it, has been before. Pure functions on pixels and numbers: no models, no files of
ours, no rights.

In the order in which they are used:

* `pixels.prepare` makes the working copy of an opened image; `fingerprints.fingerprint` computes everything from it
  (hashes, flatness, layout, panels, features). Both run in the sandboxed child, called by evidence.parsers.frames.
* `fingerprints.from_files` reads what the child left: a Fingerprint, the query. `fingerprints.stored` makes of it
  a StoredPrint, the numbers that the database keeps for a picture (one row per SHA-256 and fingerprints.VERSION).
* `index.build`, `save` and `load` make the search index out of such rows: immutable, memory-mapped segments (hamming,
  inverted), a cache that can be thrown away.
* `matching.look_up` answers a query: candidates from the index, maps from hypotheses and geometry, proof on pixels from
  correlation, regions from outlines, scores and names from decisions, what is left over from explanation.

Whoever calls decides which pictures may be loaded, who may see a match, and what people said about it before. A match
is a suggestion. `make bench-media` measures it; docs/adr tells why it is built so.
"""
