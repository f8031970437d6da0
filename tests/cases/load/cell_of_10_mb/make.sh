#!/bin/sh
# Writes the input into the folder given.
set -eu
{
    printf '申请号,标题\n202110000101.9,甲\n202120000202.1,"'
    head -c 10485760 /dev/zero | tr '\0' 'a'
    printf '"\n202230000303.9,丙\n'
} > "$1/input.csv"
