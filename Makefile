# The menu. `make` lists it; every target installs what it lacks first.
#
# A room is a static library: matcher, sql, loader, service. Who may include whom is held by check-layers.
# Another flavour of the same tree: make BUILD=build/asan SAN=address,undefined CC=clang …

SHELL := /bin/bash
BUILD ?= build
ifeq ($(origin CC),default)
CC := gcc
endif
SAN ?=
.DEFAULT_GOAL := help
# None of make's own rules: one of them would make the script X out of a file X.sh beside it.
MAKEFLAGS += -r
.SUFFIXES:
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif

# ---- What the goals need is installed while make reads this file: make then reads it again, with the libraries there.
# Looked at anew whenever dpkg has changed something.
NEEDS_help := none
NEEDS_clean := none
NEEDS_distclean := none
NEEDS_run := build run
NEEDS_bench := build run bench
NEEDS_soak := build run test bench deb
NEEDS_deb := build deb
NEEDS_test-deb := build run test deb
NEEDS_bench-web := build run test
$(foreach goal,test check unit db flow asan tsan clang fuzz-short format format-check check-layers lint lint-sql objects test-web screenshots,\
  $(eval NEEDS_$(goal) := build run test))
goals := $(or $(MAKECMDGOALS),help)
needs := $(filter-out none,$(sort $(foreach goal,$(goals),$(or $(NEEDS_$(goal)),build $(if $(filter %tests/%,$(goal)),test)))))
ifneq ($(needs),)
empty :=
packages := build/.packages/$(subst $(empty) $(empty),+,$(needs)).mk
build/.packages/%.mk: deploy/scripts/install-packages.sh $(wildcard /var/lib/dpkg/status)
	@mkdir -p $(@D)
	@deploy/scripts/install-packages.sh $(subst +, ,$*)
	@touch $@
include $(packages)
endif

# ---- Flags
PKGS := glib-2.0 gio-2.0 libpq libcurl jansson libxxhash libmicrohttpd uchardet libsodium libcrypto xlsxwriter libqrencode zlib yaml-0.1 \
        libzip libxml-2.0 libzstd gmime-3.0
PKG_CFLAGS := $(if $(needs),$(shell pkg-config --cflags $(PKGS) 2>/dev/null | sed 's/-I/-isystem /g'))
LDLIBS := $(if $(needs),$(shell pkg-config --libs $(PKGS) 2>/dev/null)) -lcsv -lstemmer -lm -pthread

WARN := -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
        -Wcast-qual -Wwrite-strings -Wvla -Wformat=2 -Wundef -Wnull-dereference -Werror
HARDEN := -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE
ifeq ($(SAN),)
OPT ?= -O2 -g -D_FORTIFY_SOURCE=3
else
OPT ?= -O1 -g -fno-omit-frame-pointer -fsanitize=$(SAN) -fno-sanitize-recover=all
endif
CFLAGS_ALL := $(WARN) $(HARDEN) $(OPT) -I. -isystem /usr/include -I$(BUILD)/gen $(PKG_CFLAGS)
# A fuzzer's objects carry no main of libFuzzer's; only its link does.
LDFLAGS_ALL := -pie -Wl,-z,relro,-z,now $(if $(SAN),-fsanitize=$(filter-out fuzzer-no-link,$(SAN)))

# Other flags, other objects: everything is compiled again when this text changes; a source that went away is noticed too.
flags := $(CC) $(CFLAGS_ALL) $(CFLAGS) $(LDFLAGS_ALL) $(LDLIBS)
sources := $(sort $(wildcard matcher/*.c sql/*.c loader/*.c service/*/*.c tests/*/*.c tests/unit/*/*.c))
ifneq ($(needs),)
ifneq ($(flags),$(file <$(BUILD)/flags))
$(shell mkdir -p $(BUILD))
$(file >$(BUILD)/flags,$(flags))
endif
ifneq ($(sources),$(file <$(BUILD)/sources))
$(file >$(BUILD)/sources,$(sources))
endif
endif

# ---- Rooms
MATCHER_SRC := $(wildcard matcher/*.c)
SQL_SRC := $(wildcard sql/*.c)
LOADER_SRC := $(wildcard loader/*.c)
SERVICE_SRC := $(filter-out %/main.c,$(wildcard service/*/*.c))
objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

.PHONY: help build run test check unit db flow asan tsan clang fuzz-short format format-check check-layers lint lint-sql \
        objects bench bench-web test-web screenshots soak clean distclean
help: ## this list
	@awk -F':.*## ' '/^[a-z][a-zA-Z\/_-]*:.*## /{printf "  make %-18s %s\n", $$1, $$2}' Makefile $(wildcard */rules.mk)

build: $(BUILD)/patbridge ## the program, build/patbridge

run: build $(BUILD)/demo ## plays the whole road on a private database under var/, then serves it (DATA=folder, SERVE=no)
	@DATA='$(DATA)' SERVE='$(SERVE)' deploy/scripts/run.sh

