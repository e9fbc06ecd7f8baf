"""Pages about releases: review and publish, list, effects, comparison, draft preview."""
