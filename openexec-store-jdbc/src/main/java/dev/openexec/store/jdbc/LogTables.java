package dev.openexec.store.jdbc;

import dev.openexec.evidence.LogKey;
import dev.openexec.evidence.TreeEdge;
import dev.openexec.json.Digest;
import dev.openexec.store.LogPosition;
import dev.openexec.store.Write;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The statements of {@code oe_log}, {@code oe_receipt} and {@code oe_subtree}. */
final class LogTables {

    private static final String BEGIN = "INSERT INTO main.oe_log (log, verifier_key, checkpoint) VALUES (?1, ?2, ?3)";
    private static final String READ = "SELECT verifier_key, checkpoint, cosigned FROM main.oe_log WHERE log = ?1";
    private static final String ALL = "SELECT log FROM main.oe_log ORDER BY log";
    private static final String SIGN = "UPDATE main.oe_log SET checkpoint = ?2 WHERE log = ?1";
    private static final String COSIGNED = "UPDATE main.oe_log SET cosigned = ?2 WHERE log = ?1";
    private static final String EDGE = "SELECT log_size, log_edge FROM main.oe_meta";
    private static final String APPEND = "INSERT INTO main.oe_receipt (position, body) VALUES (?1, ?2)";
    private static final String SUBTREE = "INSERT INTO main.oe_subtree (log, level, idx, root) VALUES (?1, ?2, ?3, ?4)";
    private static final String GROW = "UPDATE main.oe_meta SET log_size = ?1, log_edge = ?2 WHERE log_size = ?3";
    private static final String RECEIPTS =
            "SELECT body FROM main.oe_receipt WHERE position >= ?1 AND position < ?1 + ?2 ORDER BY position";
    private static final String SUBTREES = """
            SELECT root FROM main.oe_subtree
            WHERE log = ?1 AND level = ?2 AND idx >= ?3 AND idx < ?3 + ?4 ORDER BY idx""";
    private static final String LAST_OF_KEY = "SELECT receipt FROM main.oe_execution WHERE nonce_key = ?1";
    private static final String LAST_OF_ID = "SELECT receipt FROM main.oe_execution WHERE exec_id = ?1";

    private LogTables() {}

    /** Who signs for a log, what was signed last, and what was cosigned last. */
    record Row(
            String verifierKey, String checkpoint, @Nullable String cosigned) {}

    /** A log without receipts. */
    static void begin(Session session, long log, LogKey key) throws SQLException {
        TreeEdge edge = TreeEdge.empty();
        new Parameters(session.statement(BEGIN))
                .number(log)
                .text(key.verifierKey().toString())
                .text(key.checkpoint(edge.size(), edge.root()))
                .update();
    }

    static Row read(Session session, long log) throws SQLException {
        try (ResultSet rows =
                new Parameters(session.statement(READ)).number(log).query()) {
            if (!rows.next()) {
                throw new SQLException("The ledger has lost a log");
            }
            Columns columns = new Columns(rows);
            return new Row(columns.text(), columns.text(), columns.optionalText());
        }
    }

    static List<Long> all(Session session) throws SQLException {
        List<Long> logs = new ArrayList<>();
        try (ResultSet rows = session.statement(ALL).executeQuery()) {
            while (rows.next()) {
                logs.add(new Columns(rows).number());
            }
        }
        return logs;
    }

    static void sign(Session session, long log, String checkpoint) throws SQLException {
        new Parameters(session.statement(SIGN)).number(log).text(checkpoint).update();
    }

    static void cosigned(Session session, Write.Cosigned write) throws SQLException {
        new Parameters(session.statement(COSIGNED))
                .number(write.log())
                .text(write.checkpoint())
                .update();
    }

    /** How far the latest log is. */
    static TreeEdge edge(Session session) throws SQLException {
        try (ResultSet rows = session.statement(EDGE).executeQuery()) {
            if (!rows.next()) {
                throw new SQLException("The ledger has lost its description");
            }
            Columns columns = new Columns(rows);
            long size = columns.number();
            byte[] bytes = columns.optionalBytes();
            return TreeEdge.of(size, bytes == null ? new byte[0] : bytes);
        } catch (IllegalArgumentException e) {
            throw new SQLException("The edge of a log is damaged", e);
        }
    }

    static void append(Session session, LogPosition position, String body) throws SQLException {
        new Parameters(session.statement(APPEND))
                .number(position.number())
                .text(body)
                .update();
    }

    static void subtree(Session session, long log, int level, long index, Digest root) throws SQLException {
        new Parameters(session.statement(SUBTREE))
                .number(log)
                .number(level)
                .number(index)
                .digest(root)
                .update();
    }

    static void grow(Session session, long before, TreeEdge edge) throws SQLException {
        int changed = new Parameters(session.statement(GROW))
                .number(edge.size())
                .bytes(edge.bytes())
                .number(before)
                .update();
        if (changed != 1) {
            throw new SQLException("The log has grown in the middle of a transaction");
        }
    }

    static List<String> receipts(Session session, LogPosition first, int count) throws SQLException {
        List<String> bodies = new ArrayList<>();
        try (ResultSet rows = new Parameters(session.statement(RECEIPTS))
                .number(first.number())
                .number(count)
                .query()) {
            while (rows.next()) {
                bodies.add(new Columns(rows).text());
            }
        }
        return whole(bodies, count);
    }

    static List<Digest> subtrees(Session session, long log, int level, long first, int count) throws SQLException {
        List<Digest> roots = new ArrayList<>();
        try (ResultSet rows = new Parameters(session.statement(SUBTREES))
                .number(log)
                .number(level)
                .number(first)
                .number(count)
                .query()) {
            while (rows.next()) {
                roots.add(new Columns(rows).digest());
            }
        }
        return whole(roots, count);
    }

    private static <T> List<T> whole(List<T> found, int count) throws SQLException {
        if (found.size() != count) {
            throw new SQLException("A part of a log is gone");
        }
        return found;
    }

    /** Where the last receipt about a row stands. */
    static @Nullable LogPosition lastOf(Session session, Digest nonceKey) throws SQLException {
        return position(new Parameters(session.statement(LAST_OF_KEY)).digest(nonceKey))
                .orElse(null);
    }

    static Optional<LogPosition> lastOf(Session session, UUID executionId) throws SQLException {
        return position(new Parameters(session.statement(LAST_OF_ID)).text(executionId.toString()));
    }

    private static Optional<LogPosition> position(Parameters query) throws SQLException {
        try (ResultSet rows = query.query()) {
            long number = rows.next() ? new Columns(rows).number() : 0; // null is 0, and no position is
            return number == 0 ? Optional.empty() : Optional.of(LogPosition.of(number));
        }
    }
}
