#!/bin/sh
# Prints a version 1 approval of exactly one action with exactly one payload, good for ten minutes.
#
#   approve.sh KEY.pem TENANT ACTION PAYLOAD [ACTION_HASH]
#
# KEY.pem is an Ed25519 private key. PAYLOAD is the JSON object in the form that is hashed: ASCII, keys sorted, no
# spaces. The executor brings every request into that form; this script does not, and an approval of another spelling
# fits no request. With ACTION_HASH, the SHA-256 in hex that was shown with them, anything else is not approved.
# It refuses spaces, and cannot see whether the keys are sorted. Python writes that form:
#
#   python3 -m json.tool --sort-keys --compact payload.json
#
# Runs on GNU and BSD systems. Needs OpenSSL 3: OpenSSL 1.1.1 and LibreSSL, which is the openssl of macOS, have no
# command that signs with such a key. The variable OPENSSL names the one to use.
set -eu
LC_ALL=C openssl=${OPENSSL:-openssl}
export LC_ALL

fail() { # message, status
    echo "$0: $1" >&2
    exit "$2"
}

[ $# -eq 4 ] || [ $# -eq 5 ] || fail "usage: KEY.pem TENANT ACTION PAYLOAD [ACTION_HASH]" 2
key=$1 tenant=$2 action=$3 payload=$4
case "$tenant$action" in
*[!A-Za-z0-9._-]*) fail "tenant and action are of A-Z a-z 0-9 . _ - only" 2 ;;
esac
case "$payload" in
*[!\ -~]*) fail "the payload has a character that is not printable ASCII: write it as \\uXXXX" 2 ;;
"{"*"}") ;;
*) fail "the payload is not a JSON object" 2 ;;
esac
case "$(printf %s "$payload" | sed -E 's/"([^"\\]|\\.)*"//g')" in
*" "*) fail "the payload has spaces between its parts: no request is hashed with them" 2 ;;
esac
command -v "$openssl" >/dev/null || fail "$openssl is not installed" 1
[ -r "$key" ] || fail "$key cannot be read" 1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$openssl" pkey -in "$key" -pubout -outform DER -out "$work/public" 2>"$work/error" ||
    fail "$key is not a private key that $("$openssl" version) can read" 1
case "$("$openssl" base64 -A -in "$work/public")" in
MCowBQYDK2VwAyEA*) ;; # the SubjectPublicKeyInfo of an Ed25519 key begins so (RFC 8410 section 4)
*) fail "$key is not an Ed25519 key" 1 ;;
esac

utc() { # seconds since 1970, as GNU date takes them or as BSD date does
    date -u -d "@$1" +%Y-%m-%dT%H:%M:%S 2>/dev/null || date -u -r "$1" +%Y-%m-%dT%H:%M:%S
}

now=$(date +%s)
approval_id=$("$openssl" rand -hex 16 | sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/\1-\2-4\3-8\4-\5/')
action_hash=$(printf '{"action":"%s","payload":%s}' "$action" "$payload" | "$openssl" dgst -sha256 -r | cut -c 1-64)
[ "${5-$action_hash}" = "$action_hash" ] || fail "action and payload are not those of the hash $5" 2
issued_at=$(utc "$now")
expires_at=$(utc $((now + 600)))

printf %s "$approval_id$tenant$action_hash$issued_at$expires_at" >"$work/message" # OpenSSL 3.0 signs files only
"$openssl" pkeyutl -sign -rawin -inkey "$key" -in "$work/message" -out "$work/signature" 2>"$work/error" ||
    fail "$("$openssl" version) does not sign with Ed25519 keys: OpenSSL 3 does, and OPENSSL can name it" 1

printf '{"approval_id":"%s","tenant_id":"%s","action_hash":"%s","issued_at":"%s","expires_at":"%s","signature":"%s"}\n' \
    "$approval_id" "$tenant" "$action_hash" "$issued_at" "$expires_at" "$("$openssl" base64 -A -in "$work/signature")"
