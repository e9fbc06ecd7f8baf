# `make run` and `make test` work on a fresh machine; later runs reuse what is installed.
SHELL := /bin/bash
PORT ?= 8000
PY := .venv/bin/python
export PYTHONUNBUFFERED := 1

.PHONY: run test lint types unit soak bench engines format

# Local site: no TLS, so cookies are sent without it.
run: export HTTPS := 0
run: export SITE ?= http://127.0.0.1:$(PORT)
run: .venv/installed pango var/secret-key static/fonts/noto-sans.woff2
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py load_programme
	@$(PY) manage.py collectstatic --no-input --verbosity 0
	@echo
	@echo "The programme:     http://127.0.0.1:$(PORT)/"
	@echo "Organiser, once:   $$($(PY) manage.py sign_in_link --create --site http://127.0.0.1:$(PORT))"
	@echo
	@# The site and the workers (e-mails, documents) stop together: by Ctrl-C, by kill, or when the site ends.
	@.venv/bin/gunicorn --config deploy/gunicorn.conf.py --bind 127.0.0.1:$(PORT) --log-level warning & site=$$!; \
	$(PY) manage.py work & worker=$$!; \
	trap 'kill $$site $$worker 2>/dev/null' INT TERM; \
	wait $$site; code=$$?; kill $$worker 2>/dev/null; wait; exit $$code

test: lint types unit

lint: .venv/installed
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	git ls-files -z -- 'templates/*.html' | xargs -0 .venv/bin/djade --target-version 5.2 --check
	.venv/bin/lint-imports
	SECRET_KEY=lint $(PY) manage.py check --fail-level WARNING
	SECRET_KEY=lint $(PY) manage.py makemigrations --check --dry-run

types: .venv/installed
	SECRET_KEY=types .venv/bin/mypy workshop participants sessions_app

unit: .venv/installed pango system-for-tests static/fonts/noto-sans.woff2
	$(PY) -m pytest -n 2 --dist worksteal

# Long concurrency tests (minutes).
soak: .venv/installed pango static/fonts/noto-sans.woff2
	$(PY) -m pytest -m soak

# What other task engines do with the same promises (docs/operations.md).
engines: .venv/installed pango
	$(PY) -m tests.engines

# `make bench QUICK=1`: less exact, result not saved.
bench: .venv/installed pango static/fonts/noto-sans.woff2
	@command -v wrk >/dev/null || { apt-get update -qq && apt-get install -y -qq wrk; }
	$(PY) -m tests.benchmarks $(if $(QUICK),--quick)

format: .venv/installed
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	-git ls-files -z -- 'templates/*.html' | xargs -0 .venv/bin/djade --target-version 5.2

.venv/installed: requirements.txt
	@command -v python3 >/dev/null || { echo "Python 3.11 or newer is needed."; exit 1; }
	@test -x $(PY) || python3 -m venv .venv || { apt-get update -qq && apt-get install -y -qq python3-venv && python3 -m venv .venv; }
	.venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $@

var/secret-key:
	@mkdir -p var
	@umask 077 && python3 -c 'import secrets; print(secrets.token_urlsafe(50))' > $@

static/fonts/noto-sans.woff2: .venv/installed workshop/management/commands/build_fonts.py
	SECRET_KEY=fonts $(PY) manage.py build_fonts

# Tests on PostgreSQL and Redis, and on two web servers behind nginx; all servers are temporary.
.PHONY: test-services
test-services: .venv/installed pango services-for-tests static/fonts/noto-sans.woff2
	$(PY) -m tests.services

# System packages for them. RUNLEVEL=1 stops Debian from starting the servers on installation.
.PHONY: services-for-tests
services-for-tests:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && command -v redis-server >/dev/null && command -v nginx >/dev/null \
		|| { apt-get update -qq && RUNLEVEL=1 apt-get install -y -qq --no-install-recommends postgresql redis-server nginx-light; }

# Text layout library for PDF documents.
.PHONY: pango
pango:
	@ldconfig -p | grep -q libpangoft2-1.0 && ldconfig -p | grep -q libharfbuzz-subset \
		|| { apt-get update -qq && apt-get install -y -qq libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; }

# System packages for tests: a browser, and the calendar library of most desktops.
.PHONY: system-for-tests
system-for-tests:
	@command -v chromium >/dev/null && ldconfig -p | grep -q libical.so.3 \
		|| { apt-get update -qq && apt-get install -y -qq chromium libical3; }
