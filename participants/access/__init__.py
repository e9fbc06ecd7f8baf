"""Access: permissions, viewers, personal links, groups and rate limits."""
