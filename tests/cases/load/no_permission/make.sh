#!/bin/sh
# Writes the input into the folder given.
set -eu
printf "申请号\n" > "$1/input.csv"
chmod 000 "$1/input.csv"
