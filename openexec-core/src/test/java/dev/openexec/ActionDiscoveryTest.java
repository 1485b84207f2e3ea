package dev.openexec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.action.ActionName;
import dev.openexec.json.Json;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ActionDiscoveryTest {

    private static final AtomicInteger BYSTANDERS_INITIALISED = new AtomicInteger();

    abstract static class Plugin implements Action<Json> {
        @Override
        public Class<Json> inputType() {
            return Json.class;
        }

        @Override
        public Json run(Json input, ActionContext context) {
            return Json.emptyObject();
        }
    }

    @ActionName("refund")
    public static final class Refund extends Plugin {}

    @ActionName("bystander")
    public static final class Bystander extends Plugin {
        static {
            BYSTANDERS_INITIALISED.incrementAndGet();
        }
    }

    @ActionName("twin")
    public static final class TwinOne extends Plugin {}

    @ActionName("twin")
    public static final class TwinTwo extends Plugin {}

    @ActionName("broken")
    public static final class Broken extends Plugin {
        public Broken() {
            throw new IllegalStateException("no configuration");
        }
    }

    public static final class Nameless extends Plugin {}

    @Test
    void only_what_is_asked_for_is_made_and_nothing_else_is_initialised() {
        assertThat(ActionDiscovery.find(List.of("refund"))).singleElement().isInstanceOf(Refund.class);
        assertThat(BYSTANDERS_INITIALISED).hasValue(0);
    }

    @Test
    void an_unknown_name_is_refused() {
        assertRefused("refnud", "No installed action is named refnud");
    }

    @Test
    void a_name_that_two_carry_is_refused() {
        assertRefused("twin", "Several installed actions are named twin");
    }

    @Test
    void an_action_that_cannot_be_made_is_refused() {
        assertRefused("broken", "cannot be loaded");
    }

    private static void assertRefused(String name, String message) {
        assertThatThrownBy(() -> ActionDiscovery.find(List.of("refund", name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
