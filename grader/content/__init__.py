"""Reading a course: YAML and Python files become typed objects.

`Course` is the entry point. Errors name the file, the line and what to do.
"""
