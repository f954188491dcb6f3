"""How Sphinx builds these pages as a site: `sphinx-build -W -n docs build/site`."""

project = "course"
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "course"
html_static_path: list[str] = []
exclude_patterns = ["pictures/*.py", "conftest.py", "reference/*.py"]
suppress_warnings = ["myst.xref_missing"]  # links to files outside docs/ are checked by tests/end_to_end
