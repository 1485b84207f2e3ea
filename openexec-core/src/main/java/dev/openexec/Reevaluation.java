package dev.openexec;

import dev.openexec.Execution.Audit.Finding;
import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.action.ActionFailedException;
import dev.openexec.action.InvalidInputException;
import dev.openexec.action.Kind;
import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.StoredExecution;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Evaluates what PURE actions were given once more, through the same binding and the same line that runs actions. */
final class Reevaluation {

    private final String ledgerId;
    private final ActionRegistry actions;

    Reevaluation(String ledgerId, List<Action<?>> actions) {
        this.ledgerId = ledgerId;
        this.actions = new ActionRegistry(actions);
    }

    Finding look(StoredExecution row) {
        Claim claim = row.claim();
        if (claim.kind() != Kind.PURE) {
            return Finding.NOT_PURE;
        }
        Optional<BoundAction<?>> action = actions.find(claim.action());
        if (action.isEmpty()) {
            return Finding.NOT_INSTALLED;
        }
        if (action.get().kind() != Kind.PURE) {
            return Finding.NOT_PURE;
        }
        if (claim.actionDigest() == null || !action.get().digest().equals(Optional.of(claim.actionDigest()))) {
            return Finding.OTHER_CODE;
        }
        return recorded(row).isPresent() ? Finding.COMPARABLE : Finding.NO_RESULT;
    }

    Finding run(StoredExecution row) {
        Finding finding = look(row);
        if (finding != Finding.COMPARABLE) {
            return finding;
        }
        BoundAction<?> action = actions.find(row.claim().action()).orElseThrow();
        return recorded(row).equals(Optional.of(evaluate(action, row.claim()))) ? Finding.SAME : Finding.DIFFERENT;
    }

    /** The result or the code that is on record, if it is what the action itself made of its payload. */
    private static Optional<String> recorded(StoredExecution row) {
        Ending ending = row.ending();
        if (ending == null
                || row.isErased()
                || row.resolution() != null
                || ending.state() == Ending.State.INDETERMINATE) {
            return Optional.empty();
        }
        String code = ending.code();
        return code == null
                ? Optional.ofNullable(ending.result())
                : Optional.of(code).filter(name -> !name.startsWith("result-") && !name.equals("action-interrupted"));
    }

    /** A result is an object in spaced form, and a code is not: neither is ever taken for the other. */
    private String evaluate(BoundAction<?> action, Claim claim) {
        try {
            Json result = Runner.evaluate(action.prepare(Json.parse(claim.payload())), context(claim));
            return Objects.requireNonNull(result, "result").spaced();
        } catch (ActionFailedException e) {
            return e.code();
        } catch (InvalidInputException | MalformedJsonException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        } catch (Throwable e) { // even an Error: so it is when it is recorded
            return "action-error";
        }
    }

    /** As it was: at the time of the claim, with the same seed. */
    private ActionContext context(Claim claim) {
        return new Context(ledgerId, claim, 1, InstantSource.fixed(claim.claimedAt()), claim.claimedAt(), null);
    }
}
