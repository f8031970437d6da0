/* road.h - the whole road as a list of command lines (road.c), and the playing of it.
 *
 * Two agencies, QH01 and QH02, in a city whose firms make shoes, cloth, tiles, umbrellas and food; all of it is made up. The files
 * lie in tests/flow/road/, one kind each; how they add up to the figures stands in whole_road.c. */
#pragma once
#include "tests/flow/program.h"

/* The files of tests/flow/road/ in the test's folder; the CSV as a Chinese spreadsheet writes it, in GB18030. */
void road_files(void);

/* Plays all of it; `again`: a second time, where nothing must change. Fails where a step's exit code or answer is another than
 * the list says. */
void road_play(bool again);

/* The id of a lead, by the number of its patent and the agency's name for the need; fails when there is none. */
const char *lead_of(const char *agency, const char *patent, const char *need);

/* A command line with its {names} filled in: {file}, {port}, {lead PATENT NEED}. */
const char *road_command(const char *command);
