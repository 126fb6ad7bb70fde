# Every command of the project. `make help` lists them; `.ci/run` and pre-commit call them too, so nothing is configured twice.

PYTHON ?= python3
VENV ?= .venv
# release is what users run; `make test PROFILE=quick` is the edit loop on a small machine.
PROFILE ?= release
APP ?= examples/hello/app.py
PORT ?= 5000
# How many templates `make fuzz-templates` generates.
EXAMPLES ?= 5000
# More arguments for pytest, such as ARGS='-k session'.
ARGS ?=
export CARGO_TARGET_DIR ?= $(CURDIR)/target

BIN := $(VENV)/bin
# pyo3 would look its interpreter up by path, and compile itself again for every virtual environment of the same Python. A file that
# says which Python it is makes all of them (this one, and those of tests/packaging) share one build.
PYTHON_VERSION := $(shell $(firstword $(wildcard $(BIN)/python) $(PYTHON)) -c 'import sys; print("%d.%d" % sys.version_info[:2])')
export PYO3_CONFIG_FILE ?= $(CARGO_TARGET_DIR)/pyo3-$(PYTHON_VERSION).txt
export FERROFLASK_BUILD_PROFILE := $(PROFILE)
# What `make test-pythons` runs the tests on: of each version one, by pyenv or by its name.
PYTHONS ?= $(foreach version,3.10 3.11 3.12 3.13 3.14 3.15,$(shell \
  for python in "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/$(version).*/bin/python3 python$(version); do \
    "$$python" -c 'import sys; print(sys.executable)' 2>/dev/null && break; done))
# make for another version of Python, which builds in a folder of its own.
for_python = $(MAKE) --no-print-directory PYTHON_VERSION=$(1) CARGO_TARGET_DIR=$(CARGO_TARGET_DIR)/python-$(1) \
  PYO3_CONFIG_FILE=$(CARGO_TARGET_DIR)/python-$(1)/pyo3-$(1).txt VENV=$(CARGO_TARGET_DIR)/python-$(1)/venv

RUST_SOURCES := $(shell find src -name '*.rs')
PYTHON_SOURCES := $(shell find python -name '*.py')
BUILD_INPUTS := $(RUST_SOURCES) build.rs Cargo.toml Cargo.lock pyproject.toml $(wildcard ferroflask.data/purelib/*)
PYTHON_FOLDERS := python tests examples benches ferroflask.data
BUILT := $(VENV)/.built-$(PROFILE)
# The extensions have an environment of their own: their requirements must not change what the other tests run with.
EXTENSIONS := $(CARGO_TARGET_DIR)/venv-extensions
EXTENSIONS_BUILT := $(EXTENSIONS)/.built-$(PROFILE)
TEMPLATE_APPLICATIONS := $(CARGO_TARGET_DIR)/venv-template-applications
TEMPLATE_APPLICATIONS_BUILT := $(TEMPLATE_APPLICATIONS)/.built-$(PROFILE)
# The servers have one too, with the package as users install it: the edit loop's builds must not be what is measured.
BENCH := $(CARGO_TARGET_DIR)/venv-bench
BENCH_BUILT := $(BENCH)/.built-$(PROFILE)
# What `make bench` measures: works, connections, scaling, scheduler, client or all.
GROUP ?= all
# What a profile-guided build needs beside rustc, whose own is not there unless it was asked for; those of LLVM since 19 read the same.
LLVM_PROFDATA ?= $(firstword $(wildcard $(shell rustc --print sysroot)/lib/rustlib/*/bin/llvm-profdata) \
  $(foreach version,22 21 20 19,$(shell command -v llvm-profdata-$(version))))
PGO := $(CARGO_TARGET_DIR)/pgo
PROFILED := $(if $(LLVM_PROFDATA),$(PGO)/merged.profdata)
# A folder of its own: other flags for the compiler mean that everything is compiled again.
GUIDED := $(if $(LLVM_PROFDATA),RUSTFLAGS="-Cprofile-use=$(PGO)/merged.profdata" CARGO_TARGET_DIR="$(PGO)/guided")
OLD_EXTENSIONS := $(CARGO_TARGET_DIR)/venv-old-extensions
OLD_EXTENSIONS_BUILT := $(OLD_EXTENSIONS)/.built-$(PROFILE)

.DEFAULT_GOAL := help
.NOTPARALLEL:

.PHONY: help
help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  APP=path/to/app.py  PORT=5000  PROFILE=release|profiling|quick  ARGS='-k name'  PYTHON=python3.12"

## Running and building

.PHONY: run
run: $(BUILT) ## Build what is missing, then serve an application: make run APP=path/to/app.py
	$(BIN)/flask --app "$(APP)" run --port $(PORT)

.PHONY: build
build: $(BUILT) ## Compile the Rust and install the package, editable, into .venv

.PHONY: wheel
wheel: $(BUILT) $(PROFILED) ## Make a wheel in target/wheels, guided by a profile where there is an llvm-profdata
	$(GUIDED) $(BIN)/maturin build --locked --profile $(PROFILE) --interpreter $(BIN)/python --out $(CARGO_TARGET_DIR)/wheels

.PHONY: wheel-deps
wheel-deps: ## Install Debian's llvm-profdata, with which wheels become faster by a tenth and more (root, Debian)
	@if [ -n "$(LLVM_PROFDATA)" ]; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends llvm-19 >/dev/null; \
	else echo "No llvm-profdata, and no apt-get as root to install it with: see your system's packages of LLVM."; exit 1; fi

## Tests

.PHONY: test
test: test-rust lint test-python ## Run every test and check, and set up what they need

.PHONY: test-rust
test-rust: ## Test the pure layers, without Python
	cargo test --locked --no-default-features

.PHONY: test-python
test-python: $(BUILT) $(VENV)/.dev $(if $(filter true,$(CI)),test-browser-deps) ## Run pytest: make test-python ARGS='-k session'
	$(BIN)/python -m pytest $(ARGS)

.PHONY: test-pythons
test-pythons: ## Run pytest on every Python that is found: make test-pythons ARGS=tests/api PYTHONS='python3.12 python3.14'
	@failed=; for python in $(PYTHONS); do \
	  version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])') || exit 1; \
	  echo "Python $$version: $$python"; \
	  $(call for_python,$$version) PYTHON="$$python" test-python || failed="$$failed $$version"; \
	done; test -z "$$failed" || { echo "Failed on$$failed"; exit 1; }

