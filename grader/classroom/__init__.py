"""Many submissions: reading what a class handed in, grading it, and what it shows."""
