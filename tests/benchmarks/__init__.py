"""How fast the site is beside a Django hello-world: `make bench`."""
