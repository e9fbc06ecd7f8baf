"""Long concurrency tests: `make soak`; a short version runs in `make test` as well."""
