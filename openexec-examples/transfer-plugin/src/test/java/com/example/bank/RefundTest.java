package com.example.bank;

import static com.example.bank.Currency.EUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.ExecutionFailedException;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.ExecutionStore;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RefundTest {

    private final InMemoryBank bank = new InMemoryBank("alice", EUR, 100_00);

    @Test
    void a_booking_is_refunded_once() throws Exception {
        String booking = bank.transfer("key", new Transfer.Input("alice", "bob", 12_50, EUR));
        try (Executor executor = Executor.with(ExecutionStore.inMemory(), ApprovalPolicy.unsignedDemo())
                .action(new Refund(bank))
                .build()) {
            executor.execute(refund(booking, "n-1"));

            assertThatThrownBy(() -> executor.execute(refund(booking, "n-2")))
                    .isInstanceOfSatisfying(
                            ExecutionFailedException.class,
                            failure -> assertThat(failure.code()).isEqualTo("no-such-booking"));
        }
        assertThat(bank.balance("alice", EUR)).isEqualTo(100_00);
    }

    private static ExecutionRequest refund(String booking, String nonce) {
        return ExecutionRequest.of("refund", Json.of(Map.of("booking", booking)), nonce);
    }
}
