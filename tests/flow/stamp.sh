#!/bin/bash
# stamp.sh - time-stamps of a third party on snapshots: OpenSSL's own `ts` is the authority, behind a small HTTP server; it also checks
# what was kept. Prints ok and not ok lines.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d)
name=stamp_$$
admin=${PATBRIDGE_TEST_SERVER:?}
psql -Xq "$admin" -c "CREATE DATABASE $name TEMPLATE template0 ENCODING 'UTF8'" || exit 1
server=
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null
    psql -Xq "$admin" -c "DROP DATABASE IF EXISTS $name WITH (FORCE)"
    rm -rf "$work"
}
trap finish EXIT
export PATBRIDGE_DATABASE="${admin/dbname=postgres/dbname=$name}" PATBRIDGE_EVIDENCE=$work/evidence PATBRIDGE_SIGN_KEY=$work/sign.key
program=${PATBRIDGE_BINARY:?}

ok() { # NAME COMMAND…: passes when the command does
    if "${@:2}" >"$work/out" 2>&1; then echo "ok - $1"; else echo "not ok - $1: $(tail -n 3 "$work/out" | tr '\n' ' ')"; fi
}
fails() { # NAME TEXT COMMAND…: passes when the command fails and says TEXT
    if ! "${@:3}" >"$work/out" 2>&1 && grep -qF -- "$2" "$work/out"; then echo "ok - $1"; else echo "not ok - $1: $(tail -n 3 "$work/out" | tr '\n' ' ')"; fi
}
sql() { psql -XAtq "$PATBRIDGE_DATABASE" -c "$1"; }

# ---- An authority: a root, and a certificate for stamping that it signed.
make_authority() { # FOLDER NAME
    mkdir -p "$1"
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1/ca.key" -out "$1/ca.pem" -days 30 -subj "/CN=$2 root"
    openssl req -newkey rsa:2048 -nodes -keyout "$1/tsa.key" -out "$1/tsa.csr" -subj "/CN=$2"
    printf 'extendedKeyUsage = critical,timeStamping\n' >"$1/ext"
    openssl x509 -req -in "$1/tsa.csr" -CA "$1/ca.pem" -CAkey "$1/ca.key" -CAcreateserial -days 30 -extfile "$1/ext" -out "$1/tsa.pem"
    cat >"$1/tsa.cnf" <<CNF
[tsa]
default_tsa = tsa1
[tsa1]
serial = $1/serial
signer_cert = $1/tsa.pem
certs = $1/ca.pem
signer_key = $1/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
CNF
    echo 01 >"$1/serial"
}
make_authority "$work/tsa" 试验 >"$work/made" 2>&1
make_authority "$work/other" 别家 >>"$work/made" 2>&1
cat >"$work/server.py" <<'PY'
import http.server, subprocess, sys
folder = sys.argv[1]
class Authority(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        question = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/down":
            return self.send_error(503)
        if self.path == "/again":  # the answer to another question
            answer = open(folder + "/last", "rb").read()
        else:
            open(folder + "/question", "wb").write(question)
            answer = subprocess.run(["openssl", "ts", "-reply", "-config", folder + "/tsa.cnf", "-section", "tsa1", "-queryfile",
                                     folder + "/question"], capture_output=True, check=True).stdout
            open(folder + "/last", "wb").write(answer)
        self.send_response(200 if self.headers["Content-Type"] == "application/timestamp-query" else 400)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
    def log_message(self, *_):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Authority)
open(folder + "/port", "w").write(str(server.server_port))
server.serve_forever()
PY
python3 "$work/server.py" "$work/tsa" &
server=$!
for _ in {1..100}; do [ -s "$work/tsa/port" ] && break; sleep .05; done
address=http://127.0.0.1:$(cat "$work/tsa/port")

"$program" migrate >/dev/null
"$program" load agency deploy/sample/agencies.jsonl >/dev/null
"$program" user add 陈科 --role official >/dev/null
checker=tests/tools/check_snapshot.py
take() { "$program" snapshot --policy jinjiang-2023-6 --by 陈科; }
ok "without an authority nothing is asked for" take
ok "and nothing stamped" test "$(sql 'SELECT count(*) FROM snapshot_stamp')" = 0
fails "stamping needs an authority" "stamp_url" "$program" snapshot --stamp 1
export PATBRIDGE_STAMP_URL=$address/
ok "a snapshot is taken and stamped" take
ok "an earlier one is stamped later" "$program" snapshot --stamp 1
ok "each has its stamp, and its entry in the ledger" test "$(sql "SELECT string_agg(snapshot_id::text, ' ' ORDER BY stamped_at) FROM snapshot_stamp"),$(sql "SELECT count(*) FROM ledger WHERE body::jsonb ->> 'kind' = 'stamp'")" = "2 1,2"
sql "SELECT answer FROM snapshot_stamp WHERE snapshot_id = 2" | base64 -d >"$work/answer"
printf %s "$(sql "SELECT digest FROM snapshot WHERE snapshot_id = 2")" >"$work/digest"
ok "OpenSSL finds the stamp to be one of the snapshot's digest" openssl ts -verify -data "$work/digest" -in "$work/answer" \
    -CAfile "$work/tsa/ca.pem"
