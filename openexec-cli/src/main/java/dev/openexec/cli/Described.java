package dev.openexec.cli;

import dev.openexec.Receipt;
import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.SpentApproval;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.StoredExecution.Resolution;
import java.util.LinkedHashMap;
import java.util.Map;

/** A row as members of an answer: everything but payload and result, which may be private. */
final class Described {

    private Described() {}

    static String state(StoredExecution row) {
        Ending ending = row.ending();
        return ending == null ? "RUNNING" : ending.state().name();
    }

    static Map<String, Object> members(StoredExecution row) {
        Map<String, Object> members = new LinkedHashMap<>();
        Claim claim = row.claim();
        members.put("execution_id", claim.executionId().toString());
        members.put("state", state(row));
        members.put("action", claim.action());
        members.put("kind", claim.kind().name());
        members.put("tenant", claim.tenant());
        if (!row.isErased()) {
            members.put("nonce", claim.nonce());
        }
        members.put("authority", claim.authority().name());
        SpentApproval approval = claim.approval();
        if (approval != null) {
            members.put("approval_id", approval.id());
            members.put("approval_issued_at", approval.issuedAt().toString());
            members.put("approval_expires_at", approval.expiresAt().toString());
        }
        if (!row.isErased()) {
            members.put("request_hash", claim.requestHash().hex());
        }
        if (claim.actionDigest() != null) {
            members.put("action_digest", claim.actionDigest().hex());
        }
        members.put("claimed_at", claim.claimedAt().toString());
        members.put("attempt", row.attempt());
        ending(row, members);
        return members;
    }

    private static void ending(StoredExecution row, Map<String, Object> members) {
        Ending ending = row.ending();
        if (ending == null) {
            return;
        }
        members.put("ended_at", ending.at().toString());
        if (ending.code() != null) {
            members.put("code", ending.code());
        }
        if (ending.result() != null) {
            members.put(
                    "receipt",
                    Receipt.of(row.claim().executionId().toString(), ending.result())
                            .hash());
        }
        if (ending.isErased() || row.isErased()) {
            members.put("erased", true);
        }
        Resolution resolution = row.resolution();
        if (resolution != null) {
            members.put("resolved_by", resolution.actor());
            members.put("evidence", resolution.evidence());
        }
    }

    /** Payload and result, as far as they are there. */
    static Map<String, Json> contents(StoredExecution row) throws Refusal {
        Map<String, Json> contents = new LinkedHashMap<>();
        if (row.isErased()) {
            return contents;
        }
        contents.put("payload", recorded("payload", row.claim().payload()));
        Ending ending = row.ending();
        if (ending != null && ending.result() != null) {
            contents.put("result", recorded("result", ending.result()));
        }
        return contents;
    }

    private static Json recorded(String name, String text) throws Refusal {
        try {
            return Json.parse(text);
        } catch (MalformedJsonException e) {
            throw new Refusal(Tool.DATA, "recorded-content-malformed", "The recorded " + name + " is not JSON");
        }
    }
}
