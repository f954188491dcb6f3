"""The values and messages that cross between the judge process and a worker."""
