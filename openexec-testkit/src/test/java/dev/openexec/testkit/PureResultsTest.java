package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.action.ActionContext;
import dev.openexec.action.ActionFailedException;
import dev.openexec.action.Kind;
import dev.openexec.json.Json;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PureResultsTest {

    private static final Json PAYLOAD = Json.of(Map.of("amount", 1234));

    @Test
    void an_action_that_looks_at_its_payload_alone_passes() {
        PureResults.requireSame(RecordingAction.of("pure", Kind.PURE, (input, context) -> input), PAYLOAD);
        PureResults.requireSame(
                RecordingAction.of("failing", Kind.PURE, (input, context) -> {
                    throw new ActionFailedException("too-much");
                }),
                PAYLOAD);
    }

    static Stream<Arguments> impurities() {
        AtomicInteger calls = new AtomicInteger();
        return Stream.of(
                impurity("count", context -> calls.incrementAndGet()),
                impurity("time", context -> context.clock().instant()),
                impurity("zone", context -> ZoneId.systemDefault()),
                impurity("locale", context -> String.format(Locale.getDefault(Locale.Category.FORMAT), "%d", 7)),
                impurity("thread", context -> Thread.currentThread().getName()),
                impurity("execution", ActionContext::executionId),
                impurity("random", context -> context.random().nextLong()));
    }

    private static Arguments impurity(String name, Function<ActionContext, Object> source) {
        return Arguments.of(name, source);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("impurities")
    void an_action_that_looks_at_anything_else_does_not(String name, Function<ActionContext, Object> source) {
        RecordingAction liar = RecordingAction.of(
                "liar",
                Kind.PURE,
                (input, context) -> Json.of(Map.of(name, source.apply(context).toString())));
        assertThatThrownBy(() -> PureResults.requireSame(liar, PAYLOAD))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("depends on more than its payload");
    }

    @Test
    void an_action_of_another_kind_does_not_run() {
        RecordingAction effect = RecordingAction.counting("effect", Kind.IDEMPOTENT);
        assertThatThrownBy(() -> PureResults.requireSame(effect, PAYLOAD)).isInstanceOf(AssertionError.class);
        assertThat(effect.entered()).isZero();
    }

    @Test
    void a_payload_that_the_action_does_not_take_is_a_fault_of_the_test() {
        RecordingAction pure = RecordingAction.of("pure", Kind.PURE, (input, context) -> input);
        assertThatThrownBy(() -> PureResults.requireSame(
                        pure, Json.of(Map.of("list", List.of())).get("list").orElseThrow()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("does not take the payload");
    }

    @Test
    void the_surroundings_are_left_as_they_were() {
        Locale locale = Locale.getDefault();
        ZoneId zone = ZoneId.systemDefault();
        assertThatCode(() -> an_action_that_looks_at_its_payload_alone_passes()).doesNotThrowAnyException();
        assertThat(Locale.getDefault()).isEqualTo(locale);
        assertThat(ZoneId.systemDefault()).isEqualTo(zone);
    }
}
