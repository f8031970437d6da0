#!/bin/sh
# Writes the input into the folder given.
set -eu
{
    printf '{"application_number":"202110000101.9","title":"甲"}\n'
    awk 'BEGIN { for (i = 0; i < 10000; i++) printf "{\"a\":"; printf "1"; for (i = 0; i < 10000; i++) printf "}"; printf "\n" }'
    printf '{"application_number":"202230000303.9","title":"丙"}\n'
} > "$1/input.jsonl"
