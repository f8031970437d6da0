/* Tests of service/daemon/memory.h. */
#include "service/daemon/memory.h"
#include <criterion/criterion.h>
#include <pthread.h>
#include <string.h>

static struct memory *memory;
static const struct lead_id ids[] = {{1, 1}, {2, 1}, {1, 2}};
enum { COUNT = 3, AGENCY = 7, T = MEMORY_TRUST_MS * 1000 };

static void begin(void)
{
    memory = memory_new();
}

static void end(void)
{
    memory_free(memory);
}

TestSuite(memory, .init = begin, .fini = end);

/* As a worker does it: asks at `at`, recalls, and keeps these texts. */
static void read_them(gint64 at, const char *standing, char *const texts[COUNT])
{
    char *found[COUNT];
    const struct memory_asked asked = memory_ask(memory, at);
    memory_recall(memory, &asked, standing, AGENCY, ids, COUNT, found);
    for (size_t i = 0; i < COUNT; i++)
        g_free(found[i]);
    memory_keep(memory, standing, AGENCY, ids, COUNT, texts);
}

static char one[] = "one", two[] = "two", other[] = "other";
static char *const some[COUNT] = {one, two, NULL};

static void expect_now(gint64 at, int agency, size_t place, const char *expected)
{
    g_autofree char *text = memory_now(memory, at, agency, &ids[place]);
    cr_expect(g_strcmp0(text, expected) == 0, "at %" G_GINT64_FORMAT ": %s", at, text);
}

Test(memory, answers_what_was_read_for_as_long_as_it_is_trusted)
{
    read_them(1000, "a", some);
    expect_now(1000, AGENCY, 0, "one");
    expect_now(1000 + T - 1, AGENCY, 1, "two");
    expect_now(1000 + T, AGENCY, 1, NULL);
    expect_now(1000, AGENCY, 2, NULL); /* was not there */
}

Test(memory, of_one_agency_is_nothing_to_another)
{
    read_them(1000, "a", some);
    expect_now(1000, AGENCY + 1, 0, NULL);
}

Test(memory, is_trusted_no_more_after_a_change_of_our_own)
{
    read_them(1000, "a", some);
    memory_changed(memory);
    expect_now(1000, AGENCY, 0, NULL);
}

Test(memory, asked_before_a_change_and_answered_after_it_is_not_trusted)
{
    char *found[COUNT];
    read_them(1000, "a", some);
    const struct memory_asked asked = memory_ask(memory, 2000);
    memory_changed(memory);
    memory_recall(memory, &asked, "a", AGENCY, ids, COUNT, found);
    expect_now(2000, AGENCY, 0, NULL);
    cr_expect_str_eq(found[0], "one", "what the database named is still what it was");
    for (size_t i = 0; i < COUNT; i++)
        g_free(found[i]);
}

Test(memory, of_another_standing_is_forgotten)
{
    char *const others[COUNT] = {NULL, other, NULL};
    read_them(1000, "a", some);
    read_them(1001, "b", others);
    expect_now(1001, AGENCY, 0, NULL);
    expect_now(1001, AGENCY, 1, "other");
}

Test(memory, that_was_read_under_an_older_standing_is_not_kept)
{
    read_them(1000, "a", some);
    read_them(1001, "b", (char *[COUNT]){NULL, NULL, NULL});
    memory_keep(memory, "a", AGENCY, ids, COUNT, some);
    expect_now(1001, AGENCY, 0, NULL);
}

Test(memory, without_a_standing_knows_nothing)
{
    read_them(1000, "", some);
    expect_now(1000, AGENCY, 0, NULL);
}

Test(memory, keeps_no_more_than_its_room)
{
    g_autofree char *big = g_strnfill(30 << 20, 'x');
    char *three[COUNT] = {big, big, big};
    read_them(1000, "a", three);
    g_autofree char *second = memory_now(memory, 1000, AGENCY, &ids[1]);
    cr_expect_not_null(second);
    expect_now(1000, AGENCY, 2, NULL);
}
