package dev.openexec.store.jdbc;

import dev.openexec.approval.Authority;
import dev.openexec.store.Change;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.Leaf;
import dev.openexec.store.LogPosition;
import dev.openexec.store.Outcome;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.SpentApproval;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A write, as statements. {@link TransactionRequest} has an action between them. */
class WriteRequest extends Request<Outcome> {

    private static final long RECEIPT = 1024; // about

    private final Write write;
    private final String bootId;
    private final InstantSource clock;
    private @Nullable Instant signedClaimAt;
    private @Nullable LogAppender log;

    WriteRequest(Write write, String bootId, InstantSource clock) {
        this.write = write;
        this.bootId = bootId;
        this.clock = clock;
    }

    /** Endings first: somebody's effect has happened and is not yet on record. Then claims, then everything else. */
    @Override
    int urgency() {
        if (write instanceof Write.Insert || write instanceof Change.Retry) {
            return 1;
        }
        return isOwed() || write instanceof Change.Resolve ? 0 : 2;
    }

    @Override
    long size() {
        return RECEIPT + (write instanceof Write.Insert insert ? size(insert) : size(write));
    }

    private static long size(Write.Insert insert) {
        SpentApproval approval = insert.claim().approval();
        Ending ending = insert.ending();
        return length(insert.claim().payload())
                + length(approval == null ? null : approval.text())
                + length(ending == null ? null : ending.result());
    }

    private static long size(Write write) {
        if (write instanceof Change.Resolve resolve) {
            return length(resolve.ending().result());
        }
        return write instanceof Change.End end ? length(end.ending().result()) : 0;
    }

    private static long length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    /** Whether what it tells has happened whatever becomes of this write, so that it has to be written sooner or later. */
    final boolean isOwed() {
        return write instanceof Change.End || write instanceof Change.Withdraw;
    }

    /** Whether it tells of nothing that has happened, and is to be refused where the ballast is the only room left. */
    final boolean needsRoom() {
        return write instanceof Write.Insert
                || write instanceof Change.Retry
                || write instanceof Write.Note
                || isBeat();
    }

    final boolean isBeat() {
        return write instanceof Write.Beat;
    }

    /** When it made a signed claim; null if it did not. */
    final @Nullable Instant signedClaimAt() {
        return signedClaimAt;
    }

    /** Where the receipt goes, in the transaction that is open. */
    final void appendTo(LogAppender log) {
        this.log = log;
    }

    /** What it is answered with if it is in the ledger already. */
    Optional<Outcome> done(Session session) throws SQLException {
        return isDone(session) ? Optional.of(Outcome.applied(-1)) : Optional.empty();
    }

    private boolean isDone(Session session) throws SQLException {
        if (write instanceof Write.Insert insert) {
            Claim claim = insert.claim();
            Optional<StoredExecution> row = Rows.find(session, List.of(claim.nonceKey()));
            return row.isPresent() && row.get().claim().token().equals(claim.token());
        }
        return write instanceof Change change
                && change.isDone(Rows.find(session, List.of(change.nonceKey())).orElse(null));
    }

    @Override
    Outcome perform(Session session) throws SQLException {
        signedClaimAt = null;
        Instant now = now();
        if (write instanceof Write.Insert insert) {
            return insert(session, insert, now);
        }
        if (write instanceof Change change) {
            return change(session, change, now);
        }
        if (write instanceof Write.Prune prune) {
            return prune(session, prune, now);
        }
        if (write instanceof Write.EraseResults erase) {
            int erased = Retention.erase(session, erase);
            return applied().withRows(erased);
        }
        if (write instanceof Write.TrustClock) {
            Meta.trustClock(session, now);
        }
        if (write instanceof Write.Cosigned cosigned) {
            LogTables.cosigned(session, cosigned);
        }
        return applied(); // of a heartbeat there is nothing but the commit
    }

    /** To the millisecond, as everything in a ledger. */
    final Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    final InstantSource clock() {
        return clock;
    }

    final String bootId() {
        return bootId;
    }

    final Outcome insert(Session session, Write.Insert insert, Instant now) throws SQLException {
        Claim claim = insert.claim();
        if (Executions.insert(session, insert, bootId, next(insert.leaf()), now)) {
            claimed(claim, now);
            return Outcome.applied(append(insert.leaf(), null));
        }
        Optional<StoredExecution> standing = Rows.find(session, claim.keys());
        if (standing.isPresent()) {
            boolean ours = standing.get().claim().token().equals(claim.token());
            return ours ? Outcome.applied(-1) : Outcome.lost(standing);
        }
        return refused(session, claim, now);
    }

    final Outcome change(Session session, Change change, Instant now) throws SQLException {
        LogPosition previous = change.leaf() == null ? null : LogTables.lastOf(session, change.nonceKey());
        boolean changed = Executions.change(session, change, bootId, next(change.leaf()), now);
        if (changed && !(change instanceof Change.Retry)) {
            return Outcome.applied(append(change.leaf(), previous));
        }
        Optional<StoredExecution> row = Rows.find(session, List.of(change.nonceKey()));
        if (changed) {
            claimed(row.orElseThrow().claim(), now);
            return Outcome.applied(append(change.leaf(), previous));
        }
        if (row.isPresent() && change.appliesTo(row.get())) {
            return refused(session, row.get().claim(), now);
        }
        return change.isDone(row.orElse(null)) ? Outcome.applied(-1) : Outcome.lost(row);
    }

    private void claimed(Claim claim, Instant now) {
        if (claim.authority() == Authority.V1) {
            signedClaimAt = now;
        }
    }

    private Outcome prune(Session session, Write.Prune prune, Instant now) throws SQLException {
        if (Meta.read(session).floors().forbidsPruning(now)) {
            return Outcome.refused(Verdict.CLOCK_UNSAFE);
        }
        int pruned = Retention.prune(session, prune, now);
        return applied().withRows(pruned);
    }

    /** Nothing stands in the way, yet the claim is not there: which condition of the statement did not hold? */
    private static Outcome refused(Session session, Claim claim, Instant now) throws SQLException {
        Verdict verdict = Meta.read(session).floors().judge(claim, now);
        if (verdict == Verdict.APPLIED) {
            throw new SQLException("A claim was refused for no reason that the ledger knows");
        }
        return Outcome.refused(verdict);
    }

    private Outcome applied() throws SQLException {
        return Outcome.applied(append(write.leaf(), null));
    }

    private @Nullable LogPosition next(@Nullable Leaf leaf) {
        return leaf == null ? null : log().next();
    }

    private long append(@Nullable Leaf leaf, @Nullable LogPosition previous) throws SQLException {
        return leaf == null ? -1 : log().append(leaf, previous);
    }

    private LogAppender log() {
        return Objects.requireNonNull(log);
    }
}
