package dev.openexec.store;

import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the subjects of a receipt are digests of: made from the row, as often as they are asked for. Each has a salt of its
 * own, derived from the row's, so that who has a receipt cannot find out by guessing what it is about, and who is
 * given one document learns nothing of the others. RFC 8785 texts.
 *
 * @param byName the documents' texts, in the order of the subjects
 */
record Documents(Map<String, String> byName) {

    static Documents of(StoredExecution row) {
        return row.isErased() ? new Documents(Map.of()) : of(row.claim(), row.ending(), row.resolution());
    }

    static Documents of(Claim claim, @Nullable Ending ending, StoredExecution.@Nullable Resolution resolution) {
        Map<String, String> documents = new LinkedHashMap<>();
        documents.put("request", request(claim));
        SpentApproval approval = claim.approval();
        if (approval != null) {
            documents.put(
                    "approval",
                    new JcsObject(approval.text().length() + 96)
                            .text("artifact", approval.text())
                            .text("salt", salt(claim, "approval"))
                            .end());
        }
        if (ending != null && ending.result() != null) {
            documents.put("result", result(claim, ending.result()));
        }
        if (resolution != null) {
            documents.put(
                    "resolution",
                    new JcsObject(256)
                            .text("actor", resolution.actor())
                            .text("evidence", resolution.evidence())
                            .text("salt", salt(claim, "resolution"))
                            .end());
        }
        return new Documents(documents);
    }

    /** With the very text that approvals hash. */
    private static String request(Claim claim) {
        String action = Json.of(Map.of("action", claim.action())).canonical();
        String canonical = action.substring(0, action.length() - 1) + ",\"payload\":" + claim.payload() + "}";
        return new JcsObject(canonical.length() + 256)
                .text("canonical", canonical)
                .text("nonce", claim.nonce())
                .text("salt", salt(claim, "request"))
                .end();
    }

    private static String result(Claim claim, String result) {
        return new JcsObject(result.length() + 256)
                .text(
                        "receipt",
                        Digest.ofUtf8(claim.executionId() + ":" + result).hex())
                .text("result", result)
                .text("salt", salt(claim, "result"))
                .end();
    }

    private static String salt(Claim claim, String document) {
        return Digest.ofFields("openexec/salt/1", utf8(claim.salt()), utf8(document))
                .hex()
                .substring(0, 32);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
