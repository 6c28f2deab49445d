# What people run. Each target brings what it lacks (.ci/need.sh says what and why) and is quick the second time.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export CARGO_TARGET_DIR ?= $(CURDIR)/target
# Where the page is built; a debug binary reads it from there, a release binary carries it.
export LAKEGATE_PAGE_DEV := $(CURDIR)/target/page-dev
export LAKEGATE_PAGE_RELEASE := $(CURDIR)/target/page-release
export LAKEGATE_PAGE ?= $(LAKEGATE_PAGE_DEV)
# The binary that the browser tests and the screenshots start.
export LAKEGATE_BIN ?= $(CARGO_TARGET_DIR)/debug/lakegate
# Without OpenSSL's headers cargo compiles OpenSSL itself; cargo cannot choose that, make can.
export FEATURES ?= $(shell pkg-config --exists openssl 2>/dev/null || echo --features vendored-openssl)

# Server, rules and page apart: together they would ask for other features of the same libraries, and everything would
# be compiled once more.
SERVER := -p lakegate -p lake -p api -p doubles

.PHONY: help
help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build-tools ## Opens Lakegate with its sample data (the first time: up to 15 minutes of building)
	@[ -x $(LAKEGATE_BIN) ] || echo "The first build takes up to 15 minutes, the next one seconds."
	@$(MAKE) binary
	@exec $(LAKEGATE_BIN) serve --demo $(ARGS)

.PHONY: test
test: build-tools ## Every check: format, lints, unit, SQLite, PostgreSQL, page size, browser
	@.ci/test.sh

.PHONY: check
check: build-tools ## The inner loop: format, lints, unit tests
	@cargo fmt --all --check
	@cargo clippy --quiet $(SERVER) --all-targets $(FEATURES) -- -D warnings
	@cargo clippy --quiet -p domain -p json -p json_derive --all-targets -- -D warnings
	@cargo clippy --quiet -p app -p view --all-targets -- -D warnings
	@cargo clippy --quiet -p page --all-targets -- -D warnings
	@cargo test --quiet $(SERVER) --lib --bins $(FEATURES)
	@cargo test --quiet -p domain -p json -p json_derive
	@cargo test --quiet -p app -p view --tests
	@cargo test --quiet -p page

.PHONY: build
build: build-tools ## The release binary, with the page inside
	@.ci/need.sh binaryen || echo "building without wasm-opt: the page stays large"
	@$(MAKE) page-release
	LAKEGATE_PAGE=$(LAKEGATE_PAGE_RELEASE) cargo build --release -p lakegate $(FEATURES)
	@ls -lh $(CARGO_TARGET_DIR)/release/lakegate

.PHONY: stack
stack: build-tools ## The journey on a real MariaDB, Flink and Paimon (the first time it fetches 350 MB); ONLY=bare for a part of it
	@.ci/need.sh npm chromium pypaimon mariadb stack
	@$(MAKE) binary
	@LAKEGATE_PYTHON=$${XDG_CACHE_HOME:-$$HOME/.cache}/lakegate/python/bin/python node end2end/stack.mjs

.PHONY: ci
ci: ## What must hold before anything is released: test, then stack
	@$(MAKE) test
	@$(MAKE) stack

.PHONY: shots
shots: build-tools ## Screenshots into target/shots: PAGE=home, several, or all; ALL=1 for every width, theme and language
	@.ci/need.sh npm chromium
	@$(MAKE) binary
	@node end2end/shots.mjs $(PAGE)

.PHONY: bench
bench: build-tools ## Measures; prints a table, writes target/bench.json
	@.ci/need.sh npm chromium
	@$(MAKE) build
	@LAKEGATE_BIN=$(CARGO_TARGET_DIR)/release/lakegate node end2end/bench.mjs

# ── parts of the above ──

.PHONY: build-tools
build-tools:
	@.ci/need.sh rust cc openssl xz

.PHONY: page-dev
page-dev:
	@cargo run -p page -- --out $(LAKEGATE_PAGE_DEV)

.PHONY: page-release
page-release:
	@cargo run -p page -- --release --out $(LAKEGATE_PAGE_RELEASE)

.PHONY: binary
binary: page-dev
	@cargo build -p lakegate $(FEATURES)
