# Everything a person types. Each goal prepares what it needs: the first time takes a minute, later ones no time.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := run

# The first of these that is Python 3.11 or later; `make PYTHON=/path/to/python3` chooses another.
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3.14 python3; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
PREPARE = $(if $(PYTHON),$(PYTHON),$(error Wardship needs Python 3.11 or later: install it, or say where it is with `make PYTHON=/path/to/python3 …`)) -m tools.prepare

# What is passed on: `make run ARGS='--port 9000'`, `make test ARGS='tests/core -k audit'`.
ARGS ?=
# `make test WORKERS=2` runs the tests in that many processes.
WORKERS ?= 0
PARALLEL = $(if $(filter-out 0,$(WORKERS)),-n $(WORKERS) --dist loadfile --no-loadscope-reorder)

export PATH := $(CURDIR)/build/bin:$(PATH)

.PHONY: run test demo check bench lock schema console screenshots wheel format clean help

run: ## start Wardship with demonstration data on http://localhost:8000
	@$(PREPARE) run
	@exec .venv/bin/wardship serve --demo $(ARGS)

test: ## run all tests
	@$(PREPARE) test
	@.venv/bin/python -m pytest $(PARALLEL) $(ARGS)

demo: ## do the main job as a script, checking each step
	@$(PREPARE) demo
	@.venv/bin/wardship demo $(ARGS)

check: ## run formatters, linters, type checkers, import rules
	@$(PREPARE) check
	@.venv/bin/python -m tools.check $(ARGS)

bench: ## measure, side by side with what Wardship is compared to
	@$(PREPARE) bench
	@.venv/bin/python -m bench $(ARGS)

lock: ## write the lock files again; `make lock ARGS=--upgrade` for new versions
	@$(PREPARE) lock
	@.venv/bin/python -m tools.lock $(ARGS)

schema: ## write schema.graphql, docs/errors.md, docs/notices.md, docs/domain-threats.md and who writes which table again
	@$(PREPARE) schema
	@.venv/bin/wardship schema > build/schema.graphql && mv build/schema.graphql schema.graphql
	@.venv/bin/python -m tests.error_reference > build/errors.md && mv build/errors.md docs/errors.md
	@.venv/bin/python -m tests.notice_reference > build/notices.md && mv build/notices.md docs/notices.md
	@.venv/bin/python -m tests.vendor_reference rules > build/rules.md && mv build/rules.md docs/vendors/rules.md
	@.venv/bin/python -m tests.vendor_reference contract > build/contract.md && mv build/contract.md docs/vendors/contract.md
	@.venv/bin/python -m tests.plain_words_reference page > build/words.md && mv build/words.md docs/vendors/plain-words.md
	@.venv/bin/python -m tests.plain_words_reference console > build/words.ts && mv build/words.ts graphql/console/src/pages/integrations/plain_words/messages.ts
	@.venv/bin/python -m tests.threats.reference > build/threats.md && mv build/threats.md docs/domain-threats.md
	@.venv/bin/python -m tests.codebase.table_writers > build/writers.txt && mv build/writers.txt tests/codebase/table_writers.txt

console: ## build the console and the explorer page into build/console
	@$(PREPARE) console

screenshots: ## take the screenshots of the README from the demonstration data
	@$(PREPARE) test
	@.venv/bin/python -m tests.browser.screenshots

wheel: ## build the wheel, console included, into dist/
	@$(PREPARE) console
	@rm -rf build/lib build/bdist.* # setuptools would take what lies there for new
	@.venv/bin/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

format: ## format the Python sources
	@$(PREPARE) check
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix-only .

clean: ## remove what was installed and built; data is left alone
	@rm -rf .venv build dist *.egg-info graphql/console/node_modules tests/graphql/audits/node_modules requirements/*/node_modules

help: ## list the goals
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1\t\2/p' Makefile | expand -t 16
