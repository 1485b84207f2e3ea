package dev.openexec;

import dev.openexec.Authorization.Authorized;
import dev.openexec.RefusedException.Reason;
import dev.openexec.action.InvalidInputException;
import java.util.Optional;
import java.util.Set;

/** Stage 2: the action is allowed, known, and takes this input. Nothing is claimed yet. */
final class Admission {

    private final Optional<Set<String>> allowList;
    private final ActionRegistry actions;

    Admission(Optional<Set<String>> allowList, ActionRegistry actions) {
        this.allowList = allowList;
        this.actions = actions;
    }

    ActionRegistry actions() {
        return actions;
    }

    Admitted admit(Authorized authorized, Call call) throws RefusedException {
        PreparedAction<?> prepared = prepare(authorized.request());
        call.observation().admitted(authorized.request().action(), prepared.kind());
        return new Admitted(authorized, prepared);
    }

    /** The same of a request that nobody has authorised yet: it is not admitted by this. */
    PreparedAction<?> prepare(ExecutionRequest request) throws RefusedException {
        String name = request.action();
        if (allowList.isPresent() && !allowList.get().contains(name)) {
            throw new RefusedException(Reason.ACTION_NOT_ALLOWED);
        }
        BoundAction<?> action = actions.find(name).orElseThrow(() -> new RefusedException(Reason.UNKNOWN_ACTION));
        try {
            return action.prepare(request.payload());
        } catch (InvalidInputException e) {
            throw new RefusedException(Reason.INVALID_INPUT, e.code());
        }
    }

    /** An authorised request whose action has accepted its input. */
    static final class Admitted {

        private final Authorized authorized;
        private final PreparedAction<?> action;

        private Admitted(Authorized authorized, PreparedAction<?> action) {
            this.authorized = authorized;
            this.action = action;
        }

        Authorized authorized() {
            return authorized;
        }

        PreparedAction<?> action() {
            return action;
        }
    }
}
