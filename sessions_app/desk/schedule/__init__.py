"""Pages about times: move, reorder, local hours, and their previews."""
