"""The course and its grades in the forms of other systems."""
