package dev.openexec.store.jdbc;

import dev.openexec.store.Change;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore.Floors;
import dev.openexec.store.LogPosition;
import dev.openexec.store.SpentApproval;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes rows of {@code oe_execution}: each edge of the state table is one statement, the whole guard inside it. */
final class Executions {

    private static final String INTO =
            "INSERT INTO main.oe_execution (" + Rows.COLUMNS + ", boot_id, open_boot, receipt) ";
    private static final String VALUES = """
            ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
              ?22, ?23, ?24, NULL, NULL, ?25, ?26, ?27""";
    private static final String INSERT_IMPORTED = INTO + "VALUES (" + VALUES + ")";

    /** Mode mark, expiry, both floors and the untenanted key are checked where they cannot change in between: right here. */
    private static final String INSERT = INTO + "SELECT " + VALUES + """

            FROM main.oe_meta
            WHERE CASE ?4 WHEN 'UNSIGNED' THEN signed = 0
                  ELSE ?8 >= issue_floor AND ?9 > expiry_floor AND ?9 >= ?28 AND ?29 >= latest_signed_claim END
              AND NOT EXISTS (SELECT 1 FROM main.oe_execution WHERE nonce_key = ?2)
            ON CONFLICT DO NOTHING""";

    private static final String HELD = "WHERE nonce_key = ?1 AND claim_token = ?2 AND attempt = ?3 ";

    private static final String END =
            """
            UPDATE main.oe_execution
            SET state = ?4, completed_at = ?5, code = ?6, result = ?7, open_boot = NULL, receipt = coalesce(?8, receipt)
            """ + HELD + "AND (state = 'RUNNING' OR (state = 'INDETERMINATE' AND ?4 <> 'INDETERMINATE'))";

    private static final String RETRY = """
            UPDATE main.oe_execution
            SET attempt = attempt + 1, claim_token = ?4, boot_id = ?5, open_boot = ?5, receipt = coalesce(?9, receipt)
            FROM main.oe_meta
            """ + HELD + """
            AND state = 'RUNNING' AND kind = 'IDEMPOTENT' AND attempt < ?6
              AND CASE authority WHEN 'UNSIGNED' THEN signed = 0
                  ELSE approval_issued_at >= issue_floor AND approval_expires_at > expiry_floor
                    AND approval_expires_at >= ?7 AND ?8 >= latest_signed_claim END""";

    private static final String RESOLVE = """
            UPDATE main.oe_execution
            SET state = ?4, completed_at = ?5, code = ?6, result = ?7, resolved_by = ?8, evidence = ?9,
              receipt = coalesce(?10, receipt)
            """ + HELD + "AND state = 'INDETERMINATE'";

    /** The columns of its keys stay, and so does the one of its last receipt. */
    private static final String ERASE = """
            UPDATE main.oe_execution
            SET request_hash = zeroblob(32), nonce = '', payload = '', salt = '', result = NULL,
              approval_text = CASE WHEN approval_key IS NOT NULL THEN '' END, resolved_by = NULL, evidence = NULL
            """ + HELD + "AND state IN ('SUCCEEDED', 'FAILED') AND salt <> ''";

    private static final String WITHDRAW = "DELETE FROM main.oe_execution " + HELD + "AND state = 'RUNNING'";

    private Executions() {}

    /**
     * Whether the row is new; if not, something stands in its way.
     *
     * @param receipt where its receipt is going to stand; null if it has none
     */
    static boolean insert(
            Session session, Write.Insert insert, String bootId, @Nullable LogPosition receipt, Instant now)
            throws SQLException {
        Parameters parameters = row(session.statement(INSERT), insert.claim(), insert.ending(), bootId, receipt)
                .time(now)
                .time(now.plus(Floors.CLOCK_SLACK));
        return changedOne(parameters);
    }

    /** A row of another ledger: what it claims was claimed there, so nothing is checked but that its keys are new. */
    static void insertImported(Session session, StoredExecution row, String bootId) throws SQLException {
        row(session.statement(INSERT_IMPORTED), row.claim(), row.ending(), bootId, null)
                .update();
    }

    private static Parameters row(
            PreparedStatement statement,
            Claim claim,
            @Nullable Ending ending,
            String bootId,
            @Nullable LogPosition receipt)
            throws SQLException {
        SpentApproval approval = claim.approval();
        return ending(
                        new Parameters(statement)
                                .digest(claim.nonceKey())
                                .digest(claim.untenantedNonceKey())
                                .text(claim.executionId().toString())
                                .text(claim.authority().name())
                                .digest(approval == null ? null : approval.key())
                                .text(approval == null ? null : approval.id())
                                .text(approval == null ? null : approval.text())
                                .time(approval == null ? null : approval.issuedAt())
                                .time(approval == null ? null : approval.expiresAt())
                                .digest(claim.requestHash())
                                .text(claim.tenant())
                                .text(claim.nonce())
                                .text(claim.action())
                                .text(claim.kind().name())
                                .digest(claim.actionDigest())
                                .text(claim.payload())
                                .text(claim.token())
                                .text(claim.salt())
                                .time(claim.claimedAt())
                                .number(1),
                        ending)
                .text(bootId)
                .text(ending == null ? bootId : null)
                .position(receipt);
    }

    private static Parameters ending(Parameters parameters, @Nullable Ending ending) throws SQLException {
        return parameters
                .text(ending == null ? "RUNNING" : ending.state().name())
                .time(ending == null ? null : ending.at())
                .text(ending == null ? null : ending.code())
                .text(ending == null ? null : ending.result());
    }

    /**
     * Whether the row was there for this change, and is changed.
     *
     * @param receipt where the change's receipt is going to stand; null if it has none
     */
    static boolean change(Session session, Change change, String bootId, @Nullable LogPosition receipt, Instant now)
            throws SQLException {
        if (change instanceof Change.End end) {
            return changedOne(ending(held(session, END, end), end.ending()).position(receipt));
        }
        if (change instanceof Change.Retry retry) {
            return changedOne(held(session, RETRY, retry)
                    .text(retry.nextToken())
                    .text(bootId)
                    .number(Change.Retry.MAX_ATTEMPTS)
                    .time(now)
                    .time(now.plus(Floors.CLOCK_SLACK))
                    .position(receipt));
        }
        if (change instanceof Change.Resolve resolve) {
            return changedOne(ending(held(session, RESOLVE, resolve), resolve.ending())
                    .text(resolve.resolution().actor())
                    .text(resolve.resolution().evidence())
                    .position(receipt));
        }
        if (change instanceof Change.Erase erase) {
            return erase(session, erase);
        }
        return changedOne(held(session, WITHDRAW, change));
    }

    private static boolean erase(Session session, Change.Erase erase) throws SQLException {
        Optional<StoredExecution> row = Rows.find(session, List.of(erase.nonceKey()));
        if (row.filter(erase::appliesTo).isEmpty()) {
            return false;
        }
        ImportedTable.erase(session, erase.nonceKey());
        return changedOne(held(session, ERASE, erase));
    }

    private static Parameters held(Session session, String sql, Change change) throws SQLException {
        return new Parameters(session.statement(sql))
                .digest(change.nonceKey())
                .text(change.token())
                .number(change.attempt());
    }

    private static boolean changedOne(Parameters parameters) throws SQLException {
        int count = parameters.update();
        if (count > 1) {
            throw new IllegalStateException("A statement on one row changed several");
        }
        return count == 1;
    }
}
