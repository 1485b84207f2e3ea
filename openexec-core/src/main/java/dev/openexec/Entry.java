package dev.openexec;

import dev.openexec.Admission.Admitted;
import dev.openexec.Authorization.Authorized;
import dev.openexec.action.ActionContext;
import dev.openexec.action.Kind;
import dev.openexec.store.Claim;
import java.sql.Connection;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The permission to enter an action once: by whoever takes it first, or by nobody if it is abandoned before. */
final class Entry implements Begun {

    private enum State {
        OPEN,
        ENTERED,
        ABANDONED
    }

    private final Admitted admitted;
    private final Claim claim;
    private final int attempt;
    private final String ledgerId;
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    private final CompletableFuture<Void> withdrawn = new CompletableFuture<>();

    /** To be made by whoever makes the claim. */
    Entry(Admitted admitted, Claim claim, int attempt, String ledgerId) {
        this.admitted = admitted;
        this.claim = claim;
        this.attempt = attempt;
        this.ledgerId = ledgerId;
    }

    Authorized request() {
        return admitted.authorized();
    }

    PreparedAction<?> action() {
        return admitted.action();
    }

    Claim claim() {
        return claim;
    }

    int attempt() {
        return attempt;
    }

    Kind kind() {
        return claim.kind();
    }

    UUID executionId() {
        return claim.executionId();
    }

    ActionContext context(InstantSource clock, @Nullable Connection lent) {
        return new Context(ledgerId, claim, attempt, clock, lent);
    }

    /** Whether the action may be entered now. True once at most. */
    boolean enter() {
        return state.compareAndSet(State.OPEN, State.ENTERED);
    }

    /** Whether the action was not entered, and never will be. */
    boolean abandon() {
        return state.compareAndSet(State.OPEN, State.ABANDONED) || state.get() == State.ABANDONED;
    }

    /** Completes once the claim of an abandoned entry is taken back, or fails with what is known of it instead. */
    CompletableFuture<Void> withdrawn() {
        return withdrawn;
    }
}
