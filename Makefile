# Every target sets up what it needs in .venv and does nothing when nothing changed. PYTHON chooses the interpreter.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
CONSTRAINTS ?= constraints.txt
# Python compiles what is imported, when it is imported: pip would compile all that is there.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile $(addprefix --constraint ,$(CONSTRAINTS))
KERNELS := setup.py $(wildcard riskresearch/kernels/inlined/*.py riskresearch/kernels/compiled/*.py riskresearch/kernels/compiled/*/*.py)

unexport PYTHONDONTWRITEBYTECODE
export PYTHONHASHSEED := 0

# The matrices of tests are small: threads of a BLAS that wait for one another cost thirty times the work itself.
test test-in-venv fuzz: export OPENBLAS_NUM_THREADS := 1

.PHONY: report test test-versions test-in-venv fuzz bench notebooks lint lab wheel clean

report: $(VENV)/.base  ## the main job: a risk report on the bundled data
	@echo "computing the report on the bundled data: report.html"
	@$(BIN)/riskresearch report --progress --out report.html

test: lint  ## every test, the doctests, and strict nbval over all notebooks
	$(BIN)/python -m pytest --numprocesses=2 --dist=loadfile

test-versions:  ## the tests, without the notebooks, with the oldest versions that pyproject.toml allows and with the newest
	$(MAKE) VENV=.venv-oldest CONSTRAINTS=constraints-oldest.txt test-in-venv
	$(MAKE) VENV=.venv-newest CONSTRAINTS= test-in-venv

test-in-venv: $(VENV)/.test
	$(BIN)/python -m pytest -p no:cacheprovider --ignore=notebooks

FUZZ_FACTOR ?= 5
FUZZ_SEED ?= $(shell $(PYTHON) -c 'import secrets; print(secrets.randbelow(10**9))')

fuzz: $(VENV)/.test  ## the property tests with new random examples, FUZZ_FACTOR times as many of them
	@echo "repeat with: make fuzz FUZZ_FACTOR=$(FUZZ_FACTOR) FUZZ_SEED=$(FUZZ_SEED)"
	HYPOTHESIS_PROFILE=random RISKRESEARCH_FUZZ_FACTOR=$(FUZZ_FACTOR) $(BIN)/python -m pytest -m hypothesis --hypothesis-seed=$(FUZZ_SEED)

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.bench  ## ratios against peers, written to docs/benchmarks.md
	$(BIN)/python -m benchmarks

notebooks: $(VENV)/.test  ## execute the notebooks and store their outputs
	$(BIN)/python notebooks/execute.py

lab: $(VENV)/.test  ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab notebooks

wheel: $(VENV)/.wheel  ## dist/: the sdist, and a wheel that installs without a compiler
	$(BIN)/python .ci/wheel.py

$(VENV)/.base: pyproject.toml $(CONSTRAINTS) $(KERNELS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "riskresearch needs Python 3.11 or newer, got " + sys.version.split()[0] + ": make PYTHON=python3.11")'
	@echo "set-up, 1 of 3: a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@echo "set-up, 2 of 3: setuptools and Cython, to compile with"
	@$(PIP) "setuptools>=80,<85" "Cython>=3.2,<4"
	@echo "set-up, 3 of 3: NumPy, pandas, SciPy and the like; the kernels are compiled (about a minute)"
	@$(PIP) --no-build-isolation --editable .
	@touch $@

# By its name, for its path would compile the kernels once more.
$(VENV)/.test: $(VENV)/.base
	@echo "set-up: what tests and notebooks need"
	@$(PIP) "riskresearch[test]"
	@touch $@

$(VENV)/.wheel: $(VENV)/.base
	@echo "set-up: what builds and checks a wheel"
	@$(PIP) "riskresearch[wheel]"
	@touch $@

# The peers first and by themselves: one that comes as source must not be built with our setuptools and Cython.
$(VENV)/.bench: $(VENV)/.test
	$(PIP) $$($(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["bench"][1:])')
	$(PIP) "riskresearch[bench]"
	@touch $@

clean:
	rm -rf $(VENV) .venv-oldest .venv-newest build dist *.egg-info riskresearch/kernels/compiled/*.so report.html
