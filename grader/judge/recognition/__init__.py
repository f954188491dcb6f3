"""Which known mistake a function behaves like. Runs in the judge process, on data only."""
