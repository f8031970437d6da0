#!/bin/sh
# Writes the input into the folder given.
set -eu
{
    printf '{"application_number":"202110000101.9","title":"甲"}\n{"title":"'
    head -c 68000000 /dev/zero | tr '\0' 'a'
    printf '"}\n{"application_number":"202230000303.9","title":"丙"}\n'
} > "$1/input.jsonl"
