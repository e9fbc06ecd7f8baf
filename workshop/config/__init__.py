"""Configuration from the environment: database, cache, e-mail, storage, web sessions."""
