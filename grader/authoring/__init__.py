"""Tools for authors: validation of a course and its tests, and learners' kits."""
