# Cargo, wasm-bindgen and wasm-opt called directly, so that nothing has to be installed first: .ci/setup does.
# `cargo leptos watch --split` works too, for those who have it.
export LICENSE_PORTAL_CACHE := $(or $(LICENSE_PORTAL_CACHE),$(HOME)/.cache/license-portal)
READY = .ci/setup build && . "$$LICENSE_PORTAL_CACHE/env" &&

.PHONY: help serve test prove build deny client bench mutants fmt clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile

serve: ## the portal with demo data, on this machine; its data stays in ./data
	@$(READY) .ci/site release && .ci/server dev && mkdir -p data && \
	exec target/debug/license-portal serve --demo --database sqlite:data/portal.db --site target/site $(ARGS)

test: ## every check; what is missing on the machine is installed
	@.ci/test

prove: ## what takes longer than a test may: kills, races and floods by the thousand, with their figures; hours
	@$(READY) .ci/prove $(ARGS)

build: ## the server and the site, optimised: target/release/license-portal (what is in it: .cdx.json), target/site
	@$(READY) .ci/site release && .ci/server release && .ci/sbom target/release/license-portal.cdx.json

deny: ## what others' code may be built in: licences, sources, duplicates, known holes; a part of `make test`
	@$(READY) .ci/deny

client: ## the headless client, optimised: target/client-release/license-client
	@$(READY) .ci/server client

bench: ## the benchmarks of benches/; PORTAL_BENCH_SCALE=small for a quick run
	@$(READY) cargo bench --manifest-path benches/Cargo.toml $(ARGS)

mutants: ## the rules, changed in a thousand small ways: which changes do their tests not notice? About an hour
	@$(READY) .ci/mutants $(ARGS)

fmt: ## formats the Rust code
	@$(READY) cargo fmt --all && rustfmt src/i18n/*/mod.rs

clean: ## removes what was built here; not ./data, nor the cache that all checkouts share
	rm -rf target end2end/node_modules
