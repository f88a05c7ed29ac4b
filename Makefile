# What a newcomer types. Everything lives in .venv and DATA_DIR; two copies run side by side with other DATA_DIR and PORT.
SHELL := /bin/sh
# Debian's own first: it is built with a profile of what Python does (a version manager's seldom is) and a fifth faster.
PYTHON ?= $(shell for own in /usr/bin/python3.11 python3.11; do \
	$$own -c 'import ensurepip' 2>/dev/null && echo $$own && exit; done; command -v python3.11 || command -v python3)
DATA_DIR ?= var
PORT ?= 8000
# Two more than two cores: some always wait for a browser, a server or the database. Each builds worlds of its own.
TEST_WORKERS ?= 4
export DATA_DIR PORT
# Dozens of processes start in a run of the tests: without its cache each would compile everything again.
unexport PYTHONDONTWRITEBYTECODE
VENV := .venv
RUN := $(VENV)/bin/python
STAMP := $(VENV)/.installed
# Where nothing secret is at stake and production's own rules are checked.
LIKE_PRODUCTION := ENVIRONMENT=production PUBLIC_URL=https://caseapp.example \
	SECRET_KEY=$$($(RUN) -c 'import secrets; print(secrets.token_urlsafe(64))')

# Cases of each operation of the API that `make fuzz` tries; the suite tries one.
FUZZ_EXAMPLES ?= 100

.PHONY: setup run test check bench bench-media bench-posts fuzz openapi messages screenshots clean

setup: $(STAMP)
	@$(RUN) manage.py migrate --verbosity 0

run: $(STAMP)
	@exec $(RUN) manage.py serve

# The tests make databases of their own: none has to be set up before.
test: $(STAMP)
	@tools/install_chromium
	$(RUN) -m pytest -n $(TEST_WORKERS) --dist loadgroup $(ARGS)

check: setup
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(RUN) -m pytest -q tests/architecture
	$(RUN) manage.py makemigrations --check --dry-run
	@$(RUN) manage.py spectacular --validate --fail-on-warn --file $(DATA_DIR)/openapi.yaml
	@diff -u docs/openapi.yaml $(DATA_DIR)/openapi.yaml || { echo 'The API changed: run `make openapi` and commit docs/openapi.yaml.' >&2; exit 1; }
	$(LIKE_PRODUCTION) $(RUN) manage.py check --deploy --fail-level WARNING

bench: setup
	$(RUN) -m tests.bench

# PHOTOS=folder for other photographs; ARGS="--quick" or "--part held"; INGEST=10000 pictures brought into a case.
bench-media: $(STAMP)
	OMP_NUM_THREADS=1 $(RUN) -m tests.bench.media $(ARGS)
	OMP_NUM_THREADS=1 $(RUN) -m tests.bench.media_speed
	$(RUN) -m tests.bench ingest

# Reading, normalising, clustering and co-sharing of posts alone; a part of `make bench` too. ARGS=--quick for a look.
bench-posts: $(STAMP)
	$(RUN) -m tests.bench.posts $(ARGS)

fuzz: setup
	FUZZ_EXAMPLES=$(FUZZ_EXAMPLES) $(RUN) -m pytest -q -n 2 tests/access/test_fuzz.py $(ARGS)

screenshots: setup
	SCREENSHOTS=docs/screenshots $(RUN) -m pytest -q tests/journeys/test_screenshots.py

openapi: $(STAMP)
	$(RUN) manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

messages: $(STAMP)
	$(RUN) manage.py messages

$(STAMP): requirements.txt
	@tools/make_environment "$(PYTHON)" $(VENV)
	@touch $@

clean:
	rm -rf $(VENV) .ruff_cache .mypy_cache .hypothesis
