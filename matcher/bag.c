#include "matcher/bag.h"
#include "matcher/class.h"

#include <string.h>

enum { FIRST_ROOM = 256 };

static void set_room(struct bag *bag, uint32_t room)
{
    bag->entries = g_renew(struct bag_entry, bag->entries, room);
    g_free(bag->slots);
    bag->slots = g_new0(uint32_t, 2 * (size_t)room);
    bag->room = room;
}

void bag_init(struct bag *bag, const struct dictionary *dictionary)
{
    memset(bag, 0, sizeof *bag);
    bag->reader = terms_reader_new(dictionary);
    bag->terms = g_array_new(FALSE, FALSE, sizeof(struct term));
    set_room(bag, FIRST_ROOM);
}

void bag_clear(struct bag *bag)
{
    g_free(bag->entries);
    g_free(bag->slots);
    terms_reader_free(bag->reader);
    if (bag->terms)
        g_array_unref(bag->terms);
    memset(bag, 0, sizeof *bag);
}

void bag_reset(struct bag *bag)
{
    bag->count = 0;
    memset(bag->title_terms, 0, sizeof bag->title_terms);
    memset(bag->text_terms, 0, sizeof bag->text_terms);
    memset(bag->slots, 0, 2 * (size_t)bag->room * sizeof *bag->slots);
}

static uint32_t *slot_of(const struct bag *bag, uint64_t hash)
{
    uint32_t mask = 2 * bag->room - 1, at = (uint32_t)hash & mask;
    while (bag->slots[at] && bag->entries[bag->slots[at] - 1].hash != hash)
        at = (at + 1) & mask;
    return &bag->slots[at];
}

static void grow(struct bag *bag)
{
    set_room(bag, 2 * bag->room);
    for (uint32_t i = 0; i < bag->count; i++)
        *slot_of(bag, bag->entries[i].hash) = i + 1;
}

static struct bag_entry *entry_of(struct bag *bag, uint64_t hash)
{
    uint32_t *slot = slot_of(bag, hash);
    if (!*slot) {
        if (bag->count == bag->room) {
            grow(bag);
            slot = slot_of(bag, hash);
        }
        bag->entries[bag->count++] = (struct bag_entry){.hash = hash};
        *slot = bag->count;
    }
    return &bag->entries[*slot - 1];
}

void bag_add_term(struct bag *bag, uint64_t hash, enum term_kind kind, bool in_title)
{
    struct bag_entry *entry = entry_of(bag, hash);
    entry->kind = (uint8_t)kind;
    if (in_title) {
        entry->in_title++;
        bag->title_terms[kind]++;
    } else {
        entry->in_text++;
        bag->text_terms[kind]++;
    }
}

void bag_add_token(struct bag *bag, uint64_t hash)
{
    bag_add_term(bag, hash, TERM_PAIR, false);
}

void bag_add_symbol(struct bag *bag, const char *symbol)
{
    struct class_path path = class_path(symbol);
    for (int i = 0; i < path.depth; i++) {
        struct bag_entry *entry = entry_of(bag, terms_hash_place(path.place[i]));
        entry->level = (uint8_t)(i + 1);
        entry->in_text = 1;
    }
}

static void add_text(struct bag *bag, const char *text, bool in_title)
{
    if (!text)
        return;
    g_array_set_size(bag->terms, 0);
    terms_read(bag->reader, text, strlen(text), bag->terms);
    for (guint i = 0; i < bag->terms->len; i++) {
        const struct term *term = &g_array_index(bag->terms, struct term, i);
        bag_add_term(bag, term->hash, term->kind, in_title);
    }
}

void bag_add_document(struct bag *bag, const struct document *document)
{
    add_text(bag, document->title, true);
    add_text(bag, document->abstract, false);
    for (size_t i = 0; i < document->class_count; i++)
        bag_add_symbol(bag, document->classes[i]);
}

uint32_t bag_find(const struct bag *bag, uint64_t hash)
{
    return *slot_of(bag, hash) - 1; /* 0 - 1 is UINT32_MAX */
}
