#!/bin/sh
# Writes loader_tables.c: the rows of columns.tsv, values.tsv and divisions.tsv as constant arrays.
# usage: embed_tables.sh COLUMNS VALUES DIVISIONS > loader_tables.c
# Lines with # are notes; the first other line names the columns. A row with a missing cell ends the build.
set -eu

rows() # FILE CELLS: each row as {"a", "b"},
{
    awk -F'\t' -v cells="$2" -v file="$1" '
        function quoted(s) { gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); gsub(/\?/, "\\?", s); return "\"" s "\"" }
        /^#/ || /^[ \r]*$/ { next }
        !head { head = 1; next }
        NF < cells - 1 || NF > cells { printf "%s:%d: %d cells, expected %d\n", file, NR, NF, cells > "/dev/stderr"; bad = 1; exit }
        { line = ""; for (i = 1; i <= cells; i++) line = line (i > 1 ? ", " : "") quoted($i); print "    {" line "}," }
        END { exit bad }' "$1"
}

echo '/* Made by loader/embed_tables.sh from the tables beside it. */'
echo '#include "loader/tables.h"'
echo 'const struct column_row table_columns[] = {'
rows "$1" 5
echo '};'
echo 'const size_t table_column_count = sizeof table_columns / sizeof *table_columns;'
echo 'const struct value_row table_values[] = {'
rows "$2" 4
echo '};'
echo 'const size_t table_value_count = sizeof table_values / sizeof *table_values;'
echo 'const struct division_row table_divisions[] = {'
rows "$3" 4
echo '};'
echo 'const size_t table_division_count = sizeof table_divisions / sizeof *table_divisions;'
