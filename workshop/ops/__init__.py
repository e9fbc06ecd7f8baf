"""Operation of the site: request IDs, logs, health, error pages, login throttling."""
