"""The course and its grades in the formats of other systems."""
