package dev.openexec.server;

import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.action.ActionName;
import dev.openexec.action.InvalidInputException;
import dev.openexec.action.Kind;
import dev.openexec.json.Json;
import java.math.BigInteger;
import java.util.Map;

/**
 * Adds the payload's members {@code a} and {@code b} as Python does: a missing one counts 0, two integers add exactly, and
 * with a float the sum is the double closest to it.
 */
@ActionName("add")
final class Add implements Action<Json> {

    @Override
    public Kind kind() {
        return Kind.PURE;
    }

    @Override
    public Class<Json> inputType() {
        return Json.class;
    }

    @Override
    public void check(Json payload) throws InvalidInputException {
        sum(payload);
    }

    @Override
    public Json run(Json payload, ActionContext context) throws InvalidInputException {
        return sum(payload);
    }

    static Json sum(Json payload) throws InvalidInputException {
        Number a = operand(payload, "a");
        Number b = operand(payload, "b");
        Number sum =
                a instanceof BigInteger i && b instanceof BigInteger j ? i.add(j) : a.doubleValue() + b.doubleValue();
        try {
            return Json.of(Map.of("sum", sum));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("sum-out-of-range");
        }
    }

    private static Number operand(Json payload, String name) throws InvalidInputException {
        Json value = payload.get(name).orElse(null);
        if (value == null) {
            return BigInteger.ZERO;
        }
        return switch (value.type()) {
            case INTEGER -> value.asInteger();
            case FLOAT -> value.asDouble();
            default -> throw new InvalidInputException("not-a-number");
        };
    }
}
