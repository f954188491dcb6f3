"""Templates for new parts of a course, and the files that they go into."""