ok "verify finds both good" "$program" verify
ok "and says when and by whom" grep -qE "^time-stamp of snapshot 2: 2[0-9-]+T[0-9:]+Z by http" <("$program" verify)
PATBRIDGE_STAMP_CA=$work/tsa/ca.pem ok "also by the authority's certificates" "$program" verify
PATBRIDGE_STAMP_CA=$work/other/ca.pem fails "not by another's" "the time-stamp of snapshot 1 from" "$program" verify
PATBRIDGE_STAMP_CA=$work/nothing.pem fails "nor without a file of certificates" "the time-stamp of snapshot 1 from" "$program" verify
# The file of a snapshot carries its stamps.
"$program" snapshot --export 2 --out "$work/file" >/dev/null
ok "a file has its stamp" test "$(grep -c '^stamp ' "$work/file")" = 1
ok "which verify checks without a database, and says when and by whom" grep -qE "^time-stamp: 2[0-9-]+T[0-9:]+Z by http" \
    <(PATBRIDGE_DATABASE=none "$program" verify "$work/file")
PATBRIDGE_STAMP_CA=$work/tsa/ca.pem ok "also by the authority's certificates" "$program" verify "$work/file"
PATBRIDGE_STAMP_CA=$work/other/ca.pem fails "not by another's" "the time-stamp from" "$program" verify "$work/file"
ok "Python finds it, too" python3 "$checker" "$work/file" "$(sql "SELECT digest FROM snapshot WHERE snapshot_id = 2")"
"$program" snapshot --export 1 --out "$work/earlier" >/dev/null
{ grep -v '^stamp ' "$work/file"; grep '^stamp ' "$work/earlier"; } >"$work/mixed"
fails "the stamp of another snapshot is found" "the time-stamp from" "$program" verify "$work/mixed"
fails "by Python, too" "no time-stamp of the digest" python3 "$checker" "$work/mixed"
{ cat "$work/file"; echo "stamp http://x AAAA"; } >"$work/more"
fails "one that was put in is found" "the time-stamp from" "$program" verify "$work/more"
fails "and by Python" "no time-stamp of the digest" python3 "$checker" "$work/more"
{ cat "$work/file"; echo "something"; } >"$work/more"
fails "nothing else may follow the signature" "something follows the signature" "$program" verify "$work/more"

PATBRIDGE_STAMP_URL=$address/down fails "an authority that is down: the snapshot stands, and why is said" "the snapshot was taken" take
ok "it stands" test "$(sql 'SELECT count(*) FROM snapshot')" = 3
PATBRIDGE_STAMP_URL=$address/again fails "the answer to another question is refused" "no time-stamp of this" "$program" snapshot --stamp 3
PATBRIDGE_STAMP_URL=file:///etc/hostname fails "no other protocol is spoken" "no time-stamp from" "$program" snapshot --stamp 3
ok "nothing of that was kept" test "$(sql 'SELECT count(*) FROM snapshot_stamp')" = 2
sql "UPDATE snapshot_stamp SET snapshot_id = 3 WHERE snapshot_id = 1"
fails "a stamp put on another snapshot is named" "the time-stamp of snapshot 3 from" "$program" verify
sql "UPDATE snapshot_stamp SET snapshot_id = 1 WHERE snapshot_id = 3"
ok "put back, all is well" "$program" verify
ok "one taken away is named" bash -c "psql -Xq '$PATBRIDGE_DATABASE' -c 'CREATE TABLE away AS SELECT * FROM snapshot_stamp WHERE snapshot_id = 1; DELETE FROM snapshot_stamp WHERE snapshot_id = 1'; '$program' verify 2>&1 | grep 'snapshot_stamp 1/.* is gone'"
sql "INSERT INTO snapshot_stamp SELECT * FROM away"
ok "put back again, too" "$program" verify
sql "UPDATE snapshot_stamp SET answer = overlay(answer PLACING 'AAAA' FROM length(answer) - 60) WHERE snapshot_id = 2"
PATBRIDGE_STAMP_CA=$work/tsa/ca.pem fails "an altered stamp is named" "the time-stamp of snapshot 2 from" "$program" verify
