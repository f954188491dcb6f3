"""Tutoring: the path through a lesson, practice, help, sittings, and recording what learners do."""
