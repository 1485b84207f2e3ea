package dev.openexec.testkit;

import dev.openexec.ExecutionFailedException;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.InDoubtException;
import dev.openexec.RefusedException;
import dev.openexec.action.Action;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.ExecutionStore;
import java.time.Instant;
import java.util.Locale;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Holds a {@link Kind#PURE} action to its word, that what it returns depends on its payload alone: by that an auditor can
 * evaluate it again, years later and elsewhere. Shows that an action is not PURE, and cannot prove that it is.
 *
 * <p>The default time zone and locale of the process change while it looks: not for tests that run at the same time as others.
 */
public final class PureResults {

    /** Where and when an action is evaluated. */
    private record Surroundings(String ledger, Instant now, Locale locale, String timeZone) {}

    private static final Surroundings HERE =
            new Surroundings("here", Instant.parse("2026-11-22T12:00:00Z"), Locale.ROOT, "UTC");
    // other digits than 0 to 9, and a zone that is at no full hour
    private static final Surroundings ELSEWHERE = new Surroundings(
            "elsewhere",
            Instant.parse("2031-02-28T23:59:59Z"),
            Locale.forLanguageTag("ar-EG-u-nu-arab"),
            "Pacific/Chatham");

    private PureResults() {}

    /**
     * Passes if the action ends alike, byte for byte, in two surroundings: under another nonce in another ledger, at another
     * time by its context's clock, on another thread, in another time zone and locale.
     *
     * @param action that says it is PURE
     * @param payload that it takes
     * @throws AssertionError if it does not end alike, is of another kind, or does not take the payload
     */
    public static void requireSame(Action<?> action, Json payload) {
        if (action.kind() != Kind.PURE) {
            throw new AssertionError("Action " + action.name() + " is not PURE but " + action.kind());
        }
        String first = ending(action, payload, HERE);
        String second = ending(action, payload, ELSEWHERE);
        if (!first.equals(second)) {
            throw new AssertionError("Action " + action.name() + " depends on more than its payload: it ended as "
                    + first + " and then as " + second);
        }
    }

    private static String ending(Action<?> action, Json payload, Surroundings where) {
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        Locale.setDefault(where.locale());
        TimeZone.setDefault(TimeZone.getTimeZone(where.timeZone()));
        try (Executor executor = Executor.with(ExecutionStore.inMemory(), ApprovalPolicy.unsignedDemo())
                .action(action)
                .clock(new SettableClock(where.now()))
                .build()) {
            ExecutionRequest request = ExecutionRequest.of(action.name(), payload, where.ledger());
            CompletableFuture<String> ending = new CompletableFuture<>();
            new Thread(() -> ending.completeAsync(() -> execute(executor, request), Runnable::run)).start();
            return ending.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof AssertionError refused) {
                throw refused;
            }
            throw e;
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
        }
    }

    private static String execute(Executor executor, ExecutionRequest request) {
        try {
            return executor.execute(request).result().spaced();
        } catch (ExecutionFailedException e) {
            return e.code();
        } catch (RefusedException | InDoubtException e) {
            throw new AssertionError("Action " + request.action() + " does not take the payload: " + e.getMessage(), e);
        }
    }
}
