"""The side that asks for verdicts. Runs in the user's process and starts judge processes."""
