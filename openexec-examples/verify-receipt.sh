#!/bin/sh
# Says what the evidence of one execution shows, with openssl, jq and xxd alone: the verdict of the Java verifier.
#
#   verify-receipt.sh EVIDENCE.json LOG_KEY [APPROVER.pem TENANT]
#
# EVIDENCE.json is the bundle of receipt, proof and documents, byte for byte as it was given; one newline at its end is ignored.
# LOG_KEY is the verifier key of the log, name+id+key. With an approver's Ed25519 public key the approval is verified
# too: signature, tenant, request, that it is good for a day at most, and that it could be spent when the execution was
# claimed.
#
# Prints LOGGED, or APPROVED LOGGED, and ends with 0; or INVALID and why, and ends with 1. Without its programs, a file or
# a key it ends with 2 and says nothing about the evidence.
#
# Needs OpenSSL 3, which the variable OPENSSL can name. OpenSSL does not ask whether the point R of a signature is in the
# prime-order subgroup; the Java verifier does.
set -euf
LC_ALL=C openssl=${OPENSSL:-openssl}
export LC_ALL

fail() { # message
    echo "$0: $1" >&2
    exit 2
}

invalid() { # why
    echo "INVALID $1"
    exit 1
}

[ $# -eq 2 ] || [ $# -eq 4 ] || fail "usage: EVIDENCE.json LOG_KEY [APPROVER.pem TENANT]"
for program in "$openssl" jq xxd; do
    command -v "$program" >/dev/null || fail "$program is not installed"
done
[ -r "$1" ] || fail "$1 cannot be read"
log_key=$2 approver=${3-} tenant=${4-}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
evidence=$work/evidence
soh=$(printf '\001') stx=$(printf '\002') del=$(printf '\177')

### Bytes, hashes and signatures

sha256() { # of standard input, in hexadecimal digits
    "$openssl" dgst -sha256 -r | cut -c 1-64
}

hex() { # of base64
    printf %s "$1" | "$openssl" base64 -d -A | xxd -p | tr -d '\n'
}

signed() { # key in hexadecimal digits, file, signature in hexadecimal digits: whether the key signed the file
    printf %s "302a300506032b6570032100$1" | xxd -r -p >"$work/key" # SubjectPublicKeyInfo, RFC 8410 section 4
    printf %s "$3" | xxd -r -p >"$work/signature"
    "$openssl" pkeyutl -verify -rawin -pubin -keyform DER -inkey "$work/key" \
        -sigfile "$work/signature" -in "$2" >"$work/out" 2>&1
}

### JSON

definitions='
def text(form): type == "string" and test(form);
def hex($length): text("\\A[0-9a-f]{\($length)}\\z");
def uuid: text("\\A[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\z");
def printable: text("\\A[!-~]{1,128}\\z");
def word: text("\\A[a-z0-9][a-z0-9-]{0,63}\\z");
def sha256: type == "object" and keys == ["sha256"] and (.sha256 | hex(64));
def digits: reduce (explode[] - 48) as $digit (0; . * 10 + $digit);
def optional($name; filter): if has($name) then .[$name] | filter else true end;
def one_of($all): . as $it | $all | any(.[]; . == $it);
def whole($most): type == "number" and (tostring | test("\\A(0|[1-9][0-9]{0,15})\\z")) and . <= $most;
def closed($required; $optional):
  type == "object" and keys as $names | ($required - $names == []) and ($names - $required - $optional == []);
def base64: test("\\A(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?\\z");
def digest: test("\\A[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=\\z");
# [seconds since 1970, microseconds] of YYYY-MM-DDTHH:MM:SS and a fraction of 0, 3 or 6 digits; null if there is no such time
def instant:
  [.[0:4], .[5:7], .[8:10], .[11:13], .[14:16], .[17:19] | digits] as [$y, $m, $d, $hour, $minute, $second]
  | (if $y % 4 == 0 and ($y % 100 != 0 or $y % 400 == 0) then 29 else 28 end) as $february
  | if $m < 1 or $m > 12 or $d < 1 or $d > [31, $february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][$m - 1]
      or $hour > 23 or $minute > 59 or $second > 59 then null
    else
      (if $m > 2 then $y else $y - 1 end) as $year
      | (365 * $year + ($year / 4 | floor) - ($year / 100 | floor) + ($year / 400 | floor)
        + ((153 * (if $m > 2 then $m - 3 else $m + 9 end) + 2) / 5 | floor) + $d - 719469) as $days
      | [$days * 86400 + $hour * 3600 + $minute * 60 + $second,
         (.[20:] | rtrimstr("Z") | . + "000000"[length:] | digits)]
    end;
def time: text("\\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z\\z") and (instant != null);
'

is() { # file, jq filter, more options: whether the one JSON value in the file has it
    file=$1 filter=$2
    shift 2
    jq -e -s "$@" "$definitions length == 1 and ([.[0] | $filter] == [true])" "$file" >"$work/out" 2>&1
}

take() { # file, jq filter of a text: prints it
    jq -j "$2" "$1"
}

is_jcs() { # file: whether it is JSON in the form of RFC 8785; numbers are looked at where they may stand
    jq -S -c . "$1" 2>"$work/out" | # older ones write DEL with an escape
        sed "s/\\\\\\\\/$soh/g; s/\\\\u007f/$del/g; s/$soh/\\\\\\\\/g" >"$work/jcs"
    { cat "$1" && echo; } | cmp -s - "$work/jcs"
}

outside() { # sed commands: applies them to what stands outside of the strings of JSON in printable ASCII
    sed "s/\\\\\\\\/$soh/g; s/\\\\\"/$stx/g" | tr '"' '\n' | sed "$1;\$!n" | tr '\n' '"' |
        sed "s/\"\$//; s/$stx/\\\\\"/g; s/$soh/\\\\\\\\/g"
}

# Of texts, one a line: whether each is a number as Python writes it.
numbers='
def zeros($count): if $count > 0 then "0" * $count else "" end;
def python: # of the decimal digits of a double, however they are written
  capture("\\A(?<sign>-?)(?<whole>[0-9]+)([.](?<part>[0-9]*))?([eE](?<sign2>[+-]?)(?<power>[0-9]+))?\\z")
  | (.part // "") as $part
  | ((.power // "0" | digits) * (if .sign2 == "-" then -1 else 1 end) - ($part | length)) as $power
  | (.whole + $part | sub("\\A0+"; "")) as $all
  | ($all | sub("0+\\z"; "")) as $digits
  | ($digits | length) as $n
  | (if $digits == "" then 1 else ($all | length) + $power end) as $point
  | .sign + (
      if $digits == "" then "0.0"
      elif $point <= 0 and $point > -4 then "0." + zeros(-$point) + $digits
      elif $point > 0 and $point <= 16 and $point >= $n then $digits + zeros($point - $n) + ".0"
      elif $point > 0 and $point <= 16 then $digits[:$point] + "." + $digits[$point:]
      else $digits[:1] + (if $n > 1 then "." + $digits[1:] else "" end) + "e"
        + (if $point < 1 then "-" else "+" end)
        + ([$point - 1, 1 - $point] | max | tostring | if length < 2 then "0" + . else . end)
      end);
split("\n") | all(.[];
  test("\\A(?:|0|-?[1-9][0-9]{0,127})\\z") or (test("[.e]") and length < 128 and . == (tonumber * 1 | tojson | python)))
'

is_python() { # file, item separator, name separator: whether it is JSON as json.dumps(value, sort_keys=True) writes it
    [ -s "$1" ] && [ "$(tr -d ' -~' <"$1" | wc -c)" -eq 0 ] || return 1
    { cat "$1" && echo; } | sed "s/\\\\\\\\/$soh/g; s/\\\\\"/$stx/g" | tr '"' '\n' | sed -n 'p;n' |
        tr ' ,:{}[]' '[\n*]' | sed '/^true$/d; /^false$/d; /^null$/d' >"$work/numbers"
    jq -e -R -s "$definitions $numbers" "$work/numbers" >"$work/out" 2>&1 || return 1
    { cat "$1" && echo; } | outside 's/-\{0,1\}[0-9][-+.eE0-9]*/0/g' >"$work/zeros"
    jq -S -c -a . "$work/zeros" 2>"$work/out" | sed "s/$del/\\\\u007f/g" |
        outside "s/,/$2/g; s/:/$3/g" | cmp -s - "$work/zeros" || return 1
    is "$1" 'def depth: if type == "array" or type == "object" then 1 + ([.[] | depth] | max // 0) else 1 end;
        depth <= 64 and all(.. | strings; utf8bytelength <= 262144) and all(.. | objects | keys[]; length <= 256)'
}

### The keys

case "$log_key" in *+*+*) ;; *) fail "the log's key is not name+id+key" ;; esac
log_name=${log_key%%+*} log_rest=${log_key#*+}
log_id=${log_rest%%+*} log_base64=${log_rest#*+}
jq -n -e --arg base64 "$log_base64" "$definitions \$base64 | base64 and length == 44" >"$work/out" ||
    fail "the log's key does not have 33 bytes"
log_hex=$(hex "$log_base64")
case "$log_hex" in 01*) ;; *) fail "the log's key is not of the type Ed25519" ;; esac
[ "$({ printf '%s\n' "$log_name" && printf %s "$log_hex" | xxd -r -p; } | sha256 | cut -c 1-8)" = "$log_id" ] ||
    fail "the log's key has another id"

if [ -n "$approver" ]; then
    [ -r "$approver" ] || fail "$approver cannot be read"
    [ "$(grep -c -e '-----BEGIN' "$approver")" -eq 1 ] || fail "$approver has more than one key, or none"
    approver_hex=$("$openssl" pkey -pubin -in "$approver" -outform DER 2>"$work/out" | xxd -p | tr -d '\n')
    case "$approver_hex" in
    302a300506032b6570032100*) approver_hex=${approver_hex#302a300506032b6570032100} ;;
    *) fail "$approver is not an Ed25519 public key" ;;
    esac
fi

### The bundle

if [ "$(tail -c 1 "$1" | xxd -p)" = 0a ]; then
    head -c $(($(wc -c <"$1") - 1)) "$1" >"$evidence"
else
    cat "$1" >"$evidence"
fi
[ "$(wc -c <"$evidence")" -le 16777216 ] && is_jcs "$evidence" &&
    is "$evidence" 'keys == ["documents", "proof", "receipt"] and all(.receipt, .proof; type == "string")
        and (.documents | type == "object" and all(.[]; type == "string"))
        and all(.. | strings; utf8bytelength <= 8388608) and (.documents | length <= 9996)' || invalid evidence-malformed
take "$evidence" .receipt >"$work/receipt"
take "$evidence" .proof >"$work/proof"

### The receipt

receipt='
def previous($ledger):
  closed(["index", "log"]; []) and (.index | whole(1099511627775))
  and (.log | text("\\Aopenexec[.]dev/ledger/\($ledger)/[1-9][0-9]{0,6}\\z") and (split("/") | last | digits <= 4194304));
def approval: closed(["id"]; []) and (.id | printable);
def step:
  (.status | one_of(["failed", "indeterminate"])) as $failure
  | (.phase == "outcome" and (.kind | one_of(["PURE", "TRANSACTIONAL"]))) as $either
  | closed(
      ["action", "at", "attempt", "authority", "claimedAt", "execId", "executor", "kind", "phase", "status", "tenant"]
        + (if .authority == "v1" then ["approval"] else [] end) + (if $failure then ["code"] else [] end)
        + (if $either or (.phase == "intent" and .attempt == 1) then [] else ["previous"] end);
      ["actionDigest"] + (if $either then ["previous"] else [] end))
  and ([.phase, .status] | one_of([
      ["intent", "authorized"], ["outcome", "succeeded"], ["outcome", "failed"], ["outcome", "indeterminate"],
      ["outcome", "withdrawn"], ["resolution", "succeeded"], ["resolution", "failed"]]))
  and (.kind | one_of(["PURE", "TRANSACTIONAL", "IDEMPOTENT", "AT_MOST_ONCE"]))
  and (.execId | uuid) and (.action | type == "string" and . != "") and (.claimedAt | time)
  and (.attempt | whole(3) and . >= 1) and (.status != "withdrawn" or .attempt == 1)
  and optional("actionDigest"; sha256) and optional("code"; word);
def refusal:
  closed(["at", "authority", "executor", "phase", "reason", "status", "tenant"];
    ["rule"] + (if .authority == "v1" then ["approval"] else [] end))
  and .status == "refused" and (.reason | word) and optional("rule"; text("\\A[A-Za-z0-9_-]{1,64}\\z"));
def control:
  closed(["at", "executor", "phase", "status"]; ["details", "previous"]) and (.status | word)
  and optional("details"; type == "object"
    and all(keys[]; test("\\A[A-Za-z][A-Za-z0-9-]{0,63}\\z")) and all(.[]; type == "string"));
def of_execution: .phase | one_of(["intent", "outcome", "resolution"]);
def subjects: if of_execution | not then ["ledger"] else
    ["request"] + (if .authority == "v1" then ["approval"] else [] end)
      + (if .status == "succeeded" then ["result"] else [] end)
      + (if .phase == "resolution" then ["resolution"] else [] end)
  end;
closed(["_type", "predicate", "predicateType", "subject"]; []) and ._type == "https://in-toto.io/Statement/v1"
and .predicateType == "https://openexec.dev/receipt/v2"
and (.predicate
  | (.executor | closed(["boot", "id", "version"]; []) and all(.id, .boot; hex(32)) and (.version | printable))
  and (if of_execution then step elif .phase == "refusal" then refusal else .phase == "control" and control end)
  and (.phase == "control" or ((.authority | one_of(["unsigned", "v1"])) and (.tenant | printable)))
  and (.at | time) and (.executor.id as $ledger | optional("previous"; previous($ledger))) and optional("approval"; approval))
and (.subject | type == "array" and all(.[]; closed(["digest", "name"]; []) and (.digest | sha256)))
and ([.subject[].name] == (.predicate | subjects))
and ((.predicate | of_execution) or .subject[0].digest.sha256 == $ledger_hash)
'
[ "$(wc -c <"$work/receipt")" -lt 65536 ] && is_jcs "$work/receipt" || invalid receipt-malformed
ledger_hash=$(take "$work/receipt" '.predicate.executor.id? // ""' 2>"$work/out" | sha256)
is "$work/receipt" "$receipt" --arg ledger_hash "$ledger_hash" || invalid receipt-malformed
ledger=$(take "$work/receipt" .predicate.executor.id)

### The proof: C2SP tlog-proof, and in it a signed checkpoint (C2SP tlog-checkpoint, signed-note)

proof='
split("\n\n") as $parts
| ($parts[0] | split("\n")) as $lines
| ($parts[1:-1] | join("\n\n")) as $text
| ($parts[-1] | split("\n")) as $signatures
| ($lines[1:] | if first // "" | startswith("extra ") then .[1:] else . end) as [$index]
| ($lines[1:] | if first // "" | startswith("extra ") then .[2:] else .[1:] end) as $path
| (test("[\u0000-\u0009\u000b-\u001f\u007f]") | not)
  and $lines[0] == "c2sp.org/tlog-proof@v1"
  and ($lines[1] // "" | startswith("extra ") | not or ($lines[1][6:] | base64))
  and ($index // "" | test("\\Aindex (0|[1-9][0-9]{0,18})\\z")) and ($path | length <= 63 and all(.[]; digest))
  and $text != "" and ($signatures | length > 1 and length <= 101 and last == "" and all(.[:-1][];
    test("\\A— [^ +\\p{Z}]+ [A-Za-z0-9+/]+={0,2}\\z")
    and (split(" ")[2] | base64 and length >= 8 and (length > 8 or (endswith("==") | not)))))
'
[ "$(tail -c 1 "$work/proof" | xxd -p)" = 0a ] && jq -e -R -s "$definitions $proof" "$work/proof" >"$work/out" 2>&1 ||
    invalid proof-malformed
sed '/^$/,$d' "$work/proof" | sed '1d; /^extra /d' >"$work/path"
index=$(sed -n '1s/^index //p' "$work/path")
sed '1,/^$/d' "$work/proof" | sed '/^$/,$d' >"$work/note"
sed '1,/^$/d' "$work/proof" | sed '1,/^$/d' >"$work/signatures"
[ "$index" -ge 0 ] 2>"$work/out" || invalid proof-malformed # beyond 2^63 - 1

is_one_paragraph='split("\n\n") | length == 3' # of a checkpoint, between the proof and the signatures
jq -e -R -s "$is_one_paragraph" "$work/proof" >"$work/out" 2>&1 &&
    jq -e -R -s --arg name "$log_name" "$definitions"' split("\n") | length >= 4 and .[0] == $name
    and (.[1] | test("\\A(0|[1-9][0-9]{0,18})\\z")) and (.[2] | digest)' "$work/note" >"$work/out" 2>&1 ||
    invalid checkpoint-untrusted
size=$(sed -n 2p "$work/note") root=$(hex "$(sed -n 3p "$work/note")")
[ "$size" -ge 0 ] 2>"$work/out" || invalid checkpoint-untrusted
log=${log_name#openexec.dev/ledger/}
jq -n -e --arg log "$log_name" "$definitions"'
    $log | test("\\Aopenexec[.]dev/ledger/[0-9a-f]{32}/[1-9][0-9]{0,6}\\z") and (split("/") | last | digits <= 4194304)
    ' >"$work/out" || invalid checkpoint-untrusted
found=
while read -r dash name base64; do
    signature=$(hex "$base64")
    if [ "$name" = "$log_name" ] && [ "${signature%"${signature#????????}"}" = "$log_id" ]; then
        signature=${signature#????????}
        [ ${#signature} -eq 128 ] && signed "${log_hex#01}" "$work/note" "$signature" || invalid checkpoint-untrusted
        found=$dash
    fi
done <"$work/signatures"
[ -n "$found" ] || invalid checkpoint-untrusted

# RFC 9162 section 2.1.3.2
[ "$index" -lt "$size" ] || invalid not-included
hash=$({ printf '\000' && cat "$work/receipt"; } | sha256)
fn=$index sn=$((size - 1))
sed 1d "$work/path" >"$work/hashes"
while read -r base64; do
    [ $sn -ne 0 ] || invalid not-included
    if [ $((fn & 1)) -eq 1 ] || [ $fn -eq $sn ]; then
        hash=$(printf '01%s%s' "$(hex "$base64")" "$hash" | xxd -r -p | sha256)
        while [ $((fn & 1)) -eq 0 ] && [ $fn -ne 0 ]; do
            fn=$((fn >> 1)) sn=$((sn >> 1))
        done
    else
        hash=$(printf '01%s%s' "$hash" "$(hex "$base64")" | xxd -r -p | sha256)
    fi
    fn=$((fn >> 1)) sn=$((sn >> 1))
done <"$work/hashes"
[ $sn -eq 0 ] && [ "$hash" = "$root" ] || invalid not-included

[ "${log%/*}" = "$ledger" ] || invalid log-foreign
if is "$work/receipt" '.predicate | has("execId") and has("previous")'; then
    previous_index=$(take "$work/receipt" .predicate.previous.index)
    previous_log=$(take "$work/receipt" '.predicate.previous.log | split("/") | last')
    [ "$previous_log" -lt "${log#*/}" ] || { [ "$previous_log" -eq "${log#*/}" ] && [ "$previous_index" -lt "$index" ]; } ||
        invalid previous-later
fi

### The documents

for name in $(take "$evidence" '.documents | keys | map(if test("\\A[a-z]+\\z") then . else "?" end) | join(" ")'); do
    is "$work/receipt" '(.predicate | has("execId")) and any(.subject[]; .name == $name)' --arg name "$name" ||
        invalid document-unknown
    take "$evidence" ".documents.$name" >"$work/$name"
    is "$work/receipt" 'any(.subject[]; .name == $name and .digest.sha256 == $hash)' \
        --arg name "$name" --arg hash "$(sha256 <"$work/$name")" || invalid document-changed
done

document() { # name, its other members as a JSON array: whether it is there; in another form it is invalid
    [ -e "$work/$1" ] || return 1
    is_jcs "$work/$1" && is "$work/$1" "keys == ($2 + [\"salt\"] | sort) and all(.[]; type == \"string\") and (.salt | hex(32))" ||
        invalid document-malformed
}

request_hash=
if document request '["canonical", "nonce"]'; then
    take "$work/request" .canonical >"$work/canonical"
    is_python "$work/canonical" , : && is "$work/canonical" 'closed(["action", "payload"]; [])
        and (.action | type == "string") and (.payload | type == "object")' || invalid document-malformed
    is "$work/canonical" '.action == $receipt[0].predicate.action' --slurpfile receipt "$work/receipt" ||
        invalid document-contradicts
    request_hash=$(sha256 <"$work/canonical")
fi
if document result '["receipt", "result"]'; then
    take "$work/result" .result >"$work/answer"
    is "$work/result" '.receipt | hex(64)' && is_python "$work/answer" ', ' ': ' || invalid document-malformed
    hash=$({ take "$work/receipt" '.predicate.execId + ":"' && cat "$work/answer"; } | sha256)
    is "$work/result" '.receipt == $hash' --arg hash "$hash" || invalid document-contradicts
fi
document resolution '["actor", "evidence"]' || true

if is "$work/receipt" '.predicate | .authority == "v1" and has("execId")'; then
    approved=
    if document approval '["artifact"]'; then
        take "$work/approval" .artifact >"$work/artifact"
        members=$(jq -c --stream 'select(length == 2 and .[0] != [])' "$work/artifact" 2>"$work/out" | wc -l) # each once
        is "$work/artifact" 'type == "object" and all(.[]; type == "string") and length == $members' \
            --argjson members "$members" || invalid document-malformed
        is "$work/artifact" '. as $it
            | ($receipt[0].predicate | .approval.id == $it.approval_id and .tenant == $it.tenant_id)
            and ($request_hash == "" or .action_hash == $request_hash)' --slurpfile receipt "$work/receipt" \
            --arg request_hash "$request_hash" || invalid document-contradicts
        [ -z "$request_hash" ] || approved=perhaps
    fi
    if [ -n "$approver" ]; then
        is "$work/receipt" '.predicate.tenant == $tenant' --arg tenant "$tenant" || invalid approval-invalid
        [ -z "$approved" ] || approved=asked
    fi
    if [ "$approved" = asked ]; then
        # the grammar of a version 1 approval
        [ "$(wc -c <"$work/artifact")" -le 8192 ] &&
            is "$work/artifact" 'def naive:
                  text("\\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.](?!000000)[0-9]{6})?\\z")
                  and .[0:4] != "0000" and (instant != null);
                keys == ["action_hash", "approval_id", "expires_at", "issued_at", "signature", "tenant_id"]
                and (.approval_id | uuid) and (.tenant_id | printable) and (.action_hash | hex(64))
                and all(.issued_at, .expires_at; naive) and (.signature | text("\\A[A-Za-z0-9+/]{85}[AQgw]==\\z"))' ||
            invalid approval-invalid
        take "$work/artifact" '.approval_id + .tenant_id + .action_hash + .issued_at + .expires_at' >"$work/message"
        signed "$approver_hex" "$work/message" "$(hex "$(take "$work/artifact" .signature)")" || invalid approval-invalid
        is "$work/artifact" '(.issued_at | instant) as [$from, $from_micros] | (.expires_at | instant) as [$to, $to_micros]
            | ($receipt[0].predicate.claimedAt | instant) as [$claimed, $claimed_micros]
            | [$from, $from_micros] < [$to, $to_micros] and [$to - 86400, $to_micros] <= [$from, $from_micros]
            and [$from, $from_micros] <= [$claimed + 60, $claimed_micros] and [$claimed, $claimed_micros] <= [$to, $to_micros]' \
            --slurpfile receipt "$work/receipt" || invalid approval-invalid
        echo "APPROVED LOGGED"
        exit 0
    fi
fi
echo LOGGED
