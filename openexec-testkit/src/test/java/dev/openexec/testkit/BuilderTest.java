package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.ExecutionStore;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuilderTest {

    private final Executor.Builder builder = Executor.with(ExecutionStore.inMemory(), ApprovalPolicy.unsignedDemo());

    static Stream<Duration> noBudgets() {
        return Stream.of(Duration.ofNanos(-1), Duration.ofDays(1).plusNanos(1), Duration.ofSeconds(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @MethodSource("noBudgets")
    void a_budget_out_of_its_range_is_refused(Duration budget) {
        assertThatIllegalArgumentException().isThrownBy(() -> builder.waitBudget(budget));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.drainBudget(budget));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.softDeadline(budget));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.hardDeadline(budget));
        ExecutionRequest request = ExecutionRequest.of("pay", Json.emptyObject(), "n-1");
        assertThatIllegalArgumentException().isThrownBy(() -> request.withWaitBudget(budget));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "P1D"})
    void a_budget_is_from_nothing_to_a_day(String budget) {
        Duration parsed = Duration.parse(budget);
        assertThatCode(() -> builder.waitBudget(parsed)
                        .drainBudget(parsed)
                        .softDeadline(parsed)
                        .hardDeadline(parsed))
                .doesNotThrowAnyException();
        ExecutionRequest request = ExecutionRequest.of("pay", Json.emptyObject(), "n-1");
        assertThat(request.withWaitBudget(parsed).withApproval("{}").waitBudget())
                .isEqualTo(parsed);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void a_number_below_one_is_refused(int number) {
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxConcurrent(number));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.actionThreads(number));
    }
}
