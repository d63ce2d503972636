# Every task of ServiceLane. On a fresh machine python3 (3.11 or newer) and make are enough.
# ARGS passes options on: make test ARGS="tests/unit -k outbox"

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python -m
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help venv demo simulate run test check browser pictures faults image packaging drills upgrade-drill mutants bench scaling scale-out soak service docs release lock up down clean
MAKEFLAGS += --no-builtin-rules --no-print-directory

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# Redone only when the lock or the project's own metadata changed.
$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; $(PYTHON) is older or missing. Name another one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m deploy.dev.virtualenv
	@touch $@

venv: $(INSTALLED) ## install the virtual environment from requirements.lock

demo: venv ## run the main job at two dealers in one process, no server needed
	@$(VENV)/bin/servicelane demo $(ARGS)

simulate: venv ## whole days at several dealers under a simulated clock, how often each rule happened (ARGS="--days 10")
	@$(VENV)/bin/servicelane simulate $(ARGS)

run: venv ## start the embedded suite and stay, prints URLs and logins (ARGS="--port 9000")
	@$(VENV)/bin/servicelane run --embedded $(ARGS)

test: venv ## all tests on three workers, on private RabbitMQ and PostgreSQL that stay up afterwards
	@$(RUN) tests.parallel $(ARGS)
	@$(if $(ARGS),true,$(RUN) deploy.dev.browser --short)

browser: venv ## the console in a real browser: journeys, keyboard, accessibility, zoom (installs Chromium)
	@$(RUN) deploy.dev.browser $(ARGS)

pictures: venv ## take the pictures of docs/console.md anew
	@$(RUN) deploy.dev.browser tests/browser/pictures.py $(ARGS)

check: venv ## ruff, mypy and import-linter
	@$(VENV)/bin/ruff format --check --quiet .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports

faults: venv ## the whole fault suite: kills, outages, poison
	@$(RUN) pytest tests/faults -m "long or not long" $(ARGS)

image: venv ## build the image of all processes and its bill of materials (ARGS="--network host")
	@$(RUN) deploy.image $(ARGS)

packaging: venv ## the image, and all of deploy/compose.yaml with two of each process, on a Docker engine: works, killed, reconciled
	@$(RUN) pytest tests/packaging --confcutdir tests/packaging -m packaging $(ARGS)

drills: venv ## brokers and databases lose one of theirs; what needs kubectl, prometheus, and in CRD_SCHEMAS the operators' schemas
	@$(RUN) pytest tests/drills -m drill $(ARGS)

upgrade-drill: venv ## this release takes the place of the one before under load, and is taken back (FROM=v0.1.0; the last tag)
	@UPGRADE_FROM="$(FROM)" $(RUN) pytest tests/drills/test_upgrade.py -m upgrade $(ARGS)

mutants: venv ## switch each safeguard off in turn: named tests must go red
	@$(RUN) tests.mutants $(ARGS)

bench: venv ## the benchmark and its yardstick; writes bench/out/latest.json
	@$(RUN) bench $(ARGS)

scaling: venv ## what an order costs with 1 to 100 dealers and up to 100 times the history
	@$(RUN) bench.scaling $(ARGS)

scale-out: venv ## one service after the other with 1 to 4 replicas, a share of a core each: up, a backlog, and down under load
	@$(RUN) bench.scale_out $(ARGS)

soak: venv ## half an hour of steady load with a kill every 30 s: is memory flat, do the invariants hold
	@$(RUN) bench.soak $(ARGS)

service: venv ## write a new service that works: make service NAME=loyalty
	@$(PYTHON) -m deploy.dev.new_service $(NAME)
	@$(VENV)/bin/ruff check --quiet --select I --fix services/$(NAME) contracts/$(NAME) tests/services/$(NAME)
	@$(MAKE) docs

release: venv ## cut a release (VERSION=0.2.0), or tag the one that was cut; docs/releases.md
	@$(RUN) deploy.release $(VERSION) $(ARGS)

docs: venv ## write the generated documents anew
	@$(RUN) servicelane.events_doc > docs/events.md
	@$(RUN) servicelane.metrics_doc > docs/metrics.md
	@$(RUN) deploy.watching
	@$(RUN) servicelane.refused_table > contracts/refused.json
	@$(RUN) servicelane.api_guide docs/api > /dev/null

# Everything in requirements.lock; of it in deploy/runtime.lock what the image needs to run, without the developer's tools.
# Neither names an index: where packages come from is the machine's business.
COMPILE = $(VENV)/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

lock: ## bring the locks to what pyproject.toml asks for (ARGS=--upgrade for newer versions)
	@test -x $(VENV)/bin/pip-compile || $(MAKE) venv
	@$(COMPILE) --build-deps-for editable --extra dev --output-file requirements.lock $(ARGS) pyproject.toml
	@$(COMPILE) --build-deps-for editable --constraint requirements.lock --output-file deploy/runtime.lock pyproject.toml
	@$(COMPILE) --output-file deploy/api-tools/requirements.lock $(ARGS) deploy/api-tools/requirements.in
	@$(COMPILE) --output-file deploy/browser/requirements.lock $(ARGS) deploy/browser/requirements.in
	@$(COMPILE) --output-file deploy/image/requirements.lock $(ARGS) deploy/image/requirements.in
	@! grep -nE '://|^ *--(index|extra-index|find-links|trusted-host)' requirements.lock deploy/*.lock deploy/*/requirements.lock

up: venv ## start private RabbitMQ and PostgreSQL, or find them running
	@$(RUN) deploy.dev up

down: venv ## stop them; their data stays
	@$(RUN) deploy.dev down

clean: ## stop the servers; delete their data, the virtual environment and every cache
	@$(or $(wildcard $(VENV)/bin/python),$(PYTHON)) -m deploy.dev clean
	@rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis bench/out tests/faults/out tests/drills/out
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