$(BUILD)/libmatcher.a: $(call objects,$(MATCHER_SRC))
$(BUILD)/libsql.a: $(call objects,$(SQL_SRC)) $(BUILD)/obj/gen/sql_embedded.o
$(BUILD)/libloader.a: $(call objects,$(LOADER_SRC))
$(BUILD)/libservice.a: $(call objects,$(SERVICE_SRC))
$(BUILD)/%.a: $(BUILD)/sources
	@rm -f $@
	@mkdir -p $(@D)
	@echo '  AR $@'
	@ar rcs $@ $(filter %.o,$^)

$(BUILD)/obj/%.o: %.c $(BUILD)/flags | $(BUILD)/gen/sql_embedded.h
	@mkdir -p $(@D)
	@echo '  CC $@'
	@$(CC) $(CFLAGS_ALL) $(CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/obj/gen/%.o: $(BUILD)/gen/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo '  CC $@'
	@$(CC) $(CFLAGS_ALL) $(CFLAGS) -MMD -MP -c $< -o $@

# SQL becomes part of the program. The folders are named for what is taken out of them; the header's time only changes
# when a name does.
SQL_FOLDERS := $(wildcard sql/queries sql/migrations sql/views)
$(BUILD)/gen/sql_embedded.c: deploy/scripts/embed-sql deploy/scripts/embed.sh $(SQL_FOLDERS) \
                             $(foreach folder,$(SQL_FOLDERS),$(wildcard $(folder)/*.sql))
	@mkdir -p $(@D)
	@deploy/scripts/embed-sql sql $@ $(@:.c=.h)
$(BUILD)/gen/sql_embedded.h: $(BUILD)/gen/sql_embedded.c ;

LIBS_ALL = $(BUILD)/libservice.a $(BUILD)/libloader.a $(BUILD)/libmatcher.a $(BUILD)/libsql.a
$(BUILD)/patbridge: $(BUILD)/obj/service/cli/main.o $(LIBS_ALL)
	@echo '  LD $@'
	@$(CC) $(LDFLAGS_ALL) -o $@ $(filter %.o %.a,$^) $(LDLIBS)

# What `make run` needs around the product: a receiver, made-up records and answers.
$(BUILD)/demo: $(BUILD)/obj/service/demo/main.o $(LIBS_ALL)
	@echo '  LD $@'
	@$(CC) $(LDFLAGS_ALL) -o $@ $(filter %.o %.a,$^) $(LDLIBS)

# ---- Test binaries. A group without sources has none.
# Unit tests: one a room, linked with that room and the rooms below it.
UNIT_DEPS_matcher := $(BUILD)/libmatcher.a
UNIT_DEPS_sql := $(BUILD)/libsql.a
UNIT_DEPS_loader := $(BUILD)/libloader.a $(BUILD)/libmatcher.a $(BUILD)/libsql.a
UNIT_DEPS_service := $(LIBS_ALL)
TEST_BINARIES :=
define unit_rule
TEST_BINARIES += $(if $(wildcard tests/unit/$(1)/*.c),$(BUILD)/tests/unit-$(1))
$(BUILD)/tests/unit-$(1): $$(call objects,$$(wildcard tests/unit/$(1)/*.c)) $$(UNIT_DEPS_$(1)) $(BUILD)/sources
	@mkdir -p $$(@D)
	@echo '  LD $$@'
	@$$(CC) $$(LDFLAGS_ALL) -o $$@ $$(filter %.o %.a,$$^) $$(LDLIBS) -lcriterion
endef
$(foreach room,matcher sql loader service,$(eval $(call unit_rule,$(room))))

# Tests with a database, and of the whole: PATBRIDGE_TEST_SERVER leads to the server, tests/run.sh sets it.
define server_rule
TEST_BINARIES += $(if $(wildcard tests/$(1)/*.c),$(BUILD)/tests/$(1))
$(BUILD)/tests/$(1): $$(call objects,$$(wildcard tests/$(1)/*.c tests/support/*.c)) $$(LIBS_ALL) $(BUILD)/sources
	@mkdir -p $$(@D)
	@echo '  LD $$@'
	@$$(CC) $$(LDFLAGS_ALL) -o $$@ $$(filter %.o %.a,$$^) $$(LDLIBS) -lcriterion
endef
$(foreach group,db flow,$(eval $(call server_rule,$(group))))

FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
$(FUZZERS): $(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(LIBS_ALL)
	@mkdir -p $(@D)
	@echo '  LD $@'
	@$(CC) $(LDFLAGS_ALL) -fsanitize=fuzzer -o $@ $(filter %.o %.a,$^) $(LDLIBS)

$(BUILD)/bench/match: $(call objects,tests/bench/match.c) $(BUILD)/libmatcher.a
	@mkdir -p $(@D)
	@echo '  LD $@'
	@$(CC) $(LDFLAGS_ALL) -o $@ $(filter %.o %.a,$^) $(LDLIBS)

$(BUILD)/bench/texts: $(call objects,tests/bench/texts.c) $(LIBS_ALL)
	@mkdir -p $(@D)
	@echo '  LD $@'
	@$(CC) $(LDFLAGS_ALL) -o $@ $(filter %.o %.a,$^) $(LDLIBS)

$(BUILD)/bench/read: $(call objects,tests/bench/read.c) $(BUILD)/libloader.a $(BUILD)/libmatcher.a $(BUILD)/libsql.a
	@mkdir -p $(@D)
	@echo '  LD $@'
	@$(CC) $(LDFLAGS_ALL) -o $@ $(filter %.o %.a,$^) $(LDLIBS)

$(BUILD)/bench/http_hello: $(call objects,tests/bench/http_hello.c)
	@mkdir -p $(@D)
	@echo '  LD $@'
	@$(CC) $(LDFLAGS_ALL) -o $@ $(filter %.o %.a,$^) $(LDLIBS)

# Everything that is compiled, for one compiler and flavour.
PROGRAMS := $(BUILD)/patbridge $(BUILD)/demo $(BUILD)/bench/match $(BUILD)/bench/texts $(BUILD)/bench/read $(BUILD)/bench/http_hello
objects: $(LIBS_ALL) $(PROGRAMS) $(TEST_BINARIES)
fuzzers: $(FUZZERS)

# ---- Tests. tests/run.sh knows the groups, makes what they need, and counts.
test: ## everything that CI runs; the last line is "N passed, N failed"
	@tests/run.sh
unit: ## unit tests
	@tests/run.sh unit
db: ## tests of the database layer, on a throw-away cluster (`make test` runs them under the sanitizers)
	@tests/run.sh db
flow: ## tests of the whole road, on a throw-away cluster
	@tests/run.sh flow
asan: ## all of these again under AddressSanitizer and UBSan
	@tests/run.sh asan
clang: ## compiles all of it with clang
	@tests/run.sh clang
fuzz-short: ## every fuzzer for FUZZ_SECONDS (5)
	@tests/run.sh fuzz
check-layers: ## who includes whom, where SQL stands, who logs
	@deploy/scripts/check-layers
format: ## lays the code out by .clang-format
	@deploy/scripts/c-files | xargs -r clang-format -i
format-check: ## fails where `make format` would change something
	@deploy/scripts/c-files | xargs -r clang-format --dry-run -Werror
lint-sql: ## the rules for SQL that must run on Citus too
	@deploy/scripts/lint-sql sql
lint: lint-sql tidy ## looks for mistakes: clang-tidy, shellcheck, lint-sql
	@deploy/scripts/shell-files | xargs -r shellcheck -x -P SCRIPTDIR
test-web: build ## all tests of the pages in Chromium, also those that CI does not run
	@PAGES=all tests/run.sh web
screenshots: build ## a picture of every page, in both languages and three widths, into docs/img
	@tests/run.sh pictures
bench-web: build ## how fast the pages come up on a slow phone and line (Lighthouse)
	@tests/run.sh bench_web
bench: build $(filter $(BUILD)/bench/%,$(PROGRAMS)) ## measures, by tests/bench/*.sh
	@for script in tests/bench/*.sh; do [ ! -f $$script ] || $$script || exit 1; done
deb: ## the Debian package, into build/deb
	@deploy/scripts/make-deb.sh build/deb
test-deb: ## installs, upgrades, removes it in a Debian of its own, and builds the container's image (as root)
	@tests/run.sh deb
soak: ## the db tests as gcc compiles them, 500 kills under mixed load and as many of single commands, 20 minutes of mixed load, 20 of each fuzzer (KILLS, MIXED_SECONDS, FUZZ_SECONDS)
	@KILLS=$${KILLS:-500} MIXED_SECONDS=$${MIXED_SECONDS:-1200} FUZZ_SECONDS=$${FUZZ_SECONDS:-1200} tests/run.sh db fault deb fuzz

# A file is looked at again when it, or a header it includes, has changed: then its object is new. The analyser does not
# understand g_autofree, so leaks are left to the leak sanitizer; and GINT_TO_POINTER is meant.
TIDY_NOT := -clang-analyzer-unix.Malloc,-performance-no-int-to-ptr
TIDY := $(patsubst %.c,$(BUILD)/tidy/%.ok,$(MATCHER_SRC) $(SQL_SRC) $(LOADER_SRC) $(wildcard service/*/*.c))
.PHONY: tidy fuzzers
tidy: $(TIDY)
$(BUILD)/tidy/%.ok: %.c $(BUILD)/obj/%.o .clang-tidy
	@mkdir -p $(@D)
	@clang-tidy --quiet --checks='$(TIDY_NOT)' --warnings-as-errors='*' $< -- $(filter-out -fstack-clash-protection -fcf-protection -Werror,$(CFLAGS_ALL)) \
	    >$@.log 2>&1 || { grep -E '(error|warning):' $@.log; echo "all of it: $@.log"; exit 1; }
	@touch $@

clean: ## removes build/; the database under var/ stays
	rm -rf build
distclean: ## removes build/ and var/, the private database with all its data
	if [ -d var ]; then deploy/scripts/cluster.sh remove; fi
	rm -rf build var

-include $(wildcard */rules.mk)
ifneq ($(needs),)
-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
endif
