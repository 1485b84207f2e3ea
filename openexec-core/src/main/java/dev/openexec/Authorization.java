package dev.openexec;

import dev.openexec.RefusedException.Reason;
import dev.openexec.approval.Approval;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.approval.Authority;
import dev.openexec.approval.InvalidApprovalException;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Stage 1: the form of the request and, in signed mode, everything about its approval except whether it may be spent now. */
final class Authorization {

    static final int MAX_ACTION_NAME = 256;
    private static final int MAX_NONCE_BYTES = 255;
    private static final int MAX_PAYLOAD_DEPTH = 63; // the request around it is the 64th level

    private final ApprovalPolicy policy;
    private final InstantSource clock;

    Authorization(ApprovalPolicy policy, InstantSource clock) {
        this.policy = policy;
        this.clock = clock;
    }

    Authorized authorize(ExecutionRequest request) throws RefusedException {
        checkForm(request);
        Digest requestHash = request.hash();
        try {
            Instant now = clock.instant();
            return new Authorized(
                    request, policy, requestHash, policy.verify(request.approval(), requestHash, now), now);
        } catch (InvalidApprovalException e) {
            throw refusal(e);
        }
    }

    static void checkForm(ExecutionRequest request) throws RefusedException {
        if (request.action().isEmpty() || request.action().length() > MAX_ACTION_NAME || !isText(request.action())) {
            throw new RefusedException(Reason.INVALID_REQUEST, "action-name");
        }
        if (request.payload().type() != Json.Type.OBJECT) {
            throw new RefusedException(Reason.INVALID_REQUEST, "payload-not-object");
        }
        if (request.payload().depth() > MAX_PAYLOAD_DEPTH) {
            throw new RefusedException(Reason.INVALID_REQUEST, "payload-too-deep");
        }
        String nonce = request.nonce();
        int bytes = nonce.length() > MAX_NONCE_BYTES ? nonce.length() : nonce.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0
                || bytes > MAX_NONCE_BYTES
                || !isText(nonce)
                || nonce.chars().anyMatch(Character::isISOControl)) {
            throw new RefusedException(Reason.INVALID_REQUEST, "nonce");
        }
    }

    /** Without lone surrogates, whose UTF-8 would be a question mark: two texts with one hash. */
    private static boolean isText(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    static RefusedException refusal(InvalidApprovalException e) {
        return new RefusedException(
                switch (e.fault()) {
                    case MISSING -> Reason.APPROVAL_MISSING;
                    case MALFORMED -> Reason.APPROVAL_MALFORMED;
                    case HASH_MISMATCH -> Reason.APPROVAL_HASH_MISMATCH;
                    case SIGNATURE_INVALID -> Reason.APPROVAL_SIGNATURE_INVALID;
                    case TENANT_MISMATCH -> Reason.APPROVAL_TENANT_MISMATCH;
                    case LIFETIME_TOO_LONG -> Reason.APPROVAL_LIFETIME_TOO_LONG;
                    case NOT_YET_VALID -> Reason.APPROVAL_NOT_YET_VALID;
                    case EXPIRED -> Reason.APPROVAL_EXPIRED;
                },
                e.rule());
    }

    /** A request that the policy authorises. It may still be a replay, or too late. */
    static final class Authorized {

        private final ExecutionRequest request;
        private final Authority authority;
        private final String tenant;
        private final Digest requestHash;
        private final Optional<Approval> approval;
        private final Digest nonceKey;
        private final Optional<Digest> approvalKey;
        private final List<Digest> claimableKeys;

        private Authorized(
                ExecutionRequest request,
                ApprovalPolicy policy,
                Digest requestHash,
                Optional<Approval> approval,
                Instant now) {
            this.request = request;
            this.authority = policy.authority();
            this.tenant = policy.tenant();
            this.requestHash = requestHash;
            this.approval = approval;
            this.nonceKey = authority == Authority.UNSIGNED
                    ? LedgerKeys.untenantedNonce(request.nonce())
                    : LedgerKeys.nonce(tenant, request.nonce());
            this.approvalKey = approval.map(verified -> LedgerKeys.approval(tenant, verified.id()));
            boolean claimable = approval.isEmpty() || approval.get().isSpendableAt(now);
            this.claimableKeys = claimable
                    ? approvalKey.map(key -> List.of(key, nonceKey)).orElseGet(() -> List.of(nonceKey))
                    : List.of();
        }

        ExecutionRequest request() {
            return request;
        }

        Authority authority() {
            return authority;
        }

        String tenant() {
            return tenant;
        }

        Digest requestHash() {
            return requestHash;
        }

        Optional<Approval> approval() {
            return approval;
        }

        /**
         * What no two requests may be at work on at once. Nothing if the approval cannot be spent: such a request claims
         * nothing, and must not learn by waiting that somebody is at work on its nonce.
         */
        List<Digest> claimableKeys() {
            return claimableKeys;
        }

        Digest nonceKey() {
            return nonceKey;
        }

        Optional<Digest> approvalKey() {
            return approvalKey;
        }
    }
}
