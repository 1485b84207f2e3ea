package com.example.bank;

import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.action.ActionFailedException;
import dev.openexec.action.ActionName;
import dev.openexec.action.InvalidInputException;
import dev.openexec.action.Kind;
import dev.openexec.json.Json;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;

/** Moves money from one account to another. */
@ActionName("transfer")
public final class Transfer implements Action<Transfer.Input> {

    /**
     * What to move.
     *
     * @param amount in minor units, such as cents: a whole number, because JSON's others are floating point
     */
    public record Input(String from, String to, long amount, Currency currency) {
        /** JSON may say null where a record expects a value. */
        public Input {
            Objects.requireNonNull(from);
            Objects.requireNonNull(to);
            Objects.requireNonNull(currency);
        }
    }

    private final Bank bank;

    /** As OpenExec makes it. A real one would read here, from a file or an environment variable, where its bank is. */
    public Transfer() {
        this(InMemoryBank.SHARED);
    }

    Transfer(Bank bank) {
        this.bank = bank;
    }

    @Override
    public Kind kind() {
        return Kind.AT_MOST_ONCE;
    }

    @Override
    public Class<Input> inputType() {
        return Input.class;
    }

    @Override
    public void check(Input input) throws InvalidInputException {
        if (input.amount() <= 0) {
            throw new InvalidInputException("amount-not-positive");
        }
        if (input.from().equals(input.to())) {
            throw new InvalidInputException("same-account");
        }
    }

    /** An IOException passes through: the bank may have booked, so the outcome is unknown. */
    @Override
    public Json run(Input input, ActionContext context) throws ActionFailedException, IOException {
        try {
            return Json.of(Map.of("booking", bank.transfer(context.idempotencyKey(), input)));
        } catch (DeclinedException e) {
            throw new ActionFailedException(e.code());
        }
    }
}
