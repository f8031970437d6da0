# The policy packs that ship become part of the program; its object goes into libservice.a.
POLICIES := policy_jinjiang_2023_6=deploy/policies/jinjiang-2023-6.json policy_successor_template=deploy/policies/successor-template.json \
            policy_example_city=deploy/policies/example-city.json policy_schema=deploy/policies/schema.json

$(BUILD)/gen/policies_embedded.c: deploy/scripts/embed deploy/scripts/embed.sh deploy/rules.mk $(wildcard deploy/policies/*.json)
	@mkdir -p $(@D)
	@deploy/scripts/embed $@ $(@:.c=.h) $(POLICIES)
$(BUILD)/gen/policies_embedded.h: $(BUILD)/gen/policies_embedded.c ;
deploy/scripts/embed: ; # else make's own rule would make it of embed.sh

$(BUILD)/obj/service/track/pack.o $(BUILD)/obj/service/track/pack_check.o: $(BUILD)/gen/policies_embedded.h
$(BUILD)/libservice.a: $(BUILD)/obj/gen/policies_embedded.o
