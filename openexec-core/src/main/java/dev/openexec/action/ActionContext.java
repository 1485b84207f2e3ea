package dev.openexec.action;

import dev.openexec.approval.Authority;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** What is known about the execution an action is called for. Every value was verified before the claim. */
public interface ActionContext {

    /** The id of this execution, the same that its answer and its receipt carry. */
    UUID executionId();

    /** The tenant the approval names; {@code demo} for unsigned requests. */
    String tenant();

    Authority authority();

    /** The id of the approval; empty for unsigned requests. */
    Optional<String> approvalId();

    /** 1 for the first entry. */
    int attempt();

    /**
     * 64 hexadecimal digits to pass downstream: the same for every attempt at this execution, on every node and after
     * every restart, and different between ledgers.
     */
    String idempotencyKey();

    /** A generator seeded from {@link #idempotencyKey()}: the same numbers on every attempt. */
    RandomGenerator random();

    /** The executor's clock. */
    InstantSource clock();
}
