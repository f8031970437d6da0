/* qr.h - QR codes (libqrencode): on a terminal, or as a picture. */
#pragma once
#include <glib.h>

/* Two modules a character; dark on light wherever the terminal's ground is dark. The caller frees. */
char *qr_text(const char *text, GError **error);

/* A BMP (24 bits) with `scale` pixels a module and a quiet zone of four. The caller frees (g_bytes_unref). */
GBytes *qr_picture(const char *text, int scale, GError **error);
