package dev.openexec.store.jdbc;

import dev.openexec.action.Kind;
import dev.openexec.approval.Authority;
import dev.openexec.json.Digest;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.SpentApproval;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The statements on {@code oe_execution}. */
final class Executions {

    private static final String RUNNING = "RUNNING";

    private static final String COLUMNS = """
            nonce_key, untenanted_nonce_key, exec_id, authority,
            approval_key, approval_id, approval_text, approval_issued_at, approval_expires_at,
            request_hash, tenant, nonce, action, kind, action_digest, payload, claim_token, salt, claimed_at,
            attempt, state, completed_at, code, result""";

    private static final String INTO = "INSERT INTO main.oe_execution (" + COLUMNS + ", boot_id, open_boot) ";
    private static final String VALUES = """
            ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
              ?22, ?23, ?24, ?25, ?26""";
    private static final String INSERT_IMPORTED = INTO + "VALUES (" + VALUES + ")";

    /** Mode mark, expiry, both floors and the untenanted key are checked where they cannot change in between: right here. */
    private static final String INSERT = INTO + "SELECT " + VALUES + """

            FROM main.oe_meta
            WHERE CASE ?4 WHEN 'UNSIGNED' THEN signed = 0 ELSE ?8 >= issue_floor AND ?9 > expiry_floor AND ?9 >= ?27 END
              AND NOT EXISTS (SELECT 1 FROM main.oe_execution WHERE nonce_key = ?2)
            ON CONFLICT DO NOTHING""";

    private static final String END = """
            UPDATE main.oe_execution
            SET state = ?1, completed_at = ?2, code = ?3, result = ?4, open_boot = NULL
            WHERE nonce_key = ?5 AND claim_token = ?6 AND attempt = ?7 AND state = 'RUNNING'""";

    private static final String SELECT = "SELECT " + COLUMNS + " FROM main.oe_execution ";
    private static final String BY_KEY = SELECT + "WHERE nonce_key = ?1 OR approval_key = ?1";
    private static final String OPEN_BOOTS =
            "SELECT DISTINCT open_boot FROM main.oe_execution WHERE open_boot IS NOT NULL";
    private static final String OPEN_OF_BOOT =
            SELECT + "WHERE open_boot = ?1 AND claimed_at <= ?2 ORDER BY claimed_at LIMIT ?3";

    private Executions() {}

    /** Whether the row is new; if not, something stands in its way. */
    static boolean insert(Session session, Claim claim, @Nullable Ending ending, String bootId, Instant now)
            throws SQLException {
        Parameters parameters =
                row(session.statement(INSERT), claim, ending, bootId).time(now);
        return changedOne(parameters.update());
    }

    /** A row of another ledger: what it claims was claimed there, so nothing is checked but that its keys are new. */
    static void insertImported(Session session, StoredExecution row, String bootId) throws SQLException {
        row(session.statement(INSERT_IMPORTED), row.claim(), row.ending(), bootId)
                .update();
    }

    private static Parameters row(PreparedStatement statement, Claim claim, @Nullable Ending ending, String bootId)
            throws SQLException {
        SpentApproval approval = claim.approval();
        return new Parameters(statement)
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
                .number(1)
                .text(ending == null ? RUNNING : ending.state().name())
                .time(ending == null ? null : ending.at())
                .text(ending == null ? null : ending.code())
                .text(ending == null ? null : ending.result())
                .text(bootId)
                .text(ending == null ? bootId : null);
    }

    /** Whether the running row of this token and attempt has now ended. */
    static boolean end(Session session, Write.End end) throws SQLException {
        Ending ending = end.ending();
        Parameters parameters = new Parameters(session.statement(END))
                .text(ending.state().name())
                .time(ending.at())
                .text(ending.code())
                .text(ending.result())
                .digest(end.nonceKey())
                .text(end.token())
                .number(end.attempt());
        return changedOne(parameters.update());
    }

    static Optional<StoredExecution> find(Session session, List<Digest> keys) throws SQLException {
        for (Digest key : keys) {
            try (ResultSet rows =
                    new Parameters(session.statement(BY_KEY)).digest(key).query()) {
                if (rows.next()) {
                    return Optional.of(row(rows));
                }
            }
        }
        return Optional.empty();
    }

    /** The boots that have running rows. */
    static List<String> openBoots(Session session) throws SQLException {
        List<String> boots = new ArrayList<>();
        try (ResultSet rows = session.statement(OPEN_BOOTS).executeQuery()) {
            while (rows.next()) {
                boots.add(new Columns(rows).text());
            }
        }
        return boots;
    }

    /** The running rows of a boot that were claimed up to this time, oldest first. */
    static List<StoredExecution> openOf(Session session, String bootId, Instant claimedUntil, int limit)
            throws SQLException {
        List<StoredExecution> open = new ArrayList<>();
        Parameters parameters = new Parameters(session.statement(OPEN_OF_BOOT))
                .text(bootId)
                .time(claimedUntil)
                .number(limit);
        try (ResultSet rows = parameters.query()) {
            while (rows.next()) {
                open.add(row(rows));
            }
        }
        return open;
    }

    private static boolean changedOne(int count) {
        if (count > 1) {
            throw new IllegalStateException("A statement on one row changed several");
        }
        return count == 1;
    }

    private static StoredExecution row(ResultSet current) throws SQLException {
        Columns columns = new Columns(current);
        Digest nonceKey = columns.digest();
        Digest untenantedNonceKey = columns.digest();
        UUID executionId = UUID.fromString(columns.text());
        Authority authority = Authority.valueOf(columns.text());
        SpentApproval approval = approval(columns);
        Claim claim = new Claim(
                executionId,
                nonceKey,
                untenantedNonceKey,
                authority,
                approval,
                columns.digest(),
                columns.text(),
                columns.text(),
                columns.text(),
                Kind.valueOf(columns.text()),
                columns.optionalDigest(),
                columns.text(),
                columns.text(),
                columns.text(),
                columns.time());
        int attempt = Math.toIntExact(columns.number());
        return new StoredExecution(claim, attempt, ending(columns));
    }

    private static @Nullable SpentApproval approval(Columns columns) throws SQLException {
        Digest key = columns.optionalDigest();
        String id = columns.optionalText();
        String text = columns.optionalText();
        Instant issuedAt = columns.optionalTime();
        Instant expiresAt = columns.optionalTime();
        if (key == null || id == null || text == null || issuedAt == null || expiresAt == null) {
            return null;
        }
        return new SpentApproval(key, id, text, issuedAt, expiresAt);
    }

    private static @Nullable Ending ending(Columns columns) throws SQLException {
        String state = columns.text();
        Instant at = columns.optionalTime();
        String code = columns.optionalText();
        String result = columns.optionalText();
        return at == null ? null : new Ending(Ending.State.valueOf(state), at, code, result);
    }
}
