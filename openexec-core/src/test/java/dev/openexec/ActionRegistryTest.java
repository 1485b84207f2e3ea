package dev.openexec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.action.Kind;
import dev.openexec.json.Json;
import dev.openexec.store.ExecutionStore;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActionRegistryTest {

    /** What an author who does not check for nulls may write. */
    private record Given<I>(
            @Nullable String name,
            @Nullable Kind kind,
            @Nullable Class<I> inputType) implements Action<I> {
        @Override
        public Json run(I input, ActionContext context) {
            return Json.emptyObject();
        }
    }

    record Order(Runnable what) {}

    private record Throwing(String method) implements Action<Json> {
        private <T> T unless(String other, T answer) {
            if (!method.equals(other)) {
                return answer;
            }
            if (method.equals("kind")) {
                throw new AssertionError("s3cr3t");
            }
            throw new IllegalStateException("s3cr3t");
        }

        @Override
        public String name() {
            return unless("name", "pay");
        }

        @Override
        public Kind kind() {
            return unless("kind", Kind.PURE);
        }

        @Override
        public Class<Json> inputType() {
            return unless("inputType", Json.class);
        }

        @Override
        public Json run(Json input, ActionContext context) {
            return Json.emptyObject();
        }
    }

    @Test
    void actions_are_listed_by_name() {
        assertThat(registry(
                                new Given<>("pay", Kind.PURE, Json.class),
                                new Given<>("book", Kind.AT_MOST_ONCE, Json.class))
                        .names())
                .containsExactly("book", "pay");
    }

    @Test
    void two_of_one_name_are_refused() {
        Given<Json> pay = new Given<>("pay", Kind.AT_MOST_ONCE, Json.class);
        assertRefused("Two actions are named pay", pay, pay);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = "")
    void a_name_that_nobody_can_ask_for_is_refused(@Nullable String name) {
        assertRefused("1 to 256 characters: " + Given.class.getName(), new Given<>(name, Kind.PURE, Json.class));
        assertRefused("1 to 256 characters", new Given<>("n".repeat(257), Kind.PURE, Json.class));
    }

    @Test
    void a_kind_that_is_missing_is_refused() {
        assertRefused("Action pay is of no kind", new Given<>("pay", null, Json.class));
    }

    @Test
    void an_input_that_cannot_be_bound_is_refused_under_the_name_of_its_action() {
        assertRefused("Action pay: An input is a record or Json, not null", new Given<>("pay", Kind.PURE, null));
        assertRefused(
                "Action pay: An input is a record or Json, not class", new Given<>("pay", Kind.PURE, String.class));
        assertRefused(
                "Action pay: No input can be bound to java.lang.Runnable", new Given<>("pay", Kind.PURE, Order.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "kind", "inputType"})
    void an_action_that_throws_when_it_is_asked_what_it_is_is_refused_without_the_message(String method) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry(new Throwing(method)))
                .withMessageStartingWith(
                        "Action " + Throwing.class.getName() + " threw in " + method + "(): java.lang.")
                .withMessageContaining(" at " + Throwing.class.getName() + ".unless(")
                .withMessageNotContaining("s3cr3t");
    }

    @Test
    void an_action_that_needs_transactions_is_refused_where_the_ledger_has_none() {
        ActionRegistry registry = registry(new Given<>("pay", Kind.TRANSACTIONAL, Json.class));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.requireExecutableOn(ExecutionStore.inMemory()))
                .withMessageContaining("Action pay is TRANSACTIONAL");
    }

    private static ActionRegistry registry(Action<?>... actions) {
        return new ActionRegistry(Arrays.asList(actions));
    }

    private static void assertRefused(String message, Action<?>... actions) {
        assertThatIllegalArgumentException().isThrownBy(() -> registry(actions)).withMessageContaining(message);
    }
}
