"""The pages. Each module exports its `routes`."""
