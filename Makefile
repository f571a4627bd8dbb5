# The one task runner. Everything is done by the package `workbench`; it installs what is missing
# into one cache folder (OUTLOOK_CALENDAR_CACHE) and changes nothing else on the machine.

PYTHON ?= python3
PORT ?= 8069
# Exported, not set in the recipes: make then starts Python without a shell between, which would
# keep the signal to itself when make is stopped.
export PYTHONDONTWRITEBYTECODE = 1
WORKBENCH = $(PYTHON) -m workbench

.DEFAULT_GOAL := help
.PHONY: help demo test lint test-workbench test-pure test-foreign test-odoo test-live odoo pot bench soak mutants setup clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

demo: ## Run the main job against a local Microsoft and show its result
	@$(WORKBENCH) demo

test: ## Run every check: lint, types, import contracts and all tests
	@$(WORKBENCH) test

lint: ## Run only the checks that read the sources
	@$(WORKBENCH) lint

test-workbench: ## Run only the tests of the set-up itself
	@$(WORKBENCH) test workbench

test-pure: ## Run only the tests that need no Odoo
	@$(WORKBENCH) test pure

test-foreign: ## Run only the tests of the sandbox by clients that nobody here wrote
	@$(WORKBENCH) test foreign

test-odoo: ## Run only the tests inside Odoo
	@$(WORKBENCH) test odoo

test-live: ## Run only the tests with real servers and a browser
	@$(WORKBENCH) test live

odoo: ## Run Odoo and the sandbox for development (PORT=8069)
	@$(WORKBENCH) odoo --port $(PORT)

pot: ## Export the texts to translate into i18n/
	@$(WORKBENCH) pot

bench: ## Measure how long rounds take
	@$(WORKBENCH) bench

soak: ## Play random lives with faults and kills (HOURS=1, SEED=…, LIFE=… plays one again)
	@$(WORKBENCH) soak $(if $(HOURS),--hours $(HOURS)) $(if $(SEED),--seed $(SEED)) $(if $(LIFE),--life $(LIFE))

mutants: ## Break the sync on purpose, place by place, and show that the tests notice
	@$(WORKBENCH) mutants

setup: ## Only install what is missing
	@$(WORKBENCH) setup

clean: ## Empty the cache folder
	@$(WORKBENCH) clean
