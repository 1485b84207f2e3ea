package dev.openexec.campaigns;

import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.action.ActionFailedException;
import dev.openexec.action.Kind;
import dev.openexec.json.Json;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * An action whose effect is a line in the witness's history. Its result names the execution and the attempt, so that no
 * two evaluations have the same one: a result in the wrong place is seen. (A PURE action's must not; this one lies, to show
 * which evaluation was recorded.)
 */
abstract class Effect implements Action<Effect.Order> {

    private final String name;
    private final Kind kind;

    Effect(String name, Kind kind) {
        this.name = name;
        this.kind = kind;
    }

    /** How a run is to end. */
    enum End {
        /** With a result. */
        SUCCEEDED,
        /** As a definite failure, without an effect. */
        FAILED,
        /** With an exception after the effect. */
        THREW
    }

    /**
     * What is asked for.
     *
     * @param mark unique to what was approved, or asked for, once
     * @param end how it is to end
     * @param millis how long it is to take
     */
    record Order(String mark, End end, int millis) {}

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Kind kind() {
        return kind;
    }

    @Override
    public final Class<Order> inputType() {
        return Order.class;
    }

    @Override
    public final Json run(Order order, ActionContext context)
            throws ActionFailedException, InterruptedException, SQLException {
        Faults.reached("action/before-entry");
        Map<String, Object> report = new HashMap<>();
        report.put("at", "enter");
        report.put("pid", ProcessHandle.current().pid());
        report.put("exec", context.executionId().toString());
        report.put("attempt", context.attempt());
        report.put("action", name);
        report.put("mark", order.mark);
        report.put("approval", context.approvalId().orElse(""));
        report.put("key", context.idempotencyKey());
        Witness.told(report);
        Faults.reached("action/entered");
        happen(order, context);
        Thread.sleep(order.millis); // work, for duplicates and kills to meet
        Json result = Json.of(Map.of(
                "mark", order.mark, "execution", context.executionId().toString(), "attempt", context.attempt()));
        report.put("at", "exit");
        report.put("end", order.end.name());
        report.put("result", result.canonical());
        Witness.told(report);
        Faults.reached("action/left");
        return switch (order.end) {
            case SUCCEEDED -> result;
            case FAILED -> throw new ActionFailedException("as-ordered");
            case THREW -> throw new IllegalStateException("as ordered");
        };
    }

    /** Does what there is to do beside telling the witness. */
    void happen(Order order, ActionContext context) throws SQLException {}
}
