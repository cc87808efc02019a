# The commands of this project. They need only Python 3.11 or later, and write only to .venv and var.

.DEFAULT_GOAL := help
SHELL := /bin/sh
VENV ?= .venv
PYTHON ?=
SCALE ?= 10000000
WORKERS ?= 2
MACHINE ?= /tmp/hitl-office
ARGS ?=
SEED ?= 1
HOSTS ?= 1
BIN := $(VENV)/bin
PRODUCT := $(VENV)/.product-$(shell cksum < requirements.lock | cut -d' ' -f1)
TOOLS := $(VENV)/.tools-$(shell cksum < requirements-dev.lock | cut -d' ' -f1)
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --require-hashes --no-deps -r
# The lock file lists every package, so pip must not resolve dependencies: for packages with extras it would install the
# newest version. `pip check` then reports what the lock file lacks.
COMPLETE := $(BIN)/python -m pip check --disable-pip-version-check
# The clients need nothing of the product's environment. They reach it over HTTP.
CLIENTS := .venv-clients
CLIENTS_BIN := $(CURDIR)/$(CLIENTS)/bin
CLIENTS_TOOLS := $(CLIENTS)/.tools-$(shell cksum < clients/python/requirements.lock | cut -d' ' -f1)
# Each package is tested with what its own lock says.
MCP := .venv-clients-mcp
MCP_BIN := $(CURDIR)/$(MCP)/bin
MCP_TOOLS := $(MCP)/.tools-$(shell cksum < clients/mcp/requirements.lock | cut -d' ' -f1)
# Tools that run outside the environment, so that the lock need not hold what they need.
PIP_AUDIT := uvx --quiet --from pip-audit==2.10.1 pip-audit
CYCLONEDX := uvx --quiet --from cyclonedx-bom==7.5.0 cyclonedx-py
COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet
# Only for tools that read the settings; the product sets its own mode.
AS_TEST := HITL_MODE=test

NEEDS_UV = @command -v uv >/dev/null || { echo "make $@ needs uv; install it with 'pipx install uv'." >&2; exit 1; }

.PHONY: help run test prove chaos clients office-trial reset lint format bench bench-large lock audit sbom environment product

help:
	@echo "make run    start the product with its demo, at http://127.0.0.1:8000 (PORT=...; FEED=0 for a quiet one)"
	@echo "make test   run the whole test suite (WORKERS=2, ARGS='-k name')"
	@echo "make clients  lint and test the clients against the product (WORKERS=2)"
	@echo "make prove  try as much as a release wants: seeds, races, generated documents and requests"
	@echo "make chaos  2,000 actions under 200 kills and more, up to 20 minutes at a time (SEED=1 HOSTS=1)"
	@echo "make office-trial  install, restore and upgrade on a machine in a folder (root; MACHINE=/tmp/hitl-office)"
	@echo "make reset  throw the demo's data away"
	@echo "make lint   format check, lint, import contracts, types, banned words"
	@echo "make format write Python, templates and style sheets as make lint wants them"
	@echo "make bench  measure, and keep the figures in benchmarks/RESULTS.md"
	@echo "make bench-large  measure with ten million decided actions (SCALE=10000000; 45 GB of disk, up to hours)"
	@echo "make lock   resolve the dependencies again (needs uv)"
	@echo "make audit  look up known vulnerabilities of the locked dependencies (needs uv and the network)"
	@echo "make sbom   write build/sbom.cdx.json, the product's software bill of materials (needs uv)"

run: $(PRODUCT)
	@HITL_MODE=demo exec $(BIN)/python manage.py run $(ARGS)

reset: $(PRODUCT)
	@HITL_MODE=demo exec $(BIN)/python manage.py reset $(ARGS)

test: $(TOOLS)
	$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)
	$(BIN)/python -m pytest -n $(WORKERS) --vendor=sqlite -m vendor_sensitive $(ARGS)

prove: $(TOOLS)
	HITL_PROVE=1 $(BIN)/python -m pytest -n $(WORKERS) -m proof --timeout 3600 $(ARGS)

clients: $(CLIENTS_TOOLS) $(MCP_TOOLS) $(PRODUCT)
	cd clients/python && $(CLIENTS_BIN)/ruff format --check . && $(CLIENTS_BIN)/ruff check .
	cd clients/python && $(CLIENTS_BIN)/mypy
	cd clients/python && HITL_PRODUCT_PYTHON=$(abspath $(BIN)/python) $(CLIENTS_BIN)/python -m pytest -n $(WORKERS) $(ARGS)
	cd clients/mcp && $(MCP_BIN)/ruff format --check . && $(MCP_BIN)/ruff check .
	cd clients/mcp && $(MCP_BIN)/mypy
	cd clients/mcp && PYTHONPATH=$(CURDIR)/clients/python:$(CURDIR)/clients/mcp \
	  HITL_PRODUCT_PYTHON=$(abspath $(BIN)/python) $(MCP_BIN)/python -m pytest -n $(WORKERS) $(ARGS)

