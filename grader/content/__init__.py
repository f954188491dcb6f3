"""YAML and files -> typed objects; errors with file, line and what to do.

`Course` is the way in; the types live beside it, one module a noun.
"""
