#!/bin/sh
# Prints a version 1 approval of exactly one action with exactly one payload, good for ten minutes.
#
#   approve.sh KEY.pem TENANT ACTION PAYLOAD
#
# KEY.pem is an Ed25519 private key. PAYLOAD is the JSON object in the form that is hashed: ASCII, keys sorted, no
# spaces. The executor brings every request into that form; this script does not, and an approval of another spelling
# fits no request. Needs OpenSSL 3 and GNU date.
set -eu
[ $# -eq 4 ] || { echo "usage: $0 KEY.pem TENANT ACTION PAYLOAD" >&2; exit 2; }
key=$1 tenant=$2 action=$3 payload=$4
case "$tenant$action" in
*[!A-Za-z0-9._-]*) echo "$0: tenant and action are of A-Z a-z 0-9 . _ - only" >&2; exit 2 ;;
esac

approval_id=$(openssl rand -hex 16 | sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/\1-\2-4\3-8\4-\5/')
action_hash=$(printf '{"action":"%s","payload":%s}' "$action" "$payload" | openssl dgst -sha256 -r | cut -c 1-64)
issued_at=$(date -u +%Y-%m-%dT%H:%M:%S)
expires_at=$(date -u -d '10 minutes' +%Y-%m-%dT%H:%M:%S)

message=$(mktemp) # OpenSSL 3.0 signs Ed25519 from a file only
trap 'rm -f "$message"' EXIT
printf %s "$approval_id$tenant$action_hash$issued_at$expires_at" >"$message"
signature=$(openssl pkeyutl -sign -rawin -inkey "$key" -in "$message" | openssl base64 -A)

printf '{"approval_id":"%s","tenant_id":"%s","action_hash":"%s","issued_at":"%s","expires_at":"%s","signature":"%s"}\n' \
    "$approval_id" "$tenant" "$action_hash" "$issued_at" "$expires_at" "$signature"
