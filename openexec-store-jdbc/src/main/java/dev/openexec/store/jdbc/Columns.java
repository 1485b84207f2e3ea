package dev.openexec.store.jdbc;

import dev.openexec.json.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The columns of the current row, from the first to the last. */
final class Columns {

    private final ResultSet row;
    private int last;

    Columns(ResultSet row) {
        this.row = row;
    }

    String text() throws SQLException {
        return present(optionalText());
    }

    @Nullable String optionalText() throws SQLException {
        return row.getString(++last);
    }

    Digest digest() throws SQLException {
        return present(optionalDigest());
    }

    @Nullable Digest optionalDigest() throws SQLException {
        byte[] bytes = optionalBytes();
        return bytes == null ? null : Digest.fromBytes(bytes);
    }

    byte @Nullable [] optionalBytes() throws SQLException {
        return row.getBytes(++last);
    }

    long number() throws SQLException {
        return row.getLong(++last);
    }

    Instant time() throws SQLException {
        return present(optionalTime());
    }

    @Nullable Instant optionalTime() throws SQLException {
        long millis = row.getLong(++last);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    private static <T> T present(@Nullable T value) throws SQLException {
        if (value == null) {
            throw new SQLException("A column that must have a value has none");
        }
        return value;
    }
}
