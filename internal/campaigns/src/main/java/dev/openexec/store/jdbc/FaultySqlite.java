package dev.openexec.store.jdbc;

import dev.openexec.campaigns.Faults;
import dev.openexec.campaigns.Phase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;

/** SQLite, with places around the statements that write. */
public final class FaultySqlite {

    private static final int IO_ERROR = 10; // SQLITE_IOERR

    private FaultySqlite() {}

    /**
     * {@return the ledger in this file}
     *
     * @param file as for {@link SqliteStore#at(Path)}
     */
    public static SqliteStore at(Path file) {
        ConnectionSource sqlite = ConnectionSource.sqlite();
        return new SqliteStore(file, path -> watched(sqlite.connect(path)));
    }

    private static Connection watched(Connection real) {
        AtomicBoolean writes = new AtomicBoolean(); // what only reads has no places
        return proxy(
                Connection.class,
                (method, arguments) -> method.getName().equals("prepareStatement")
                        ? watched((String) arguments[0], real.prepareStatement((String) arguments[0]), writes)
                        : call(real, method, arguments));
    }

    private static PreparedStatement watched(String sql, PreparedStatement real, AtomicBoolean writes) {
        String step = step(sql);
        if (step.isEmpty()) {
            return real;
        }
        return proxy(PreparedStatement.class, (method, arguments) -> {
            boolean executes = method.getName().startsWith("execute");
            if (executes && step.equals("begin")) {
                Phase.begin();
                writes.set(true);
            }
            if (!executes || !writes.get()) {
                return call(real, method, arguments);
            }
            if (Faults.reached(Phase.inside("before-" + step))) {
                throw new SQLException("as ordered", null, IO_ERROR);
            }
            Object result = call(real, method, arguments);
            if (Faults.reached(Phase.inside("after-" + step))) {
                throw new SQLException("as ordered", null, IO_ERROR);
            }
            return result;
        });
    }

    private static String step(String sql) {
        if (sql.startsWith("BEGIN IMMEDIATE")) {
            return "begin";
        }
        if (sql.startsWith("COMMIT")) {
            return "commit";
        }
        if (sql.startsWith("SAVEPOINT oe_")) {
            return "savepoint";
        }
        if (sql.startsWith("RELEASE oe_")) {
            return "release";
        }
        if (sql.startsWith("ROLLBACK TO oe_")) {
            return "undo";
        }
        if (sql.startsWith("INSERT INTO effect")) {
            return "effect";
        }
        return sql.contains("main.oe_execution") && !sql.startsWith("SELECT") ? "change" : "";
    }

    private interface Call {
        Object handle(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> call.handle(method, arguments)));
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