chaos: $(TOOLS)
	@exec $(BIN)/python -m tests.chaos --seed $(SEED) --hosts $(HOSTS) $(ARGS)

office-trial: $(TOOLS)
	@exec $(BIN)/python -m tests.office.trial $(MACHINE)

lint: $(TOOLS)
	$(BIN)/ruff format --check .
	$(BIN)/djlint --check --quiet templates
	$(BIN)/python -m tests.stylesheets
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo
	$(AS_TEST) $(BIN)/mypy
	$(BIN)/python -m tests.wording

format: $(TOOLS)
	$(BIN)/ruff format .
	$(BIN)/djlint --reformat --quiet --warn templates
	$(BIN)/python -m tests.stylesheets --write

bench: $(TOOLS)
	@exec $(BIN)/python -m benchmarks $(ARGS)

bench-large: $(TOOLS)
	@exec $(BIN)/python -m benchmarks.large --actions $(SCALE) $(ARGS)

lock:
	$(NEEDS_UV)
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(COMPILE) --all-extras clients/python/pyproject.toml -o clients/python/requirements.lock
	$(COMPILE) --all-extras --no-emit-package hitl-client clients/mcp/pyproject.toml -o clients/mcp/requirements.lock

# --strict: a package that the advisory service does not know is a failure, not a pass.
audit:
	$(NEEDS_UV)
	@$(PIP_AUDIT) --strict --require-hashes --disable-pip -r requirements.lock $(ARGS) || { \
	  echo "The audit did not pass. Either a dependency above has a known vulnerability, or the advisory service" >&2; \
	  echo "did not answer for it; then nothing is known. Run it where that service can be reached." >&2; exit 1; }

sbom:
	$(NEEDS_UV)
	@mkdir -p build
	@PYTHONWARNINGS=ignore $(CYCLONEDX) requirements requirements.lock --pyproject pyproject.toml --output-reproducible \
	  --of JSON -o build/sbom.cdx.json
	@echo "Wrote build/sbom.cdx.json (CycloneDX)."

# What is installed, and all that testing needs.
environment: $(TOOLS)

# The product's dependencies only.
product: $(PRODUCT)

# Each stamp file has its lock file's checksum in its name, so an unchanged lock file installs nothing. The tools' lock
# file includes the product's packages (a test checks this).
$(PRODUCT): requirements.lock | $(BIN)/python
	$(INSTALL) requirements.lock
	$(COMPLETE)
	@rm -f $(VENV)/.product-* && touch $@

$(TOOLS): requirements-dev.lock | $(BIN)/python
	$(INSTALL) requirements-dev.lock
	$(COMPLETE)
	@rm -f $(VENV)/.tools-* $(VENV)/.product-* && touch $@ $(PRODUCT)

$(CLIENTS_TOOLS): clients/python/requirements.lock | $(CLIENTS)/bin/python
	$(CLIENTS_BIN)/python -m pip install --disable-pip-version-check --require-hashes --no-deps -r $<
	$(CLIENTS_BIN)/python -m pip check --disable-pip-version-check
	@rm -f $(CLIENTS)/.tools-* && touch $@

$(MCP_TOOLS): clients/mcp/requirements.lock | $(MCP)/bin/python
	$(MCP_BIN)/python -m pip install --disable-pip-version-check --require-hashes --no-deps -r $<
	$(MCP_BIN)/python -m pip check --disable-pip-version-check
	@rm -f $(MCP)/.tools-* && touch $@

$(CLIENTS)/bin/python $(MCP)/bin/python: | $(BIN)/python
	$(BIN)/python -m venv --clear $(@D:/bin=)

# pyenv has shims even for inactive versions, so each candidate is run, not only looked up. An incomplete environment is
# created again: venv installs pip last.
$(BIN)/python: | $(BIN)/pip
$(BIN)/pip:
	@found=; \
	for candidate in $(or $(PYTHON),python3.11 python3 python3.12 python3.13 python3.14); do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    found="$$candidate"; break; \
	  fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Python 3.11 or later is required, but $(if $(PYTHON),$(PYTHON) is older or missing,none is on PATH)." >&2; \
	  echo "Install it, or set PYTHON: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "$$found cannot create a virtual environment, because ensurepip is missing." >&2; \
	  echo "On Debian or Ubuntu, run: sudo apt install $$(basename "$$found")-venv" >&2; exit 1; \
	fi; \
	echo "Creating $(VENV) with $$("$$found" --version)"; \
	"$$found" -m venv --clear "$(VENV)"
