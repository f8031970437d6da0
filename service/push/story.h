/* story.h - what a push says to a person, read from the body that the outbox keeps (message.h): for the robots of groups and for
 * mail. Foreign text in it is harmless: neither line ends nor what a markup could take for a mention, a link or a tag. */
#pragma once
#include "service/push/channel.h"

struct story {
    char *title, *patent, *need, *reasons; /* short; reasons: "鞋底、发泡、…" */
    char
        *notice; /* of a test message (trial.h): all that it says beside its title; else NULL */
    char *push_id;
    char *answer; /* the signed link, or NULL where no public_url is set */
    int percent;  /* the fit */
    bool invented;
};

bool story_read(const struct letter *letter, const struct push_options *options,
                struct story *out, GError **error);
void story_clear(struct story *story);
typedef struct story story_t;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(story_t, story_clear)

/* The text without control characters, with full-width signs in place of < > [ ] * _ ` ~ # | \ @ & ! and quotes, cut to so many
 * characters. The caller frees. */
char *story_plain(const char *text, int most);
