# Everything goes through here, locally and in CI. `make help` lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# The Node that package.json pins, whatever the machine has.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
JEST := node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js
INSTALLED := node_modules/.installed
CRASH_SECONDS ?= 7200
# Most of a trial is waiting: far more of them than cores keep both busy.
CRASH_PARALLEL ?= 24
TEST_CRASH_SECONDS ?= 60
# What chaos-operator starts for an engine in the tests, and how images get into the cluster: a command that takes an
# archive's path, e.g. LOAD_IMAGE='kind load image-archive'. Empty: they are there already.
RUNNER_IMAGE ?= localhost/chaos-runner:test
LOAD_IMAGE ?=
# Empty: what needs a cluster may be skipped in `make chart`.
REQUIRE_KUBE ?= 1

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Set-up

$(INSTALLED): package.json package-lock.json
	@command -v npm >/dev/null || { echo 'npm is missing: install Node 20 or later from https://nodejs.org'; exit 1; }
	npm ci --no-audit --no-fund
	@touch $@

.PHONY: setup
setup: $(INSTALLED) ## install the dependencies, Node 24 among them
	@echo "Scripts run on Node $$(node --version), from node_modules; the machine's own stays as it is."

.PHONY: build
build: $(INSTALLED) ## bundle the product into dist/main.cjs
	@node build.ts

tools/bin/helm: $(INSTALLED) tools/package.json tools/package-lock.json tools/unpack.ts
	@npm ci --prefix tools --no-audit --no-fund --loglevel=error
	@node tools/unpack.ts

.PHONY: image
image: $(INSTALLED) ## build the image, and the one with a shell (BUILD_IMAGE, BASE_IMAGE, SHELL_IMAGE: other bases)
	@node image/make.ts

.PHONY: tools
tools: tools/bin/helm ## install helm and kubectl into tools/bin

.PHONY: generated
generated: tools ## write manifests/ and the chart's README anew, from the chart
	@node tools/chart-readme.ts
	@node tools/render-manifests.ts

##@ See it work

.PHONY: demo
demo: build ## a run against the Lambda stand-in, with traffic on three mappings
	@node demo/run.ts

.PHONY: demo-crash
demo-crash: build ## the same with SIGKILL in the hold, and the next pod that brings the mappings back
	@node demo/run.ts --crash

.PHONY: demo-probes
demo-probes: build ## the same with hypotheses: two hold, and one fails as it has to
	@node demo/run.ts --probes

##@ Test

.PHONY: check
check: $(INSTALLED) ## format, lint with types, type check
	@npm run -s format
	@npm run -s lint
	@npm run -s types

.PHONY: test
test: build check ## everything that needs Node and npm alone
	@rm -rf .work/spool
	@TEST_CRASH_SECONDS=$(TEST_CRASH_SECONDS) $(JEST) --json --outputFile=.work/jest.json test/unit test/contract test/property test/process test/crash
	@$(JEST) --json --outputFile=.work/jest-secrets.json test/secrets

.PHONY: unit contract property process
unit: build ## pure rules
	@$(JEST) test/unit
contract: build ## fakes against what they stand in for
	@$(JEST) test/contract
property: build ## random stories on a virtual clock; PROPERTY_RUNS=N for more
	@$(JEST) test/property
process: build ## the program as a process, over HTTP
	@$(JEST) test/process

.PHONY: crash
crash: build ## kill the product at every request; CRASH_SECONDS=N bounds it, RESUME=1 goes on where it ended
	@node test/crash/main.ts --seconds $(CRASH_SECONDS) --parallel $(CRASH_PARALLEL) --json .work/crash.json $(if $(RESUME),--resume)

.PHONY: kube
kube: build ## the Kubernetes suites on the cluster that KUBECONFIG names
	@REQUIRE_KUBE=1 $(JEST) --json --outputFile=.work/kube.json test/kube

.PHONY: container
container: build ## the image in containers, on the Docker engine at hand; after make image
	@REQUIRE_ENGINE=1 $(JEST) --json --outputFile=.work/container.json test/container
	@$(JEST) --json --outputFile=.work/container-secrets.json test/secrets

.PHONY: chart
chart: tools ## the chart, manifests and hub folder, with helm, kubectl and the cluster that KUBECONFIG names
	@REQUIRE_KUBE=$(REQUIRE_KUBE) $(JEST) --json --outputFile=.work/chart.json --testTimeout=60000 test/chart

.PHONY: runner-image
runner-image: $(INSTALLED) ## the runner that chaos-operator starts in test-e2e; gives it and our image to the cluster
	@node test/support/chaos-runner/build.ts $(RUNNER_IMAGE)
	@node test/support/cluster/load.ts "$(LOAD_IMAGE)" $(RUNNER_IMAGE)

.PHONY: test-e2e
test-e2e: tools runner-image ## the chain from a ChaosEngine to its verdict, on the cluster that KUBECONFIG names; after make image
	@$(JEST) --runInBand --json --outputFile=.work/e2e.json test/e2e
	@$(JEST) --json --outputFile=.work/e2e-secrets.json test/secrets

.PHONY: ministack
ministack: build ## the Lambda contract on MiniStack (needs Python 3)
	@test/ministack/install.sh .work/ministack
	@REQUIRE_MINISTACK=1 $(JEST) --json --outputFile=.work/ministack.json test/ministack

.PHONY: prometheus
prometheus: build ## hypotheses about a real Prometheus; PROMETHEUS_BIN names the program where it is not on the PATH
	@REQUIRE_PROMETHEUS=1 $(JEST) --json --outputFile=.work/prometheus.json test/prometheus

##@ Measure

.PHONY: bench
bench: build ## start-up, memory, time to revert, hold error, calls
	@node bench/main.ts --json .work/bench.json

.PHONY: image-report
image-report: $(INSTALLED) ## what the images weigh, and from start to first request; after make image
	@node image/report/main.ts --json .work/image.json

.PHONY: clean
clean: ## remove what was built and measured
	rm -rf dist .work
