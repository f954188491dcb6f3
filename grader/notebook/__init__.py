"""Course -> notebooks for nbgrader, and nbgrader's plug-ins. Needs the extra `instructor`."""
