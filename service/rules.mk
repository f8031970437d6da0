# What the pages are dressed in becomes part of the program; its object goes into libservice.a.
HTTP_FILES := http_style=service/http/style.css http_icon=service/http/icon.svg http_openapi=service/http/openapi.yaml

$(BUILD)/gen/http_embedded.c: deploy/scripts/embed deploy/scripts/embed.sh service/rules.mk service/http/style.css service/http/icon.svg \
                               service/http/openapi.yaml
	@mkdir -p $(@D)
	@deploy/scripts/embed $@ $(@:.c=.h) $(HTTP_FILES)
$(BUILD)/gen/http_embedded.h: $(BUILD)/gen/http_embedded.c ;

$(BUILD)/obj/service/http/page.o $(BUILD)/obj/service/daemon/openapi.o: $(BUILD)/gen/http_embedded.h
$(BUILD)/libservice.a: $(BUILD)/obj/gen/http_embedded.o

# The Chinese dictionary: Debian's python3-jieba has it; words of Han only, without their part of speech. Where the package is
# not installed the program has no dictionary (service/steps/words.h).
WORDS ?= $(wildcard /usr/lib/python3/dist-packages/jieba/dict.txt)
$(BUILD)/gen/words.txt: service/rules.mk $(WORDS)
	@mkdir -p $(@D)
	@LC_ALL=C awk '$$1 !~ /[ -~]/ {print $$1, $$2}' $(or $(WORDS),/dev/null) >$@
$(BUILD)/obj/gen/words.o: $(BUILD)/gen/words.txt
	@mkdir -p $(@D)
	@echo '  AS $@'
	@printf '%s\n' '.section .rodata' '.globl words_text, words_text_end' 'words_text:' '.incbin "$<"' 'words_text_end:' \
	    '.byte 0' '.section .note.GNU-stack,"",%progbits' | $(CC) -x assembler -c - -o $@
$(BUILD)/libservice.a: $(BUILD)/obj/gen/words.o

# The sample's patents: what classify has learned from when nobody trains it.
$(BUILD)/gen/sample_embedded.c: deploy/scripts/embed deploy/scripts/embed.sh deploy/sample/patents.jsonl
	@mkdir -p $(@D)
	@deploy/scripts/embed $@ $(@:.c=.h) sample_patents=deploy/sample/patents.jsonl
$(BUILD)/gen/sample_embedded.h: $(BUILD)/gen/sample_embedded.c ;
$(BUILD)/obj/service/cli/inference.o: $(BUILD)/gen/sample_embedded.h
$(BUILD)/libservice.a: $(BUILD)/obj/gen/sample_embedded.o

# The pages (service/web): what npm has lies under build/, so that nobody else looks through it. The pages are the same for every
# flavour of the program.
WEB_SOURCES := $(wildcard service/web/*.html service/web/*.ts service/web/*.json service/web/scripts/build.mjs service/web/scripts/*.ts) $(shell find service/web/src service/web/public -type f -not -path '*/generated/*' 2>/dev/null)
build/npm/installed: service/web/package.json service/web/package-lock.json
	@mkdir -p build/npm
	@cp service/web/package.json service/web/package-lock.json service/web/.npmrc build/npm
	@echo '  NPM build/npm'
	@cd build/npm && npm ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1 || { tail -n 20 npm.log; exit 1; }
	@ln -sfn ../../build/npm/node_modules service/web/node_modules
	@touch $@
build/web/built: build/npm/installed $(WEB_SOURCES)
	@echo '  VITE build/web'
	@cd service/web && node scripts/build.mjs ../../build/web/pages
	@touch $@
build/web/web_files.c: build/web/built service/web/scripts/embed.mjs
	@node service/web/scripts/embed.mjs build/web/pages build/web
build/web/web_bytes.S: build/web/web_files.c ;
$(BUILD)/obj/gen/web_files.o: build/web/web_files.c service/http/web.h $(BUILD)/flags
	@mkdir -p $(@D)
	@echo '  CC $@'
	@$(CC) $(CFLAGS_ALL) $(CFLAGS) -c $< -o $@
$(BUILD)/obj/gen/web_bytes.o: build/web/web_bytes.S build/web/web_files.c
	@mkdir -p $(@D)
	@echo '  AS $@'
	@$(CC) -c $< -o $@
$(BUILD)/libservice.a: $(BUILD)/obj/gen/web_files.o $(BUILD)/obj/gen/web_bytes.o

.PHONY: web-check
web-check: build/npm/installed ## the types of the pages, against the description of the interface
	@cd service/web && node_modules/.bin/openapi-typescript ../http/openapi.yaml -o src/generated/schema.d.ts >/dev/null && node_modules/.bin/vue-tsc --noEmit
