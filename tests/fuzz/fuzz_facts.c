/* fuzz_facts.c - any bytes as a file of facts, or as damage to one: it is refused, or what it says can be read without harm.
 *
 * First byte 0: the rest is the file. Otherwise the byte, modulo 3, names one of three images, and the rest is damage: four
 * bytes are a place, the fifth what stands there from then on. Even: under right checksums. Odd: under those of before, and then
 * nothing but the image itself may be taken. */
#include "service/steps/facts.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { IMAGES = 3, ROOM = 1 << 20, LOOKED_AT = 50 };

struct image {
    uint8_t *data;
    size_t size;
};

static void expect(bool is_true)
{
    if (!is_true)
        abort();
}

static struct facts *make_facts(int count)
{
    static const char *const statuses[] = {"granted", NULL, "lapsed"};
    struct facts_builder *builder = facts_builder_new();
    for (int i = 0; i < count; i++) {
        g_autofree char *name = g_strdup_printf("第%d制造厂", i % 4);
        const char *const names[] = {name, i % 3 ? "乙研究所" : NULL, NULL};
        size_t len;
        g_autofree char *owners = owners_block(i % 5 ? names : NULL, &len);
        struct held_patent patent = {.patent_id = i * 7919 - 40000,
                                     .seq = i + 1,
                                     .owners = owners,
                                     .legal_status = statuses[i % 3],
                                     .type = i % 2 ? "invention" : NULL,
                                     .application_date = i % 4 ? "2021-02-03" : NULL};
        memset(&patent.sketch, i, sizeof patent.sketch);
        facts_add(builder, &patent);
    }
    return facts_finish(builder);
}

static struct image make_image(int count)
{
    struct facts_mark mark = {.database = "d1",
                              .ledger = "e9",
                              .ledger_seq = 9,
                              .patent_seq = 40,
                              .agency_id = 1,
                              .parts = 1,
                              .files = 1};
    g_autoptr(facts_t) facts = make_facts(count);
    g_autofree char *path = g_strdup_printf("/tmp/patbridge-fuzz-facts.%d", (int)getpid()),
                    *text = NULL;
    struct image image;
    expect(facts_save(facts, &mark, path, NULL));
    expect(g_file_get_contents(path, &text, &image.size, NULL));
    g_unlink(path);
    image.data = g_memdup2(text, image.size);
    return image;
}

static const struct image *image_at(size_t number)
{
    static const int counts[IMAGES] = {0, 1, 24};
    static struct image images[IMAGES];
    if (!images[number].data)
        images[number] = make_image(counts[number]);
    return &images[number];
}

/* Every text to its end, every owner of each against those of the next. */
static size_t read_all(const struct facts *facts)
{
    size_t sum = 0;
    for (uint32_t i = 0; i < facts->count && i < LOOKED_AT; i++) {
        struct held_patent held = facts_get(facts, i),
                           next = facts_get(facts, (i + 1) % facts->count);
        const char *const texts[] = {held.legal_status, held.type, held.application_date};
        for (size_t t = 0; t < G_N_ELEMENTS(texts); t++)
            sum += texts[t] ? strlen(texts[t]) : 0;
        sum += owners_meet(held.owners, next.owners);
        expect(facts_find(facts, held.patent_id) == i);
    }
    return sum;
}

static size_t damage(uint8_t *file, const struct image *image, const uint8_t *data, size_t size)
{
    memcpy(file, image->data, image->size);
    for (; size >= 5; data += 5, size -= 5) {
        uint32_t place;
        memcpy(&place, data, sizeof place);
        file[place % image->size] = data[4];
    }
    return image->size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t *file;
    if (!file)
        file = g_malloc0(ROOM);
    if (size == 0)
        return 0;
    size_t end = MIN(size - 1, (size_t)ROOM);
    bool is_raw = data[0] == 0, is_sealed = data[0] % 2 == 0;
    const struct image *image = image_at(data[0] % IMAGES);
    if (is_raw)
        memcpy(file, data + 1, end);
    else
        end = damage(file, image, data + 1, size - 1);
    if (!is_raw && is_sealed)
        facts_reseal(file, end);
    bool is_whole = !is_raw && memcmp(file, image->data, end) == 0;
    struct facts_mark mark;
    g_autoptr(facts_t) facts = facts_view(file, end, &mark, NULL);
    expect(facts || !is_whole);
    expect(!facts || is_raw || is_sealed || is_whole);
    if (facts) {
        read_all(facts);
        expect(strlen(mark.database) < sizeof mark.database);
    }
    return 0;
}
