"""The agenda as a frozen value, and pure functions on it: visibility, zones, diff, sequences."""
