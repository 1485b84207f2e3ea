package dev.openexec.evidence;

import dev.openexec.approval.Approval;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.approval.InvalidApprovalException;
import dev.openexec.evidence.Verdict.Why;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Compares a receipt with the documents that it speaks of, as far as they are there. */
final class ReceiptCheck {

    private static final Pattern SALT = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private final LoggedReceipt receipt;
    private final Map<String, String> documents;

    private ReceiptCheck(LoggedReceipt receipt, Map<String, String> documents) {
        this.receipt = receipt;
        this.documents = documents;
    }

    /**
     * Checks that every document is one that the receipt speaks of, says the same, and has its one form.
     *
     * @param documents by name
     * @param approvers that have to have approved it if the documents say how; null if nobody is asked about
     * @return the approval, verified again; empty if there is none, or a document that it takes is missing
     */
    static Optional<Approval> check(
            LoggedReceipt receipt, Map<String, String> documents, @Nullable ApprovalPolicy approvers)
            throws InvalidEvidence {
        ReceiptCheck check = new ReceiptCheck(receipt, documents);
        check.checkDigests();
        return receipt.step().isEmpty()
                ? Optional.empty()
                : check.checkStep(receipt.step().get(), approvers);
    }

    private void checkDigests() throws InvalidEvidence {
        for (Map.Entry<String, String> document : documents.entrySet()) {
            Digest expected = receipt.subjects().get(document.getKey());
            if (expected == null) {
                throw new InvalidEvidence(Why.DOCUMENT_UNKNOWN);
            }
            if (!isWellFormed(document.getValue())
                    || !Digest.ofUtf8(document.getValue()).equals(expected)) {
                throw new InvalidEvidence(Why.DOCUMENT_CHANGED);
            }
        }
    }

    private static boolean isWellFormed(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private Optional<Approval> checkStep(Step step, @Nullable ApprovalPolicy approvers) throws InvalidEvidence {
        Optional<Digest> requestHash = checkRequest(step);
        checkResult(step);
        checkResolution();
        if (step.approval().isEmpty()) {
            return Optional.empty();
        }
        Optional<String> artifact = checkApproval(step, step.approval().get(), requestHash);
        if (approvers == null) {
            return Optional.empty();
        }
        if (!approvers.tenant().equals(step.tenant())) {
            throw new InvalidEvidence(Why.APPROVAL_INVALID);
        }
        return artifact.isEmpty() || requestHash.isEmpty()
                ? Optional.empty()
                : Optional.of(verified(approvers, artifact.get(), requestHash.get(), step));
    }

    /** The hash that approvals sign. */
    private Optional<Digest> checkRequest(Step step) throws InvalidEvidence {
        String text = documents.get(Subjects.REQUEST);
        if (text == null) {
            return Optional.empty();
        }
        ClosedObject request = ClosedObject.parse(text, Why.DOCUMENT_MALFORMED);
        String canonical = request.text("canonical");
        request.skip("nonce", LoggedReceipt.ANYTHING);
        request.skip("salt", SALT);
        request.end();
        Json json = json(canonical);
        request.require(json.canonical().equals(canonical) && isActionWithPayload(json));
        require(json.get("action").orElseThrow().asString().equals(step.action()));
        return Optional.of(Digest.ofUtf8(canonical));
    }

    private static boolean isActionWithPayload(Json json) {
        return json.type() == Json.Type.OBJECT
                && json.names().size() == 2
                && json.get("action")
                        .filter(action -> action.type() == Json.Type.STRING)
                        .isPresent()
                && json.get("payload")
                        .filter(payload -> payload.type() == Json.Type.OBJECT)
                        .isPresent();
    }

    private void checkResult(Step step) throws InvalidEvidence {
        String text = documents.get(Subjects.RESULT);
        if (text != null) {
            ClosedObject document = ClosedObject.parse(text, Why.DOCUMENT_MALFORMED);
            String result = document.text("result");
            String hash = document.text("receipt", HASH);
            document.skip("salt", SALT);
            document.end();
            document.require(json(result).spaced().equals(result));
            require(Digest.ofUtf8(step.executionId() + ":" + result).hex().equals(hash));
        }
    }

    private void checkResolution() throws InvalidEvidence {
        String text = documents.get(Subjects.RESOLUTION);
        if (text != null) {
            ClosedObject document = ClosedObject.parse(text, Why.DOCUMENT_MALFORMED);
            document.skip("actor", LoggedReceipt.ANYTHING);
            document.skip("evidence", LoggedReceipt.ANYTHING);
            document.skip("salt", SALT);
            document.end();
        }
    }

    /** Whoever signed it: it has to be about the same as the receipt and the request. */
    private Optional<String> checkApproval(Step step, String id, Optional<Digest> requestHash) throws InvalidEvidence {
        String text = documents.get(Subjects.APPROVAL);
        if (text == null) {
            return Optional.empty();
        }
        ClosedObject document = ClosedObject.parse(text, Why.DOCUMENT_MALFORMED);
        String artifact = document.text("artifact");
        document.skip("salt", SALT);
        document.end();
        Json json = json(artifact);
        document.require(isOfTexts(json));
        require(says(json, "approval_id", id) && says(json, "tenant_id", step.tenant()));
        require(requestHash.isEmpty()
                || says(json, "action_hash", requestHash.get().hex()));
        return Optional.of(artifact);
    }

    /** As a version 1 approval is; whether it is one is for those to say who may know the approvers. */
    private static boolean isOfTexts(Json json) {
        return json.type() == Json.Type.OBJECT
                && json.names().stream()
                        .allMatch(name -> json.get(name)
                                .filter(member -> member.type() == Json.Type.STRING)
                                .isPresent());
    }

    private static boolean says(Json artifact, String member, String expected) {
        return artifact.get(member)
                .filter(text -> text.asString().equals(expected))
                .isPresent();
    }

    private static Approval verified(ApprovalPolicy approvers, String artifact, Digest requestHash, Step step)
            throws InvalidEvidence {
        try {
            return approvers
                    .verify(artifact, requestHash, step.claimedAt())
                    .filter(approval -> approval.isSpendableAt(step.claimedAt()))
                    .orElseThrow(() -> new InvalidEvidence(Why.APPROVAL_INVALID));
        } catch (InvalidApprovalException e) {
            throw new InvalidEvidence(Why.APPROVAL_INVALID);
        }
    }

    private static Json json(String text) throws InvalidEvidence {
        try {
            return Json.parse(text);
        } catch (MalformedJsonException e) {
            throw new InvalidEvidence(Why.DOCUMENT_MALFORMED);
        }
    }

    private static void require(boolean agrees) throws InvalidEvidence {
        if (!agrees) {
            throw new InvalidEvidence(Why.DOCUMENT_CONTRADICTS);
        }
    }
}
