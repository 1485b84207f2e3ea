package dev.openexec;

import dev.openexec.Claims.Entry;
import dev.openexec.action.ActionContext;
import dev.openexec.action.ActionFailedException;
import dev.openexec.action.Kind;
import dev.openexec.json.Json;
import dev.openexec.store.Ending;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Stage 4: enters the action, and puts into words how it ended. */
final class Runner {

    private static final System.Logger LOG = System.getLogger(Runner.class.getName());
    private static final int MAX_RESULT_CHARS = 1 << 20;

    private final InstantSource clock;
    private final Duration hardDeadline;

    Runner(InstantSource clock, Duration hardDeadline) {
        this.clock = clock;
        this.hardDeadline = hardDeadline;
    }

    /** Enters the action on the thread that its kind asks for. */
    CompletionStage<Ending> run(Entry entry, Call call) {
        long due = System.nanoTime() + hardDeadline.toNanos();
        return CompletableFuture.supplyAsync(
                        () -> entry.enter() ? enter(entry, call.observation(), due) : abandoned(entry),
                        call.threads().forKind(entry.kind()))
                .thenCompose(ending -> ending);
    }

    private CompletionStage<Ending> enter(Entry entry, Observation observation, long due) {
        observation.entering(entry.executionId());
        Ending ending = ending(entry, due, null);
        observation.ended(ending);
        return CompletableFuture.completedFuture(ending);
    }

    /** Enters a TRANSACTIONAL action on this thread. How it ends is told once that is recorded. */
    Ending inside(Entry entry, Observation observation, long due, Connection connection) {
        if (!entry.enter()) {
            throw new IllegalStateException("The store enters an action once");
        }
        observation.entering(entry.executionId());
        return ending(entry, due, connection);
    }

    /** The claim is taken back: for the caller it was never there. */
    private static CompletionStage<Ending> abandoned(Entry entry) {
        return entry.withdrawn().thenCompose(reason -> CompletableFuture.failedFuture(new RefusedException(reason)));
    }

    private Ending ending(Entry entry, long due, @Nullable Connection lent) {
        try {
            Instant deadline = clock.instant().plusNanos(due - System.nanoTime());
            return represent(entry, call(entry.action(), entry.context(clock, deadline, lent)));
        } catch (ActionFailedException e) {
            return failed(entry, e.code());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return withoutResult(entry, "action-interrupted");
        } catch (Throwable e) { // even an Error: whatever it is, the claim needs an ending
            Failures.warn(LOG, "Action of execution {0} threw {1}", entry.executionId(), Failures.trace(e));
            return withoutResult(entry, "action-error");
        }
    }

    /** What a PURE action makes of its input, for an auditor: nothing is claimed, and nothing is recorded. */
    static Json evaluate(PreparedAction<?> prepared, ActionContext context) throws Exception {
        if (prepared.kind() != Kind.PURE) {
            throw new IllegalArgumentException("Only a PURE action is evaluated without a claim");
        }
        return call(prepared, context);
    }

    /** The only call of {@code Action.run} there is. */
    private static <I> Json call(PreparedAction<I> prepared, ActionContext context) throws Exception {
        return prepared.action().run(prepared.input(), context);
    }

    private Ending represent(Entry entry, Json result) {
        if (result == null || result.type() != Json.Type.OBJECT) {
            return withoutResult(entry, "result-unrepresentable");
        }
        if (result.canonical().length() > MAX_RESULT_CHARS) {
            return withoutResult(entry, "result-too-large");
        }
        return Ending.succeeded(clock.instant(), result.spaced());
    }

    /** It did not happen this time; an earlier attempt, of which nobody knows, may have done it. */
    private Ending failed(Entry entry, String code) {
        return entry.attempt() == 1
                ? Ending.failed(clock.instant(), code)
                : Ending.indeterminate(clock.instant(), code);
    }

    /** Without a result a PURE action has failed, and a TRANSACTIONAL one is undone; of any other nobody knows what it did. */
    private Ending withoutResult(Entry entry, String code) {
        return entry.kind() == Kind.PURE || entry.kind() == Kind.TRANSACTIONAL
                ? Ending.failed(clock.instant(), code)
                : Ending.indeterminate(clock.instant(), code);
    }
}
