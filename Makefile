# Every target that a person calls has a comment after ##, from which `make help` is made.
VERSION := $(shell git describe --tags --dirty 2>/dev/null || echo dev)
COMMIT  := $(shell git rev-parse --short HEAD 2>/dev/null || echo unknown)
VERSION_PACKAGE := github.com/sallyport-auth/sallyport/internal/version
# Keeps the names of folders out of the program. Without it, what the tests have compiled serves.
TRIMPATH := -trimpath
LDFLAGS := -s -w -X $(VERSION_PACKAGE).Version=$(VERSION) -X $(VERSION_PACKAGE).Commit=$(COMMIT)

SCRIPT := internal/tools/script
TOOL   := go tool -modfile=internal/tools/go.mod

.DEFAULT_GOAL := help
.PHONY: help run demo build test e2e race fmt lint generate verify vuln cover db bench bench-quick microbench compare soak coexist release-check clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## run the server on a private Postgres, installing Postgres where there is none
	@[ -n "$$DATABASE_URL" ] || $(SCRIPT)/setup postgres
	@bin/sallyport serve

demo: build ## run the examples: sallyport, FastAPI and Next.js, installing what they need
	@$(SCRIPT)/setup postgres examples python
	@node web/e2e/demo.mjs

build: ## build bin/sallyport
	@CGO_ENABLED=0 go build $(TRIMPATH) -ldflags '$(LDFLAGS)' -o bin/sallyport ./cmd/sallyport

test: ## run all checks and tests as CI does, installing what they need
	@$(SCRIPT)/test

e2e: build ## play the stories of a user in a browser, in both set-ups of the examples, installing what they need
	@$(SCRIPT)/setup postgres examples python browser
	@$(SCRIPT)/e2e

race: ## run the Go tests with the race detector, without the other checks
	go test -race ./...

fmt: ## format the Go code
	@$(TOOL) gofumpt -w cmd db internal web

lint: ## run golangci-lint, which has to be installed
	@command -v golangci-lint >/dev/null || { echo 'install golangci-lint 2.15 or newer first: https://golangci-lint.run' >&2; exit 1; }
	golangci-lint run

# Tests that compare a generated file with what it should be, and write it anew with -update.
GENERATED := go test ./internal/server ./internal/layers -count=1 -run 'AreUpToDate'

generate: ## write generated files anew: query code, option reference, lint rules
	$(GENERATED) -update
	$(SCRIPT)/sqlc generate

verify: ## check that generated files are up to date, and every query against a database
	go mod tidy -diff
	$(GENERATED)
	$(SCRIPT)/sqlc check
	$(SCRIPT)/sqlc verify
	go test ./internal/store -count=1 -run TestEveryStatementPrepares

vuln: ## look for known vulnerabilities in what is used
	go run golang.org/x/vuln/cmd/govulncheck@latest ./...

cover: ## measure test coverage
	@mkdir -p bin
	go test -coverprofile=bin/cover.out -coverpkg=./internal/... ./...
	@go tool cover -func=bin/cover.out | tail -1
	@echo 'go tool cover -html=bin/cover.out shows it line by line'

db: ## open psql on the private Postgres
	@go run ./internal/postgres/pgdev psql

bench: build ## measure the original and sallyport side by side with a million users; BENCH='-sessions 10000000' changes it, BENCH=-balanced compares two instances with one
	@$(SCRIPT)/setup postgres node
	@go run ./internal/bench -users 1000000 -sessions 2000000 -json bin/bench.json -markdown docs/performance.md $(BENCH)

bench-quick: build ## measure them in short rounds on small tables, for a look of about a minute
	@$(SCRIPT)/setup postgres node
	@go run ./internal/bench -short -json bin/bench-quick.json $(BENCH)

microbench: ## run the Go benchmarks of what every request passes; BASE=main compares with a revision, else with the run before
	@$(SCRIPT)/setup postgres
	@$(SCRIPT)/microbench

compare: build ## play every conversation to Better Auth and to this server, live; ONLY=topic/name narrows, MATRIX=1 varies cache and plugins
	@$(SCRIPT)/setup postgres node
	@go run ./internal/postgres/pgdev with "$$(go run ./internal/postgres/pgdev which)" \
		go run ./internal/transcript/cmd/compare -only '$(ONLY)' $(if $(MATRIX),-matrix) -serve 'bin/sallyport serve'

soak: build ## put the server under load, faults and restarts for as long as it takes, and print what was measured; ONLY=R3 narrows
	@$(SCRIPT)/setup postgres redis
	@cd internal/soak && go test -count=1 -parallel 1 -timeout 180m -run '$(if $(ONLY),^Test($(ONLY))[^0-9])' -long # without a package go test shows what is printed

coexist: ## have users worked on by Better Auth and sallyport on one database, for as long as it takes; ONLY narrows to tests
	@$(SCRIPT)/setup postgres node
	@cd internal/swap && go test -count=1 -v -timeout 180m -run '$(or $(ONLY),EitherSide|NoChangeOfProgram)' -long

release-check: test verify lint vuln ## run everything a release must pass, on Postgres 15 and 18 too
	@$(SCRIPT)/each-postgres 15 18

clean: ## remove what make has built; the private database stays
	rm -rf bin