.PHONY: test-upstream
test-upstream: $(BUILT) $(VENV)/.dev ## Run Flask's own suite, its examples' and Werkzeug's of routing against ours (fetched, never committed)
	$(BIN)/python -m pytest tests/upstream $(ARGS)

.PHONY: test-faults
test-faults: $(BUILT) $(VENV)/.dev ## Try the server with slow, silent, broken and greedy clients, and gunicorn beside it where one is installed
	$(BIN)/python -m pytest tests/faults $(ARGS)

.PHONY: test-extensions
test-extensions: $(EXTENSIONS_BUILT) test-services ## Try the extensions, and run their own suites, on stock and on ours
	$(EXTENSIONS)/bin/python -m pytest tests/extensions tests/upstream/test_extension_suites.py $(ARGS)

.PHONY: test-old-extensions
test-old-extensions: $(OLD_EXTENSIONS_BUILT) ## Run programs of other eras with the extensions of their time
	$(OLD_EXTENSIONS)/bin/python -m pytest tests/legacy/test_old_programs.py $(ARGS)

.PHONY: test-template-applications
test-template-applications: $(TEMPLATE_APPLICATIONS_BUILT) $(EXTENSIONS_BUILT) ## Render the extensions' own templates with Jinja2 and with ours
	$(TEMPLATE_APPLICATIONS)/bin/python -m pytest tests/templates/test_applications.py $(ARGS)
	$(EXTENSIONS)/bin/python -m pytest tests/templates/test_applications.py $(ARGS)

.PHONY: scorecard
scorecard: $(EXTENSIONS_BUILT) test-services ## Run every foreign suite on stock and on ours, and write docs/compatibility.md
	$(EXTENSIONS)/bin/python -m tests.upstream scorecard

