package dev.openexec;

import dev.openexec.Admission.Admitted;
import dev.openexec.Authorization.Authorized;
import dev.openexec.json.Digest;
import dev.openexec.store.Claim;
import dev.openexec.store.SpentApproval;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts an admitted request into the words of the ledger, under new random identifiers. */
final class ClaimDraft {

    private ClaimDraft() {}

    static Claim of(Admitted admitted, Instant now) {
        Authorized request = admitted.authorized();
        return new Claim(
                Identifiers.executionId(now),
                request.nonceKey(),
                LedgerKeys.untenantedNonce(request.request().nonce()),
                request.authority(),
                spent(request),
                request.requestHash(),
                request.tenant(),
                request.request().nonce(),
                request.request().action(),
                admitted.action().kind(),
                admitted.action().digest().orElse(null),
                request.request().payload().canonical(),
                Identifiers.random128(),
                Identifiers.random128(),
                now);
    }

    private static @Nullable SpentApproval spent(Authorized request) {
        Optional<Digest> key = request.approvalKey();
        return request.approval()
                .map(approval -> new SpentApproval(
                        key.orElseThrow(), approval.id(), approval.text(), approval.issuedAt(), approval.expiresAt()))
                .orElse(null);
    }
}
