package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.InDoubtException;
import dev.openexec.InDoubtException.Doubt;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.ExecutionStore;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class BrokenLogTest {

    private static final Logger LOGGER = Logger.getLogger("dev.openexec.Runner");

    private final Handler broken = new Handler() {
        @Override
        public void publish(LogRecord event) {
            throw new StackOverflowError("of this test");
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @Test
    void a_log_that_throws_costs_no_execution_its_ending() {
        RecordingAction pay = RecordingAction.of("pay", Kind.AT_MOST_ONCE, (input, context) -> {
            throw new IllegalStateException("of this test");
        });
        ExecutionRequest request = ExecutionRequest.of("pay", Json.emptyObject(), "n-1");
        LOGGER.addHandler(broken);
        try (Executor executor = Executor.with(ExecutionStore.inMemory(), ApprovalPolicy.unsignedDemo())
                .action(pay)
                .build()) {
            for (int i = 0; i < 2; i++) {
                InDoubtException answer = catchThrowableOfType(InDoubtException.class, () -> executor.execute(request));
                assertThat(answer.doubt()).isEqualTo(Doubt.OUTCOME_INDETERMINATE);
            }
        } finally {
            LOGGER.removeHandler(broken);
        }
        assertThat(pay.entered()).isOne();
    }
}
