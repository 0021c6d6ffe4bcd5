# make check runs every verification there is. It needs Go; what needs
# PostgreSQL, Chromium, versitygw or a C compiler runs where they are, and must run when
# PREAU_TEST_ALL=1.

GO   ?= go
# SQLite is C that a program has made Go of: its memory is its own, and checking
# each of its pointers takes a third of the tests' time. Its races are looked for
# like any other: what it makes of a generic type may serve other packages. The
# hash of a password fills 19 MiB that nobody else sees, and watching each byte
# would double its time.
RACE := $(shell command -v cc >/dev/null 2>&1 && echo "-race '-gcflags=modernc.org/...=-d=checkptr=0' \
	'-gcflags=golang.org/x/crypto/argon2=-race=false' '-gcflags=golang.org/x/crypto/blake2b=-race=false'")

.PHONY: check format vet lint generated test generate vulnerabilities bench bench-academy bench-logins bench-monday bench-blobs

check: format vet lint generated test vulnerabilities

format:
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); \
	if [ -n "$$unformatted" ]; then echo "not formatted:"; echo "$$unformatted"; exit 1; fi

vet:
	$(GO) vet ./...

lint:
	$(GO) tool staticcheck ./...
	@dead=$$($(GO) tool deadcode -test ./...); \
	if [ -n "$$dead" ]; then echo "never called:"; echo "$$dead"; exit 1; fi

# What Go programs generate is committed, so that "go run ." needs nothing
# else; here it must be what the sources make.
generated: generate
	@git diff --exit-code --stat -- '*_templ.go' core/ui/assets || { echo "generated files are not up to date: run make generate and commit"; exit 1; }
	$(GO) mod tidy -diff

generate:
	$(GO) generate ./...

# Rooms do nothing at once, which a test of app sees to, and the village is theirs: the race
# detector would treble their time, and finds nothing there. Nor does it find anything in the
# walks of app through the pages, one after the other, and in the processes that it starts: these
# tests are not built for it ("!race"), and run without.
ROOMS := ./portal/... ./service/... ./office/... ./exchange/... ./test/...

test:
	@status=0; \
	$(GO) test $(RACE) -timeout 60m $$($(GO) list ./... | grep -vxF "$$($(GO) list $(ROOMS))") || status=1; \
	$(GO) test -timeout 60m ./app $(ROOMS) || status=1; \
	exit $$status

# The list of vulnerabilities may be out of reach: it is said, and checks
# nothing then.
vulnerabilities:
	@$(GO) tool govulncheck ./... || { status=$$?; \
	if [ $$status -eq 3 ]; then exit 1; fi; echo "govulncheck: not run (exit $$status)"; }

bench:
	$(GO) test -run '^$$' -bench 'BenchmarkFeed$$' -benchtime 1x -timeout 60m ./bench/...

# Half an hour and 10 GB of the temporary folder, alone on the machine; the peer
# wants Debian's slapd.
bench-academy:
	$(GO) test -v -run '^$$' -bench 'BenchmarkAcademy$$' -benchtime 1x -timeout 180m ./bench/...

# Two minutes: sign-ins beside bare argon2id, and pages while many sign in.
bench-logins:
	$(GO) test -v -run '^$$' -bench 'BenchmarkLogins$$' -benchtime 1x -timeout 60m ./bench/...

# Some ten minutes: a word to 600 families, home pages and a Monday morning with a year behind
# it, at 200 schools; PREAU_BENCH_MONDAY=3500 has a whole académie. Alone on the machine.
bench-monday:
	$(GO) test -v -run '^$$' -bench 'BenchmarkMonday$$' -benchtime 1x -timeout 180m ./bench/...

# Some minutes and 3 GB of the temporary folder: files in a folder and in versitygw beside the
# disk; PREAU_BENCH_GB=4 has the large one be of 4 GB.
bench-blobs:
	$(GO) test -v -run '^$$' -bench 'BenchmarkBlobs$$' -benchtime 1x -timeout 60m ./bench/...
