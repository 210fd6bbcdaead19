"""One scoring script in one process, spoken to in frames."""
