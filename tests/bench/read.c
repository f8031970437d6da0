/* read.c - the readers of files, measured: build/bench/read KIND FILE [--records]
 *
 * Reads the whole file row by row as a load does, without a database; with --records each row is also made a record (numbers
 * checked, dates and money read). One thread. Prints one JSON line: format; rows; cells, those of a table that are not
 * empty; refused; wall_s and cpu_s; max_rss_mb, of the whole process. */
#include "loader/reader.h"
#include "loader/record.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

struct counts {
    int64_t rows, cells, refused;
};

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void count_row(struct reader *reader, const struct raw_row *row, bool records,
                      struct counts *counts)
{
    struct record record = {0};
    struct refusal refusal = {0};
    counts->rows++;
    for (size_t i = 0; row->cells && i < row->cell_count; i++)
        counts->cells += *row->cells[i] != '\0';
    counts->cells += (int64_t)json_object_size(row->object);
    if (!records)
        return;
    if (record_read(reader, row, &record, &refusal))
        record_clear(&record);
    else
        counts->refused++;
    refusal_clear(&refusal);
}

static bool read_all(struct reader *reader, bool records, struct counts *counts, GError **error)
{
    for (;;) {
        struct raw_row row = {0};
        struct refusal refusal = {0};
        enum reader_step step = reader_next(reader, &row, &refusal, error);
        if (step == READER_ROW)
            count_row(reader, &row, records, counts);
        if (step == READER_BAD_ROW) {
            counts->rows++;
            counts->refused++;
        }
        refusal_clear(&refusal);
        if (step == READER_END || step == READER_FAILED)
            return step == READER_END;
    }
}

int main(int argc, char **argv)
{
    const struct kind *kind = argc > 2 ? kind_find(argv[1]) : NULL;
    bool records = argc > 3 && strcmp(argv[3], "--records") == 0;
    struct counts counts = {0};
    struct rusage used;
    g_autoptr(GError) error = NULL;
    if (!kind) {
        fputs("read KIND FILE [--records]\n", stderr);
        return 2;
    }
    const struct plan plan = {.kind = kind, .today = "2026-01-01"};
    double wall = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    g_autoptr(reader_t) reader = reader_open(argv[2], &plan, &error);
    if (!reader || !read_all(reader, records, &counts, &error)) {
        fprintf(stderr, "read: %s\n", error->message);
        return 1;
    }
    wall = now(CLOCK_MONOTONIC) - wall;
    cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    getrusage(RUSAGE_SELF, &used);
    printf("{\"format\": \"%s\", \"rows\": %" G_GINT64_FORMAT ", \"cells\": %" G_GINT64_FORMAT
           ", \"refused\": %" G_GINT64_FORMAT ", \"wall_s\": %.3f, \"cpu_s\": %.3f, "
           "\"max_rss_mb\": %.1f}\n",
           reader_format_name(reader_format(reader)), counts.rows, counts.cells, counts.refused,
           wall, cpu, (double)used.ru_maxrss / 1024);
    return 0;
}
