/* demo - what `make run` needs around the product: a receiver of pushes, and made-up records and answers.
 *
 *   demo receiver …           a webhook receiver, see receiver.h
 *   demo invent DATA OUT      the records that a folder of real data lacks, see invent.h
 *   demo answers COUNT        answers of enterprises, from a list of leads on stdin, see answers.h
 *   demo owners               the enterprises of a list of leads on stdin */
#include "service/demo/answers.h"
#include "service/demo/invent.h"
#include "service/demo/receiver.h"

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    bool done = false;
    if (argc > 1 && g_str_equal(argv[1], "receiver"))
        return receiver_main(argc - 1, argv + 1);
    if (argc == 4 && g_str_equal(argv[1], "invent"))
        done = invent_all(argv[2], argv[3], &error);
    else if (argc == 3 && g_str_equal(argv[1], "answers"))
        done = answers_print(stdin, (int)g_ascii_strtoll(argv[2], NULL, 10), stdout, &error);
    else if (argc == 2 && g_str_equal(argv[1], "owners"))
        done = owners_print(stdin, stdout, &error);
    else
        fputs("demo receiver … | invent DATA OUT | answers COUNT | owners\n", stderr);
    if (error)
        fprintf(stderr, "demo: %s\n", error->message);
    return done ? 0 : error ? 1 : 2;
}
