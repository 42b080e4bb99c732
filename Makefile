# What people and machines do with Openhour. Everything runs in environments that `make install` makes in here.

# GNU make 3.81, macOS's, does not know .SHELLFLAGS: what must not go on after a failure is joined by && or ends with exit.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

BIN := .venv/bin
NODE := .local-cloud/bin/node
STAGE ?= dev
CODE := layers/shared/openhour functions local tools describe operate bench
export PYTHONPATH := layers/shared:functions
export SAM_CLI_TELEMETRY := 0
# Another Python 3.13, and ports of the local cloud: `make run SITE_PORT=8090`.
export PYTHON CLOUD_PORT MAILBOX_PORT SMTP_PORT SITE_PORT

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: install
install: ## Make or renew .venv, the emulated cloud's environment and node_modules
	@tools/install.sh

.PHONY: run
run: ## Run the whole stack on this machine until Ctrl-C; addresses are printed
	@export STARTED_AT=$$(date +%s) && tools/install.sh && exec $(BIN)/python -m local up

.PHONY: dev
dev: ## Beside `make run`: bring each change of the code onto it, in seconds
	@exec $(BIN)/python -m local dev

.PHONY: test
test: install check test-contract test-handlers test-site build test-artifact test-end-to-end test-browser ## Every test

.PHONY: test-unit test-contract test-handlers test-artifact test-end-to-end test-site test-browser
test-unit: ## Rules, use cases and set-up, with fakes
	$(BIN)/pytest -n auto tests/unit
test-contract: ## Fakes and adapters against the same expectations
	$(BIN)/pytest -n auto tests/contract
test-handlers: ## Handlers, with the events they get
	$(BIN)/pytest -n auto tests/handlers
test-artifact: ## What `make build` built
	$(BIN)/pytest tests/artifact
test-end-to-end: ## The stack on the local cloud
	$(BIN)/pytest tests/end_to_end
test-site: ## The pages' modules and texts, and the size of what is loaded
	$(NODE) --test tests/site/*.test.js
test-browser: ## The pages in Chromium, on the local cloud
	@tools/install.sh browser
	$(BIN)/pytest tests/browser

.PHONY: check
check: ## Style, types, imports, template and the unit tests, in under a minute
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports
	$(BIN)/sam validate --lint --config-env default
	$(BIN)/pytest -n auto tests/unit

.PHONY: format
format: ## Put the code into the form that `make check` asks for
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: bench
bench: build ## Speed against the reference, sizes of the artifacts
	$(BIN)/python -m bench

# Answer page and mails cannot read the pages' style sheets: functions are built from layers/ and functions/ alone.
LOOK := layers/shared/openhour/adapters/look/tokens.css
$(LOOK): site/src/parts/tokens.css
	cp $< $@

.PHONY: build
build: $(LOOK) ## Build the pages into build/site, the functions and layers for this machine into .aws-sam/build
	$(BIN)/python -m local build

.PHONY: build-site
build-site: $(LOOK) ## Build the pages into build/site, and copy their look for the answer page and the mails
	$(NODE) site/build.mjs

.PHONY: deploy
deploy: ## Put the stack onto AWS: make deploy STAGE=dev, with the parameters in samconfig.toml
	$(BIN)/python -m tools.check_stage $(STAGE)
	PATH="$(CURDIR)/$(BIN):$$PATH" sam build --config-env $(STAGE)
	$(BIN)/python -m tools.finish_build
	$(BIN)/sam deploy --config-env $(STAGE)
	$(BIN)/openhour release prune --stage $(STAGE)

.PHONY: rollback
rollback: ## Have a stack serve the release before the one that is live: make rollback STAGE=dev
	$(BIN)/openhour release rollback --stage $(STAGE)

.PHONY: smoke
smoke: ## Ask for a time, confirm and cancel it on a deployed stack: make smoke STAGE=dev
	$(BIN)/openhour smoke --stage $(STAGE)

.PHONY: upload
upload: ## Build the pages and put them onto a stack's site: make upload STAGE=dev, once it has ServeSite=true
	$(BIN)/openhour site upload --stage $(STAGE)

.PHONY: test-long
test-long: ## Ten thousand steps of any life that people can give to requests
	OPENHOUR_STEPS=10000 $(BIN)/pytest tests/contract/test_any_life.py

.PHONY: docs
docs: ## Write what is made from the code: the API's description, the diagram of states, the schema of practice.yaml
	$(BIN)/python -m describe

.PHONY: lock
lock: ## Pin requirements.in, with hashes, for the tools, the functions and the emulated cloud
	$(BIN)/uv pip compile --quiet --python-version 3.13 --generate-hashes --no-header requirements.in -o requirements.lock
	for part in layers/dependencies local; do \
	    $(BIN)/uv pip compile --quiet --python-version 3.13 --generate-hashes --no-header \
	        -c requirements.lock $$part/requirements.in -o $$part/requirements.txt || exit; \
	done

.PHONY: clean
clean: ## Remove everything that can be made again
	rm -rf .aws-sam build .local-cloud .venv node_modules .hypothesis .*_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
