"""The class report as a single HTML page."""
