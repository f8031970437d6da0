# shellcheck shell=bash
# postgres.sh - which PostgreSQL programs to use, and as whom. Sourced by cluster.sh and install-packages.sh.
#
# PostgreSQL refuses to run as root. When root calls, everything is done as the user "postgres", which Debian's
# packages make, or else as "nobody"; anybody else runs it as himself.

POSTGRES_LEAST=15

# The user that the server runs as when nothing exists yet.
postgres_user() {
    if [ "$(id -u)" != 0 ]; then
        id -un
    elif id postgres >/dev/null 2>&1; then
        echo postgres
    else
        echo nobody
    fi
}

# as_user USER COMMAND…: runs it as that user, with none of root's rights left.
as_user() {
    local user=$1
    shift
    if [ "$user" = "$(id -un)" ]; then
        "$@"
    else
        setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups --inh-caps=-all -- "$@"
    fi
}

# Every folder that may hold server programs, the most deliberate choice first.
postgres_folders() {
    [ -z "${PATBRIDGE_POSTGRES_BIN:-}" ] || echo "$PATBRIDGE_POSTGRES_BIN"
    if command -v pg_config >/dev/null; then pg_config --bindir; fi
    printf '%s\n' /usr/lib/postgresql/*/bin /usr/pgsql-*/bin | sort -rV
    echo /usr/local/pgsql/bin
    if command -v initdb >/dev/null; then dirname "$(readlink -f "$(command -v initdb)")"; fi
}

# postgres_find USER [MAJOR]: prints the folder of a complete set of programs, new enough (or of that major version
# exactly, for a cluster that exists), which USER can execute. Fails when there is none.
postgres_find() {
    local user=$1 major=${2:-} folder found
    while read -r folder; do
        if ! [[ -x $folder/initdb && -x $folder/postgres && -x $folder/pg_ctl && -x $folder/psql ]]; then continue; fi
        found=$(as_user "$user" "$folder/postgres" --version 2>/dev/null | sed 's/[^0-9]*\([0-9]*\).*/\1/')
        [ "${found:-0}" -ge "$POSTGRES_LEAST" ] || continue
        [ -z "$major" ] || [ "$found" = "$major" ] || continue
        echo "$folder"
        return 0
    done < <(postgres_folders)
    return 1
}
