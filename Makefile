# Everything that one types here. A target sets up what it needs, once: stamp files in .venv remember.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt --editable
ARGS ?=
# glibc gives large blocks back to the kernel after every use; keeping them makes a training step a fifth faster.
# oneDNN keeps a compiled kernel for every shape that it met, and every batch has its own: a thousand of them are slow.
KEEP_MEMORY := MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=100000000000 MALLOC_TOP_PAD_=268435456 \
	ONEDNN_PRIMITIVE_CACHE_CAPACITY=32

.DEFAULT_GOAL := help
.PHONY: help demo test check format coverage browser organism experiments bench screenshot clean

help: ## these lines
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

demo: .venv/.core ## the baseline and the friction model, side by side (ARGS='"your prompt"')
	@$(BIN)/friction demo $(ARGS)

test: .venv/.dev ## all tests that need neither a network nor a GPU
	$(BIN)/pytest $(ARGS)

check: .venv/.dev ## style, types, lint, and who imports whom
	$(BIN)/black --check --quiet . || { echo "run: make format"; exit 1; }
	$(BIN)/mypy
	$(BIN)/pylint src tests benchmarks scripts
	$(BIN)/lint-imports

format: .venv/.dev ## rewrite the code in the one style
	$(BIN)/black --quiet .

coverage: .venv/.dev ## all tests, and the lines that none of them runs
	$(BIN)/pytest --cov --cov-report=term-missing $(ARGS)

browser: ## a Chromium, in which the tests of the report's page run (on Debian by apt, elsewhere Playwright's own)
	@for name in chromium chromium-browser google-chrome; do command -v $$name > /dev/null && exit 0; done; \
		if command -v apt-get > /dev/null; then \
			sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
			$$sudo apt-get update -qq && $$sudo apt-get install -y -qq --no-install-recommends chromium; \
		else $(MAKE) .venv/.dev && $(BIN)/playwright install chromium; fi

organism: .venv/.dev ## rebuild the embedded model from its seed (up to 2 hours on 2 cores; resumes)
	$(KEEP_MEMORY) $(BIN)/friction organism build $(ARGS)

experiments: .venv/.dev ## the experiments on the organism, and their page (3 hours on 2 cores; resumes; ARGS=--list)
	$(KEEP_MEMORY) $(BIN)/python -m scripts.experiments $(ARGS)

bench: .venv/.core ## how fast the demo starts and answers, and how much faster a run is than one prompt after the other
	$(BIN)/python benchmarks/demo.py $(ARGS)
	$(BIN)/python benchmarks/evaluation.py

screenshot: .venv/.dev ## the demo as docs/demo.svg
	$(BIN)/python scripts/screenshot.py docs/demo.svg -- $(BIN)/friction demo $(ARGS)

clean: ## remove what tools left behind; .venv/ and runs/ stay
	rm -rf build dist htmlcov .coverage* .mypy_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests benchmarks scripts -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp comes last: half an environment, of whatever was interrupted, is made again.
.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 is needed and '$(PYTHON)' is not it. Install it, or: make PYTHON=/path/to/python3.11"; exit 2; }
	@$(PYTHON) -m venv --clear .venv || { echo "cannot make .venv with '$(PYTHON)': it says why above. If it lacks venv, on Debian: apt install python3-venv"; exit 2; }
	@touch $@

.venv/.core: pyproject.toml constraints.txt | .venv/.made
	@echo "setting up .venv (a minute, once)"
	$(PIP) .
	@touch $@

# The extras hold the core, so the core's stamp is set as well.
.venv/.dev: pyproject.toml constraints.txt | .venv/.made
	@echo "setting up .venv with the training and development extras (a few minutes, once)"
	$(PIP) '.[inspect,train,dev]'
	@touch .venv/.core $@
