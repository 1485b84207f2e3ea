package dev.openexec.store.jdbc;

import dev.openexec.json.Digest;
import dev.openexec.store.LogPosition;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The parameters of a statement, from the first to the last. */
final class Parameters {

    private final PreparedStatement statement;
    private int last;

    Parameters(PreparedStatement statement) {
        this.statement = statement;
    }

    Parameters text(@Nullable String text) throws SQLException {
        statement.setString(++last, text);
        return this;
    }

    Parameters digest(@Nullable Digest digest) throws SQLException {
        statement.setBytes(++last, digest == null ? null : digest.bytes());
        return this;
    }

    Parameters bytes(byte[] bytes) throws SQLException {
        statement.setBytes(++last, bytes);
        return this;
    }

    Parameters number(long number) throws SQLException {
        statement.setLong(++last, number);
        return this;
    }

    Parameters position(@Nullable LogPosition position) throws SQLException {
        statement.setObject(++last, position == null ? null : position.number());
        return this;
    }

    Parameters time(@Nullable Instant time) throws SQLException {
        statement.setObject(++last, time == null ? null : time.toEpochMilli());
        return this;
    }

    /** How many rows the statement changed. */
    int update() throws SQLException {
        return statement.executeUpdate();
    }

    ResultSet query() throws SQLException {
        return statement.executeQuery();
    }
}
