# shellcheck shell=sh
# embed.sh - writes files as C string literals. Sourced by embed and embed-sql.

embed_start() { # HEADER
    echo "#include \"$1\""
    echo '#pragma GCC diagnostic ignored "-Woverlength-strings" /* both compilers take any length */'
}

# Every byte in octal: no escape, trigraph or encoding can go wrong.
embed_bytes() { # DECLARATION FILE
    echo "$1 ="
    if [ -s "$2" ]; then
        od -An -v -to1 -w32 "$2" | sed 's/ /\\/g; s/^/    "/; s/$/"/'
    else
        echo '    ""'
    fi
    echo ';'
}
