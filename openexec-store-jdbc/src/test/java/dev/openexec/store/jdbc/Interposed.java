package dev.openexec.store.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * SQLite, and something in between: other statements than the store asked for, or code before and after one that is
 * executed. Everything that is not asked for is SQLite itself.
 */
final class Interposed implements ConnectionSource {

    interface Step {
        void run(Connection connection) throws SQLException;
    }

    private final Map<String, String> replacements = new ConcurrentHashMap<>();
    private final Map<String, Step> before = new ConcurrentHashMap<>();
    private final Map<String, Step> after = new ConcurrentHashMap<>();
    private volatile ConnectionSource source = ConnectionSource.sqlite();

    /** Prepares the second statement when the first is asked for. */
    Interposed replace(String sql, String other) {
        replacements.put(sql, other);
        return this;
    }

    /** Runs this each time just before a statement that begins so is executed. */
    Interposed before(String sql, Step step) {
        before.put(sql, step);
        return this;
    }

    /** Runs this each time just after a statement that begins so was executed. */
    Interposed after(String sql, Step step) {
        after.put(sql, step);
        return this;
    }

    Interposed connectingBy(ConnectionSource other) {
        source = other;
        return this;
    }

    @Override
    public Connection connect(Path file) throws SQLException {
        Connection real = source.connect(file);
        return proxy(Connection.class, (method, arguments) -> {
            if (!method.getName().equals("prepareStatement")) {
                return invoke(method, real, arguments);
            }
            String sql = (String) arguments[0];
            PreparedStatement statement = real.prepareStatement(replacements.getOrDefault(sql, sql));
            return watched(real, sql, statement);
        });
    }

    private PreparedStatement watched(Connection connection, String sql, PreparedStatement real) {
        return proxy(PreparedStatement.class, (method, arguments) -> {
            boolean executes = method.getName().startsWith("execute");
            if (executes) {
                run(before, sql, connection);
            }
            Object result = invoke(method, real, arguments);
            if (executes) {
                run(after, sql, connection);
            }
            return result;
        });
    }

    private static void run(Map<String, Step> steps, String sql, Connection connection) throws SQLException {
        for (Map.Entry<String, Step> step : steps.entrySet()) {
            if (sql.startsWith(step.getKey())) {
                step.getValue().run(connection);
            }
        }
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

    private static Object invoke(Method method, Object target, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
