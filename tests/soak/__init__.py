"""Faults that take long to show: `make soak`; what takes seconds runs in `make test` as well."""
