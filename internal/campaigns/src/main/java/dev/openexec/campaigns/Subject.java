package dev.openexec.campaigns;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.approval.ApprovalKey;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import dev.openexec.store.Outcome;
import dev.openexec.store.StoreException;
import dev.openexec.store.Write;
import dev.openexec.store.jdbc.FaultySqlite;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A program that embeds executors, does what its standard input says, and dies where it was told to. It answers each
 * request with one line; that line is the answer that has left the process.
 */
public final class Subject {

    private static final Duration SKEW = Duration.ofMinutes(1);
    private static final int MOST = 500;
    private static final Duration DRAIN_BUDGET = Duration.ofSeconds(1); // less than some actions take

    private final RunningClock clock = new RunningClock();
    private final List<FaultyStore> stores = new ArrayList<>();
    private final List<Executor> executors = new ArrayList<>();
    private final Path ledger;
    private final ApprovalPolicy policy;

    private Subject(Path ledger, ApprovalPolicy policy) {
        this.ledger = ledger;
        this.policy = policy;
    }

    /**
     * Runs until its input ends.
     *
     * @param arguments the ledger; in signed mode also the tenant and the approver's key
     * @throws IOException if it cannot read
     * @throws MalformedJsonException if a line is not what it takes
     */
    public static void main(String[] arguments) throws IOException, MalformedJsonException {
        ApprovalPolicy policy = arguments.length == 1
                ? ApprovalPolicy.unsignedDemo()
                : ApprovalPolicy.signedBy(arguments[1], ApprovalKey.fromPem(arguments[2]));
        Subject subject = new Subject(Path.of(arguments[0]), policy);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Json order = Json.parse(line);
            subject.obey(text(order, "do"), order);
        }
    }

    private void obey(String verb, Json order) {
        switch (verb) {
            case "arm" -> Faults.arm(new Faults.Fault(text(order, "place"), Faults.Deed.valueOf(text(order, "deed"))));
            case "disarm" -> Faults.arm(null);
            case "clock" ->
                clock.set(
                        Instant.parse(text(order, "time")),
                        order.get("speed").orElseThrow().asDouble());
            case "open" -> open();
            case "execute" -> execute(order);
            case "prune" -> prune();
            case "close" -> {
                executors.forEach(Executor::close);
                Lines.print("{\"closed\":true}");
            }
            default -> throw new IllegalArgumentException(verb);
        }
    }

    private void open() {
        try {
            FaultyStore store = new FaultyStore(FaultySqlite.at(ledger).withTables(Transactional.TABLE));
            executors.add(Executor.with(store, policy)
                    .action(new AtMostOnce())
                    .action(new Idempotent())
                    .action(new Pure())
                    .action(new Transactional())
                    .clock(clock)
                    .drainBudget(DRAIN_BUDGET)
                    .build());
            stores.add(store);
            Phase.serve();
            Lines.print("{\"open\":" + executors.size() + "}");
        } catch (StoreException e) {
            Lines.print("{\"refused\":\"" + e.reason().problem() + "\"}");
        }
    }

    private void execute(Json order) {
        int op = order.get("op").orElseThrow().asInteger().intValueExact();
        int executor = order.get("executor").orElseThrow().asInteger().intValueExact();
        ExecutionRequest request =
                ExecutionRequest.of(text(order, "action"), order.get("payload").orElseThrow(), text(order, "nonce"));
        ExecutionRequest approved = order.get("approval")
                .map(approval -> request.withApproval(approval.canonical()))
                .orElse(request);
        executors.get(executor).executeAsync(approved).whenComplete((execution, failure) -> {
            String answer = Answers.words(execution, failure);
            Phase.enter("idle"); // a heartbeat is nobody's claim and nobody's completion
            Faults.reached("answer/before");
            boolean last = Faults.isArmedAt("answer/after"); // asked now: who has this answer may arm the next place
            Lines.print("{\"op\":" + op + "," + answer + "}");
            if (last) {
                Faults.reached("answer/after");
            }
        });
    }

    /** Forgets whatever may be forgotten at this clock's time. Says how many rows, or -1 if it may not. */
    private void prune() {
        CompletionStage<Outcome> outcome = stores.get(0).write(new Write.Prune(clock.instant(), SKEW, MOST, null));
        outcome.whenComplete((pruned, failure) -> {
            Phase.enter("idle");
            boolean done = pruned != null && pruned.verdict() == Outcome.Verdict.APPLIED;
            Lines.print("{\"pruned\":" + (done ? pruned.rows() : -1) + "}");
        });
    }

    private static String text(Json order, String name) {
        return order.get(name).orElseThrow().asString();
    }
}
