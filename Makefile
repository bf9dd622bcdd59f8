# Everything runs from .venv at the root; python3 (3.11 or newer) and make are all a machine must have.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow fairness fairness-quick hostile hostile-quick fuzz killing build check-build bench lint lock clean

help:
	@echo "make setup       install everything into $(VENV)"
	@echo "make demo        grade a made-up class of six in a fresh folder"
	@echo "make test        the test suite (minutes)"
	@echo "make test-slow   the long tests"
	@echo "make build       generate notebooks, reference, frozen answers and docs from the sources"
	@echo "make check-build fail if anything generated differs from its source"
	@echo "make bench       learning beside Stable-Baselines3, chances of the checks, grading beside nbgrader (hours)"
	@echo "make fairness    the corpus of right and wrong submissions through autograder check (hours)"
	@echo "make fairness-quick   a ninth of it, several versions to a notebook (minutes)"
	@echo "make hostile     the suite of attacks through autograder check, and on a naive grader (long)"
	@echo "make hostile-quick    a ninth of it, without the naive grader (minutes)"
	@echo "make fuzz        two thousand notebooks that chance has changed"
	@echo "make killing     a class of two hundred whose grading is killed a hundred times"
	@echo "make lint        ruff, mypy, import-linter"
	@echo "make lock        resolve pyproject.toml into requirements.lock anew"

setup: $(INSTALLED)

# torch goes first and alone: it is the big one, and whoever wants another build of the same version
# can put it into .venv beforehand.
$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(None if v >= (3, 11) else \
	"Python 3.11 or newer is needed, $(PYTHON) is %d.%d. Try: make PYTHON=python3.11 ..." % v[:2])'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check "$$(grep '^torch==' requirements.lock)" -c requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	touch $@

demo: setup
	$(BIN)/autograder demo

test: setup
	$(BIN)/python -m pytest -n auto --dist worksteal

test-slow: setup
	$(BIN)/python -m pytest -n auto --dist worksteal -m slow --timeout 3600

build: setup
	$(BIN)/autograder build

check-build: setup
	$(BIN)/autograder build --check

bench: setup
	$(BIN)/python -m bench.learning
	$(BIN)/python -m bench.pendulum
	$(BIN)/python -m bench.statistics
	$(BIN)/python -m bench.sandbox
	$(BIN)/python -m bench.grading
	$(BIN)/python -m bench.grading --assignment gaussian_actor_critic --pairs 1 --sizes 10,100
	$(BIN)/python -m bench.grading.phases

killing: setup
	$(BIN)/python -m bench.grading.killing

fairness: setup
	$(BIN)/python -m bench.fairness

fairness-quick: setup
	$(BIN)/python -m bench.fairness --packed --every 9

hostile: setup
	$(BIN)/python -m bench.hostile

hostile-quick: setup
	$(BIN)/python -m bench.hostile --every 9 --skip-naive

fuzz: setup
	$(BIN)/python -m bench.hostile.fuzz

lint: setup
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Only pins are kept: no options or comments that tell of one machine, and no local version such as
# 2.13.0+cpu, which names one build where the lock is for all of them.
lock: setup
	$(BIN)/pip-compile --quiet --all-extras --strip-extras --no-header --no-annotate \
	  --output-file requirements.lock pyproject.toml
	sed -i.bak -E -e 's/\+[A-Za-z0-9.]+$$//' -e '/^[-#]/d' -e '/^$$/d' requirements.lock
	rm requirements.lock.bak

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
