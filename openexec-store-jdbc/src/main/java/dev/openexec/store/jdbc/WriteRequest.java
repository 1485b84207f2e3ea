package dev.openexec.store.jdbc;

import dev.openexec.approval.Authority;
import dev.openexec.json.Digest;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.Outcome;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.SpentApproval;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A write, as statements. */
final class WriteRequest extends Request<Outcome> {

    final Write write;
    private final String bootId;
    private final InstantSource clock;

    WriteRequest(Write write, String bootId, InstantSource clock) {
        this.write = write;
        this.bootId = bootId;
        this.clock = clock;
    }

    /** Endings first: somebody's effect has happened and is not yet on record. Then claims, then heartbeats. */
    @Override
    int urgency() {
        if (write instanceof Write.End) {
            return 0;
        }
        return write instanceof Write.Insert ? 1 : 2;
    }

    @Override
    long size() {
        if (write instanceof Write.End end) {
            return length(end.ending().result()) + length(end.leaf());
        }
        if (write instanceof Write.Insert insert) {
            SpentApproval approval = insert.claim().approval();
            Ending ending = insert.ending();
            return length(insert.claim().payload())
                    + length(approval == null ? null : approval.text())
                    + length(ending == null ? null : ending.result())
                    + length(insert.leaf());
        }
        return 0;
    }

    @Override
    Outcome perform(Session session) throws SQLException {
        if (write instanceof Write.Insert insert) {
            return insert(session, insert);
        }
        if (write instanceof Write.End end) {
            return end(session, end);
        }
        return Outcome.applied(-1); // the commit itself is the heartbeat
    }

    private Outcome insert(Session session, Write.Insert insert) throws SQLException {
        Claim claim = insert.claim();
        Instant now = clock.instant();
        if (Executions.insert(session, claim, insert.ending(), bootId, now)) {
            return applied(session, claim.nonceKey(), insert.leaf());
        }
        Optional<StoredExecution> standing = Executions.find(session, claim.keys());
        if (standing.isPresent()) {
            boolean ours = standing.get().claim().token().equals(claim.token());
            return ours ? Outcome.applied(-1) : Outcome.lost(standing);
        }
        return Outcome.refused(refusal(Meta.read(session), claim, now));
    }

    /** Nothing stands in the way, yet the row is not there: which condition of the statement did not hold? */
    private static Verdict refusal(Meta meta, Claim claim, Instant now) throws SQLException {
        SpentApproval approval = claim.approval();
        if (claim.authority() == Authority.UNSIGNED && meta.signed()) {
            return Verdict.SIGNED_LEDGER;
        }
        if (approval != null && approval.hasExpiredAt(now)) {
            return Verdict.EXPIRED;
        }
        if (approval != null && !approval.expiresAt().isAfter(meta.expiryFloor())) {
            return Verdict.BEHIND_EXPIRY_FLOOR;
        }
        if (approval != null && approval.issuedAt().isBefore(meta.issueFloor())) {
            return Verdict.BEFORE_ISSUE_FLOOR;
        }
        throw new SQLException("A row was refused for no reason that the ledger knows");
    }

    private Outcome end(Session session, Write.End end) throws SQLException {
        if (Executions.end(session, end)) {
            return applied(session, end.nonceKey(), end.leaf());
        }
        Optional<StoredExecution> row = Executions.find(session, List.of(end.nonceKey()));
        boolean done = row.isPresent()
                && row.get().claim().token().equals(end.token())
                && row.get().attempt() == end.attempt()
                && end.ending().equals(row.get().ending());
        return done ? Outcome.applied(-1) : Outcome.lost(row);
    }

    private static Outcome applied(Session session, Digest nonceKey, @Nullable String leaf) throws SQLException {
        return Outcome.applied(leaf == null ? -1 : Receipts.append(session, nonceKey, leaf));
    }

    private static long length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