.PHONY: fuzz-templates
fuzz-templates: $(BUILT) $(VENV)/.dev ## Compare templates with Jinja2's for long: all pairs, many generated ones: make fuzz-templates EXAMPLES=20000
	TEMPLATES_WHOLE=1 TEMPLATES_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest tests/templates $(ARGS)

.PHONY: test-browser-deps
test-browser-deps: ## Install Debian's Chromium and its driver for the live debugger test (root, Debian)
	@if command -v chromium >/dev/null && command -v chromedriver >/dev/null; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium chromium-driver >/dev/null; \
	else echo "No Chromium, and no apt-get as root to install it with: the browser tests will be skipped."; fi

.PHONY: test-services
test-services: ## Install Debian's redis-server for the tests of Flask-Session (root, Debian)
	@if command -v redis-server >/dev/null; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends redis-server >/dev/null; \
	else echo "No redis-server, and no apt-get as root to install it with: the tests with Redis will be skipped."; fi

## Measurements

.PHONY: bench
bench: $(BENCH_BUILT) ## Compare with stock on gunicorn and granian, and write docs/performance: make bench GROUP=works ARGS='--rounds 5'
	$(BENCH)/bin/python -m benches.http $(GROUP) $(ARGS)

.PHONY: bench-deps
bench-deps: ## Install Debian's wrk, the load generator of `make bench` (root, Debian)
	@if command -v wrk >/dev/null && command -v taskset >/dev/null; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wrk util-linux >/dev/null; \
	else echo "No wrk, and no apt-get as root to install it with: see your system's packages."; exit 1; fi

.PHONY: bench-pure
bench-pure: ## Benchmark the pure layers, without Python
	cargo bench --locked --no-default-features $(if $(ARGS),-- $(ARGS))

## Checks

.PHONY: lint
lint: lint-rust lint-python ## Run every check that changes nothing

.PHONY: lint-rust
lint-rust: $(PYO3_CONFIG_FILE)
	cargo fmt --check
	cargo clippy --locked --all-targets --no-default-features -- -D warnings
	cargo clippy --locked --lib -- -D warnings
	cargo clippy --locked --lib --features testing -- -D warnings
	$(foreach version,$(filter-out $(PYTHON_VERSION),3.14 3.15),$(call for_python,$(version)) lint-rust-library &&) true

.PHONY: lint-rust-library
lint-rust-library: $(PYO3_CONFIG_FILE)
	cargo clippy --locked --lib --features testing -- -D warnings

.PHONY: lint-python
lint-python: $(BUILT) $(VENV)/.dev
	$(BIN)/ruff check $(PYTHON_FOLDERS)
	$(BIN)/ruff format --check $(PYTHON_FOLDERS)
	$(BIN)/mypy
	$(if $(wildcard python/ferroflask/_core.pyi),$(BIN)/python -m mypy.stubtest ferroflask._core)
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/layering

.PHONY: drawing
drawing: ## Draw docs/architecture.svg from the floor plan and the imports
	$(PYTHON) -m tests.layering.drawing

.PHONY: fmt
fmt: $(VENV)/.dev ## Format the Rust and the Python
	cargo fmt
	$(BIN)/ruff check --fix $(PYTHON_FOLDERS)
	$(BIN)/ruff format $(PYTHON_FOLDERS)

## Upkeep

# One file for all the Python versions, and nobody's package index in it.
COMPILE := $(abspath $(BIN))/uv pip compile -q --upgrade --universal --python-version 3.10 --no-annotate --no-emit-index-url \
  --no-emit-find-links --custom-compile-command "make lock"

.PHONY: lock
lock: $(VENV)/.dev ## Bring the lock files of requirements/ up to date
	$(BIN)/pip install -q uv
	cd requirements && $(COMPILE) --output-file dev.txt dev.in
	cd requirements && $(COMPILE) --constraint dev.txt --output-file build.txt build.in
	cd requirements && $(COMPILE) --constraint dev.txt --output-file extensions.txt extensions.in
	cd requirements && $(COMPILE) --constraint dev.txt --output-file template-applications.txt template-applications.in
	cd requirements && $(COMPILE) --constraint dev.txt --output-file bench.txt bench.in
	cd requirements && $(COMPILE) --constraint dev.txt --override old-extensions.override --output-file old-extensions.txt old-extensions.in

