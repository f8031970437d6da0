#include "service/track/qr.h"
#include <errno.h>
#include <qrencode.h>
#include <stdbool.h>
#include <string.h>

enum { QUIET = 4, BMP_HEADER = 54 };

G_DEFINE_AUTOPTR_CLEANUP_FUNC(QRcode, QRcode_free)

static QRcode *encode(const char *text, GError **error)
{
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (!code)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                    "could not make a QR code of %zu bytes: %s", strlen(text),
                    g_strerror(errno));
    return code;
}

/* Outside of the code it is light. */
static bool is_dark(const QRcode *code, int x, int y)
{
    return x >= 0 && y >= 0 && x < code->width && y < code->width &&
           (code->data[y * code->width + x] & 1);
}

char *qr_text(const char *text, GError **error)
{
    static const char *const halves[2][2] = {{"█", "▀"},
                                             {"▄", " "}}; /* [above][below] is dark */
    g_autoptr(QRcode) code = encode(text, error);
    if (!code)
        return NULL;
    GString *out = g_string_new(NULL);
    for (int y = -QUIET; y < code->width + QUIET; y += 2) {
        for (int x = -QUIET; x < code->width + QUIET; x++)
            g_string_append(out, halves[is_dark(code, x, y)][is_dark(code, x, y + 1)]);
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

static void put_number(unsigned char *at, unsigned number)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(number >> (8 * i));
}

/* BITMAPFILEHEADER and BITMAPINFOHEADER. */
static void put_header(unsigned char *bmp, unsigned side, unsigned size)
{
    static const unsigned char planes_and_bits[] = {1, 0, 24, 0};
    bmp[0] = 'B';
    bmp[1] = 'M';
    put_number(bmp + 2, size);
    put_number(bmp + 10, BMP_HEADER);
    put_number(bmp + 14, 40);
    put_number(bmp + 18, side);
    put_number(bmp + 22, side);
    memcpy(bmp + 26, planes_and_bits, sizeof planes_and_bits);
    put_number(bmp + 38, 11811); /* 300 dots an inch */
    put_number(bmp + 42, 11811);
}

GBytes *qr_picture(const char *text, int scale, GError **error)
{
    g_autoptr(QRcode) code = encode(text, error);
    if (!code)
        return NULL;
    unsigned side = (unsigned)((code->width + 2 * QUIET) * scale), line = (3 * side + 3) & ~3U;
    unsigned size = BMP_HEADER + line * side;
    unsigned char *bmp = g_malloc0(size);
    put_header(bmp, side, size);
    for (unsigned y = 0; y < side; y++) /* rows from below */
        for (unsigned x = 0; x < side; x++) {
            int row = (int)(side - 1 - y) / scale - QUIET, column = (int)x / scale - QUIET;
            memset(bmp + BMP_HEADER + (size_t)y * line + (size_t)3 * x,
                   is_dark(code, column, row) ? 0 : 255, 3);
        }
    return g_bytes_new_take(bmp, size);
}
