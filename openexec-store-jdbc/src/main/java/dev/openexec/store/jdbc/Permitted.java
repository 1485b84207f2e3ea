package dev.openexec.store.jdbc;

import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an action may do with a connection of the ledger. Whatever is not here is refused, also what a later JDBC brings. */
final class Permitted {

    private static final Set<String> OF_EVERY_STATEMENT = Set.of(
            "executeBatch",
            "executeLargeBatch",
            "clearBatch",
            "getResultSet",
            "getUpdateCount",
            "getLargeUpdateCount",
            "getMoreResults",
            "getMaxRows",
            "setMaxRows",
            "getFetchSize",
            "setFetchSize",
            "getWarnings",
            "clearWarnings",
            "getConnection",
            "isClosed",
            "close");

    private static final Set<String> OF_STATEMENTS =
            Set.of("execute", "executeQuery", "executeUpdate", "executeLargeUpdate", "addBatch");

    private static final Set<String> OF_PREPARED = Set.of(
            "clearParameters",
            "setNull",
            "setBoolean",
            "setByte",
            "setShort",
            "setInt",
            "setLong",
            "setFloat",
            "setDouble",
            "setBigDecimal",
            "setString",
            "setBytes",
            "setDate",
            "setTime",
            "setTimestamp",
            "setObject");

    private static final Set<String> OF_RESULTS = Set.of(
            "next",
            "wasNull",
            "findColumn",
            "getBoolean",
            "getByte",
            "getShort",
            "getInt",
            "getLong",
            "getFloat",
            "getDouble",
            "getBigDecimal",
            "getString",
            "getBytes",
            "getDate",
            "getTime",
            "getTimestamp",
            "getObject",
            "getRow",
            "getMetaData",
            "getWarnings",
            "clearWarnings",
            "isClosed",
            "close");

    private static final Map<Class<?>, Set<String>> METHODS = Map.of(
            Connection.class,
            Set.of(
                    "createStatement",
                    "prepareStatement",
                    "getMetaData",
                    "getAutoCommit",
                    "getWarnings",
                    "clearWarnings",
                    "isReadOnly",
                    "isClosed",
                    "close"),
            ResultSet.class,
            OF_RESULTS,
            ResultSetMetaData.class,
            Set.of("getColumnCount", "getColumnLabel", "getColumnName", "getColumnType", "getColumnTypeName"),
            DatabaseMetaData.class,
            Set.of(
                    "getDatabaseProductName",
                    "getDatabaseProductVersion",
                    "getDatabaseMajorVersion",
                    "getDatabaseMinorVersion",
                    "getDriverName",
                    "getDriverVersion",
                    "getIdentifierQuoteString",
                    "supportsBatchUpdates",
                    "getConnection"));

    /** Of exactly these classes: a subclass is somebody's code, which would run while the connection is in use. */
    private static final Set<Class<?>> VALUES = Set.of(
            Boolean.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            BigDecimal.class,
            String.class,
            byte[].class,
            Date.class,
            Time.class,
            Timestamp.class);

    private Permitted() {}

    /** Refuses a call that is not here, an argument that is not plain, and SQL that is not harmless. */
    static void require(Class<?> type, Method method, Object @Nullable [] arguments) throws SQLException {
        if (!isPermitted(type, method.getName())) {
            throw new SQLFeatureNotSupportedException(
                    "Refused inside a transaction of the ledger: " + type.getSimpleName() + "." + method.getName());
        }
        if (arguments == null) {
            return;
        }
        for (Object argument : arguments) {
            value(argument);
        }
        boolean takesSql = (type == Connection.class || Statement.class.isAssignableFrom(type))
                && !method.getName().startsWith("set");
        if (takesSql && arguments.length == 1 && arguments[0] instanceof String sql) {
            requireHarmless(sql);
        } else if (takesSql) { // with keys that were generated, or a cursor of another kind, for example
            throw new SQLFeatureNotSupportedException(
                    "Refused inside a transaction of the ledger, with these arguments: " + method.getName());
        }
    }

    private static boolean isPermitted(Class<?> type, String method) {
        if (type == PreparedStatement.class) {
            return OF_PREPARED.contains(method)
                    || OF_STATEMENTS.contains(method)
                    || OF_EVERY_STATEMENT.contains(method);
        }
        return type == Statement.class
                ? OF_STATEMENTS.contains(method) || OF_EVERY_STATEMENT.contains(method)
                : METHODS.getOrDefault(type, Set.of()).contains(method);
    }

    private static void requireHarmless(String sql) throws SQLException {
        try {
            SqlText.requireStatement(sql);
        } catch (SqlText.Refused e) {
            throw new SQLFeatureNotSupportedException("Refused inside a transaction of the ledger: " + e.getMessage());
        }
    }

    /** Whether what a method gives has to be guarded in its turn. */
    static boolean isGuarded(Class<?> type) {
        return type == Statement.class || type == PreparedStatement.class || METHODS.containsKey(type);
    }

    /** A value that is nobody's code; refuses everything else. */
    static @Nullable Object value(@Nullable Object value) throws SQLException {
        if (value == null || VALUES.contains(value.getClass()) || value instanceof int[] || value instanceof long[]) {
            return value;
        }
        throw new SQLFeatureNotSupportedException("Refused inside a transaction of the ledger: "
                + value.getClass().getName());
    }
}