.PHONY: clean
clean: ## Remove the virtual environment and everything that was built
	rm -rf $(VENV) target .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find python -name '_core*.so' -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

## Stamps: what has been done in the virtual environment, so that it is done once

$(VENV)/.made: requirements/build.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 10) or sys.exit("ferroflask needs Python 3.10 or newer, this is " + sys.version + ". Name another with: make PYTHON=python3.12 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements/build.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.made requirements/dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements/dev.txt
	@touch $@

$(BUILT): $(VENV)/.made $(PYO3_CONFIG_FILE) $(BUILD_INPUTS)
	PIP_QUIET=1 VIRTUAL_ENV="$(abspath $(VENV))" $(BIN)/maturin develop --locked --profile $(PROFILE) --features testing
	@rm -f $(VENV)/.built-*
	@touch $@

# The lock file has everything that is needed. What the old extensions say themselves is not asked: one of them forbids today's Flask.
.PRECIOUS: $(CARGO_TARGET_DIR)/venv-%/.made
$(CARGO_TARGET_DIR)/venv-%/.made: requirements/%.txt
	@mkdir -p $(@D)
	test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install -q --disable-pip-version-check --no-deps -r $<
	@touch $@

# Nothing is compiled again: the target folder, the profile and the interpreter file are the same.
$(CARGO_TARGET_DIR)/venv-%/.built-$(PROFILE): $(BUILT) $(CARGO_TARGET_DIR)/venv-%/.made
	PIP_QUIET=1 VIRTUAL_ENV="$(@D)" $(@D)/bin/maturin develop --locked --profile $(PROFILE) --features testing
	@rm -f $(@D)/.built-*
	@touch $@

$(BENCH)/.made: requirements/bench.txt
	@mkdir -p $(@D)
	test -x $(BENCH)/bin/python || $(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install -q --disable-pip-version-check -r requirements/bench.txt
	@touch $@

# A wheel, not an editable install: its compiled part lies in this environment, whatever is built next.
$(BENCH_BUILT): $(BENCH)/.made $(PYO3_CONFIG_FILE) $(BUILD_INPUTS) $(PYTHON_SOURCES) $(PROFILED)
	@rm -rf $(BENCH)/wheels
	$(GUIDED) $(BENCH)/bin/maturin build --quiet --locked --profile $(PROFILE) --interpreter $(BENCH)/bin/python --out $(BENCH)/wheels
	$(BENCH)/bin/python -m pip install -q --disable-pip-version-check --no-deps --force-reinstall $(BENCH)/wheels/*.whl
	@rm -f $(BENCH)/.built-*
	@touch $@

# What an instrumented build counts while it serves what is measured. The build stays in the environment of the servers until the
# guided one takes its place.
$(PGO)/merged.profdata: $(BENCH)/.made $(PYO3_CONFIG_FILE) $(BUILD_INPUTS) $(wildcard benches/training/*.py)
	@rm -rf $(PGO)/wheels
	RUSTFLAGS="-Cprofile-generate=$(PGO)/counts" CARGO_TARGET_DIR="$(PGO)/instrumented" \
	  $(BENCH)/bin/maturin build --quiet --locked --profile $(PROFILE) --interpreter $(BENCH)/bin/python --out $(PGO)/wheels
	$(BENCH)/bin/python -m pip install -q --disable-pip-version-check --no-deps --force-reinstall $(PGO)/wheels/*.whl
	@rm -rf $(PGO)/counts $(BENCH)/.built-*
	$(BENCH)/bin/python -m benches.training
	$(LLVM_PROFDATA) merge --output=$@ $(PGO)/counts/*.profraw

$(PYO3_CONFIG_FILE):
	@mkdir -p $(@D)
	@printf 'implementation=CPython\nversion=%s\n' $(PYTHON_VERSION) > $@
