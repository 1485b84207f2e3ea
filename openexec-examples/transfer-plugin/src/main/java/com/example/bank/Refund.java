package com.example.bank;

import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.action.ActionFailedException;
import dev.openexec.action.ActionName;
import dev.openexec.json.Json;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;

/** Moves the money of a booking back. A second action in the same jar: it is made only where it is named. */
@ActionName("refund")
public final class Refund implements Action<Refund.Input> {

    /**
     * What to move back.
     *
     * @param booking the number that the transfer answered with
     */
    public record Input(String booking) {
        /** JSON may say null where a record expects a value. */
        public Input {
            Objects.requireNonNull(booking);
        }
    }

    private final Bank bank;

    /** As OpenExec makes it. */
    public Refund() {
        this(InMemoryBank.SHARED);
    }

    Refund(Bank bank) {
        this.bank = bank;
    }

    @Override
    public Class<Input> inputType() {
        return Input.class;
    }

    @Override
    public Json run(Input input, ActionContext context) throws ActionFailedException, IOException {
        try {
            return Json.of(Map.of("booking", bank.refund(context.idempotencyKey(), input.booking())));
        } catch (DeclinedException e) {
            throw new ActionFailedException(e.code());
        }
    }
}
