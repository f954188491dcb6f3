"""A class: reading its submissions, grading them, and reporting on the results."""
