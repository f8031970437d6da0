/* web.h - the pages that work by script: files that service/web was built into, as part of the program.
 *
 *   /sign-in /inbox /agency /official   the pages; asked for again each time, and answered 304 while they are the same
 *   /assets/…                           what they are made of: a name has the digest of its content, and is kept for ever
 *
 * A page is there in every language and colour, with its frame in it: what is seen before its script runs. Which of them somebody gets
 * is said by the cookie patbridge-look ("en.dark"), which the pages write (src/shared/look.ts) and which holds nothing else; without
 * one, or with one that is none, it is "zh.auto".
 *
 * None of them holds anything of the database: the pages ask the interface (/v1/) for it, with the session of whoever sits
 * before them. */
#pragma once
#include "service/http/exchange.h"

struct web_file {
    const char *path, *look;                  /* the address; of a page its look, else NULL */
    const char *type, *etag;                  /* Content-Type; quoted */
    const unsigned char *packed, *packed_end; /* compressed by gzip */
    const unsigned char *brotli, *brotli_end; /* by Brotli: browsers take it over HTTPS */
    size_t size;                              /* bytes when unpacked */
    bool forever;                             /* whatever has this name has this content */
};

extern const struct web_file web_files[]; /* made by service/web/scripts/embed.mjs */
extern const size_t web_file_count;

/* What is at an address, for whoever sends these cookies (a Cookie header, or NULL). NULL: there is no such page. */
const struct web_file *web_find(const char *path, const char *cookies);

/* Answers a request for it, GET or HEAD. */
void web_answer(const struct request *request, struct answer *answer,
                const struct web_file *file);
