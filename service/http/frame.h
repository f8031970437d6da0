/* frame.h - what stands around every page. */
#pragma once
#include <glib.h>

/* Up to the open <main>; `root` leads back to "/", relative. */
void frame_open(GString *out, const char *root, const char *title);
void frame_close(GString *out);
