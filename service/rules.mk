# What the pages are dressed in becomes part of the program; its object goes into libservice.a.
HTTP_FILES := http_style=service/http/style.css http_icon=service/http/icon.svg http_openapi=service/http/openapi.yaml

$(BUILD)/gen/http_embedded.c: deploy/scripts/embed deploy/scripts/embed.sh service/rules.mk service/http/style.css service/http/icon.svg \
                               service/http/openapi.yaml
	@mkdir -p $(@D)
	@deploy/scripts/embed $@ $(@:.c=.h) $(HTTP_FILES)
$(BUILD)/gen/http_embedded.h: $(BUILD)/gen/http_embedded.c ;

$(BUILD)/obj/service/http/page.o $(BUILD)/obj/service/daemon/openapi.o: $(BUILD)/gen/http_embedded.h
$(BUILD)/libservice.a: $(BUILD)/obj/gen/http_embedded.o
