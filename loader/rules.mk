# The loader's tables become a C file; its object goes into libloader.a.
GEN_LOADER := $(BUILD)/obj/gen/loader_tables.o
LOADER_TABLES := loader/columns.tsv loader/values.tsv loader/divisions.tsv

$(BUILD)/gen/loader_tables.c: loader/embed_tables.sh $(LOADER_TABLES)
	@mkdir -p $(@D)
	@sh loader/embed_tables.sh $(LOADER_TABLES) > $@.new && mv $@.new $@

$(GEN_LOADER): loader/tables.h

$(BUILD)/libloader.a: $(GEN_LOADER)
