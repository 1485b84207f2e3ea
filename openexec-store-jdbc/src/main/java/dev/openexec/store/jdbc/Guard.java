package dev.openexec.store.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What an action sees of the ledger's own connection: proxies that pass on what is named in {@link Permitted} and nothing
 * else, one call at a time. Nothing of the driver itself is ever handed out.
 */
final class Guard {

    private static final long INTERRUPT_EVERY_MILLIS = 10;

    private final UUID executionId;
    private final Effects effects;
    private final Connection real;
    private final Connection guarded;
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private final List<Statement> statements = new ArrayList<>();
    private final AtomicBoolean refused = new AtomicBoolean();
    private volatile boolean closed;
    private volatile boolean broken;

    Guard(UUID executionId, Connection real, Effects effects) {
        this.executionId = executionId;
        this.effects = effects;
        this.real = real;
        this.guarded = proxy(Connection.class, real);
    }

    Connection connection() {
        return guarded;
    }

    /**
     * Takes the connection back: when this returns it is the ledger's again. A statement at work is interrupted; a function
     * inside it that SQLite cannot interrupt is waited for.
     */
    void close() throws SQLException {
        closed = true;
        try (Statement interruption = real.createStatement()) {
            while (!free()) {
                interruption.cancel(); // again and again: it may have come just before the statement began
            }
        }
        try {
            statements.forEach(Failures::closeQuietly); // one that is half read would keep the transaction open
        } finally {
            oneAtATime.unlock();
        }
    }

    private boolean free() {
        try {
            return oneAtATime.tryLock(INTERRUPT_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return false; // it means nothing on the ledger's thread
        }
    }

    /** Whether the transaction ended under the action. To be asked once this is closed. */
    boolean isBroken() {
        return broken;
    }

    private <T> T proxy(Class<T> type, Object target) {
        return type.cast(Proxy.newProxyInstance(
                Guard.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> method.getDeclaringClass() == Object.class
                        ? identity(self, type, method, arguments)
                        : call(type, target, method, arguments)));
    }

    private static Object identity(Object self, Class<?> type, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "equals" -> self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            default -> "a guarded " + type.getSimpleName();
        };
    }

    private @Nullable Object call(Class<?> type, Object target, Method method, Object @Nullable [] arguments)
            throws Throwable {
        if (type == Connection.class && closed && method.getName().equals("isClosed")) {
            return true;
        }
        requirePermitted(type, method, arguments);
        oneAtATime.lock();
        try {
            if (closed || broken) {
                if (method.getName().equals("close")) {
                    return null;
                }
                throw new SQLException("The transaction is over, or its connection was closed");
            }
            return inTurn(type, target, method, arguments);
        } finally {
            oneAtATime.unlock();
        }
    }

    /** The first refusal is told to the log: its message goes no further than to the action, which may swallow it. */
    private void requirePermitted(Class<?> type, Method method, Object @Nullable [] arguments) throws SQLException {
        try {
            Permitted.require(type, method, arguments);
        } catch (SQLException e) {
            if (!refused.getAndSet(true)) {
                Failures.tell("Execution {0} was refused something: {1}", executionId, String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    private @Nullable Object inTurn(Class<?> type, Object target, Method method, Object @Nullable [] arguments)
            throws Throwable {
        if (type == Connection.class) {
            if (method.getName().equals("close")) {
                closed = true;
                return null;
            }
            if (method.getName().equals("getAutoCommit")) {
                return false; // what it does is committed together, or not at all
            }
        }
        return method.getName().equals("getConnection") ? guarded : guarded(method, invoke(target, method, arguments));
    }

    /**
     * Some errors end the transaction: whatever came after one would be committed by itself. So it counts as ended until it
     * is known not to be, for an Error that no stack or memory is left to look after.
     */
    private @Nullable Object invoke(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        broken = true;
        try {
            Object result = method.invoke(target, arguments);
            broken = false;
            return result;
        } catch (InvocationTargetException e) {
            broken = !effects.isOpen();
            throw e.getCause();
        }
    }

    private @Nullable Object guarded(Method method, @Nullable Object result) throws SQLException {
        if (result instanceof Statement statement) {
            statements.add(statement);
        }
        return result != null && Permitted.isGuarded(method.getReturnType())
                ? proxy(method.getReturnType(), result)
                : Permitted.value(result);
    }
}
