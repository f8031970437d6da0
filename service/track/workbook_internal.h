/* workbook_internal.h - what the two parts of an application file share: workbook.c (rows, the clause's words) and cover.c. */
#pragma once
#include "service/track/sheet.h"
#include "service/track/workbook.h"

/* What an application is written with. */
struct book {
    const struct workbook_wish *wish;
    struct sheet_book *book;
    json_t *left_out;   /* [[metric, its name, row]]: their sheet stands last */
    json_t *payees;     /* {key: name} of those whom counted rows name as paid */
    const json_t *item; /* whose rows come now */
    const char *metric, *metric_name;
    lxw_worksheet *sheet;
    lxw_row_t row;
    int lacking; /* counted rows with a paper missing */
};

/* A code's words; of {zh, en} the book's. */
const char *book_say(const struct book *book, const char *code);
const char *book_named(const struct book *book, const json_t *object);

/* The cover, when all rows have been put: banner, figures, years, parts, what is not recorded, missing papers, places for stamps, a QR code. */
bool cover_put(struct book *book, lxw_worksheet *cover, GError **error);
/* Where others than the agency are paid, a sheet of them, with what each is paid. */
void cover_put_payees(struct book *book);
