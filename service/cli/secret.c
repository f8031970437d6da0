#include "service/cli/secret.h"
#include "service/cli/app.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { LINE_MOST = 1024 };

void secret_free(char *secret)
{
    if (secret)
        sodium_memzero(secret, strlen(secret));
    g_free(secret);
}

static char *read_line(GError **error)
{
    char line[LINE_MOST];
    if (!fgets(line, sizeof line, stdin) || !strchr(line, '\n')) {
        if (!feof(stdin) || !*line) {
            app_wrong_use(error, "nothing was typed, or a line that is too long");
            sodium_memzero(line, sizeof line);
            return NULL;
        }
    }
    line[strcspn(line, "\r\n")] = 0;
    char *text = g_strdup(line);
    sodium_memzero(line, sizeof line);
    return text;
}

/* What is typed is not shown, and is again afterwards, whatever happened. */
static char *read_hidden(const char *prompt, GError **error)
{
    struct termios usual, hidden;
    fputs(prompt, stderr);
    if (tcgetattr(STDIN_FILENO, &usual) != 0)
        return read_line(error);
    hidden = usual;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    char *text = read_line(error);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &usual);
    fputc('\n', stderr);
    return text;
}

char *secret_ask(const char *prompt, const char *again, GError **error)
{
    if (!isatty(STDIN_FILENO))
        return read_line(error);
    char *first = read_hidden(prompt, error);
    char *second = first ? read_hidden(again, error) : NULL;
    bool same = first && second && g_str_equal(first, second);
    if (first && second && !same)
        app_wrong_use(error, "the two are not the same");
    secret_free(second);
    if (same)
        return first;
    secret_free(first);
    return NULL;
}

char *secret_line(const char *prompt, GError **error)
{
    if (isatty(STDIN_FILENO))
        fputs(prompt, stderr);
    return read_line(error);
}
