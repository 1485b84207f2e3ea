package dev.openexec.store.jdbc;

import dev.openexec.action.Kind;
import dev.openexec.approval.Authority;
import dev.openexec.json.Digest;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.SpentApproval;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.StoredExecution.Resolution;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads rows of {@code oe_execution}. */
final class Rows {

    /** What a row is read from, in the order in which it is read. */
    static final String COLUMNS = """
            nonce_key, untenanted_nonce_key, exec_id, authority,
            approval_key, approval_id, approval_text, approval_issued_at, approval_expires_at,
            request_hash, tenant, nonce, action, kind, action_digest, payload, claim_token, salt, claimed_at,
            attempt, state, completed_at, code, result, resolved_by, evidence""";

    private static final String SELECT = "SELECT " + COLUMNS + " FROM main.oe_execution ";
    private static final String BY_KEY = SELECT + "WHERE nonce_key = ?1 OR approval_key = ?1";
    private static final String BY_ID = SELECT + "WHERE exec_id = ?1";
    private static final String AFTER = SELECT + "WHERE exec_id > ?1 ORDER BY exec_id LIMIT ?2";
    private static final String OPEN_BOOTS =
            "SELECT DISTINCT open_boot FROM main.oe_execution WHERE open_boot IS NOT NULL";
    private static final String OPEN_OF_BOOT =
            SELECT + "WHERE open_boot = ?1 AND exec_id > ?2 AND claimed_at <= ?3 ORDER BY exec_id LIMIT ?4";

    private Rows() {}

    static Optional<StoredExecution> find(Session session, List<Digest> keys) throws SQLException {
        for (Digest key : keys) {
            Optional<StoredExecution> row = first(new Parameters(session.statement(BY_KEY)).digest(key));
            if (row.isPresent()) {
                return row;
            }
        }
        return Optional.empty();
    }

    static Optional<StoredExecution> byId(Session session, UUID executionId) throws SQLException {
        return first(new Parameters(session.statement(BY_ID)).text(executionId.toString()));
    }

    /** A page of all there are, in the order of their ids. */
    static List<StoredExecution> after(Session session, @Nullable UUID last, int limit) throws SQLException {
        return all(new Parameters(session.statement(AFTER)).text(cursor(last)).number(limit));
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

    /** A page of the running rows of a boot that were claimed up to this time, in the order of their ids. */
    static List<StoredExecution> openOf(
            Session session, String bootId, @Nullable UUID last, Instant claimedUntil, int limit) throws SQLException {
        return all(new Parameters(session.statement(OPEN_OF_BOOT))
                .text(bootId)
                .text(cursor(last))
                .time(claimedUntil)
                .number(limit));
    }

    private static String cursor(@Nullable UUID last) {
        return last == null ? "" : last.toString();
    }

    private static Optional<StoredExecution> first(Parameters query) throws SQLException {
        return all(query).stream().findFirst();
    }

    private static List<StoredExecution> all(Parameters query) throws SQLException {
        List<StoredExecution> found = new ArrayList<>();
        try (ResultSet rows = query.query()) {
            while (rows.next()) {
                found.add(row(rows));
            }
        }
        return found;
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
        return new StoredExecution(claim, attempt, ending(columns), resolution(columns));
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

    private static @Nullable Resolution resolution(Columns columns) throws SQLException {
        String actor = columns.optionalText();
        String evidence = columns.optionalText();
        return actor == null || evidence == null ? null : new Resolution(actor, evidence);
    }
}
