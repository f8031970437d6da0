#!/bin/bash
# libraries.sh PROGRAM - the Debian packages of the libraries that a program is linked with, a line each.
set -euo pipefail
ldd "$1" | awk '$3 ~ /^\// {print $3}' | while read -r path; do
    real=$(realpath "$path") # dpkg knows a file by the name under which it was packed: with /usr before it, or without
    { dpkg-query -S "$path" "$real" "/usr$real" "${real#/usr}" 2>/dev/null || true; } | head -n 1 | cut -d: -f1
done | sort -u
