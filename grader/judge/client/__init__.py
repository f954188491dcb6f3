"""Who asks for a verdict. Runs in the user's process and starts judge processes."""
