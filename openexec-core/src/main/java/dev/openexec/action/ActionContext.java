package dev.openexec.action;

import dev.openexec.approval.Authority;
import java.sql.Connection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** What is known about the execution an action is called for. Every value was verified before the claim. */
public interface ActionContext {

    /** {@return the id of this execution, the same that its answer and its receipt carry} */
    UUID executionId();

    /** {@return the tenant the approval names; {@code demo} for unsigned requests} */
    String tenant();

    /** {@return by what this execution was authorised} */
    Authority authority();

    /** {@return the id of the approval; empty for unsigned requests} */
    Optional<String> approvalId();

    /** {@return how often the action has been entered for this execution: 1 for the first entry} */
    int attempt();

    /**
     * {@return 64 hexadecimal digits to pass downstream} They are the same for every attempt at this execution, on every
     * node and after every restart, and different between ledgers.
     */
    String idempotencyKey();

    /** {@return a generator seeded from {@link #idempotencyKey()}: the same numbers on every attempt} */
    RandomGenerator random();

    /**
     * {@return by when the action has to have returned, by {@link #clock()}} Of what has not, except of a {@link Kind#PURE}
     * action, the outcome is recorded as unknown then. It is not interrupted; what it returns later is offered to the ledger.
     */
    Instant deadline();

    /** {@return the executor's clock} */
    InstantSource clock();

    /**
     * The connection through which a {@link Kind#TRANSACTIONAL} action does everything it does. It stands inside the
     * transaction of the claim, and takes single statements that read and change the author's own tables; the store says
     * which. Beginning and ending transactions is not up to the action: {@code commit()}, {@code rollback()} and the like are
     * refused. Once the action has returned, or its budget is over, every call fails.
     *
     * @return the same at every call
     * @throws IllegalStateException if the action is of another kind
     */
    default Connection connection() {
        throw new IllegalStateException("Only a TRANSACTIONAL action has a connection");
    }
}
