package com.example.bank;

import static com.example.bank.Currency.EUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.ExecutionFailedException;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.InDoubtException;
import dev.openexec.RefusedException;
import dev.openexec.RefusedException.Reason;
import dev.openexec.json.Json;
import dev.openexec.store.ExecutionStore;
import dev.openexec.testkit.TestApprovals;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TransferTest {

    private final TestApprovals approver = TestApprovals.forTenant("acme");
    private final InMemoryBank bank = new InMemoryBank("alice", EUR, 100_00);

    @Test
    void an_approved_transfer_is_booked_once_however_often_it_is_asked_for() throws Exception {
        try (Executor executor = executor(new Transfer(bank))) {
            ExecutionRequest request = approved(order(12_50), "n-1");

            assertThat(executor.execute(request).result()).isEqualTo(Json.of(Map.of("booking", "booking-1")));
            assertThat(executor.execute(request).replayed()).isTrue();
        }
        assertThat(bank.balance("alice", EUR)).isEqualTo(87_50);
        assertThat(bank.balance("bob", EUR)).isEqualTo(12_50);
    }

    @Test
    void a_transfer_that_the_bank_declines_has_failed_for_good() {
        try (Executor executor = executor(new Transfer(bank))) {
            ExecutionRequest request = approved(order(100_01), "n-1");
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> executor.execute(request))
                        .isInstanceOfSatisfying(
                                ExecutionFailedException.class,
                                failure -> assertThat(failure.code()).isEqualTo("insufficient-funds"));
            }
        }
        assertThat(bank.balance("alice", EUR)).isEqualTo(100_00);
    }

    @Test
    void an_order_that_makes_no_sense_is_refused_before_anything_is_claimed() {
        assertInvalid(order(0), "amount-not-positive");
        assertInvalid(order(-1), "amount-not-positive");
        assertInvalid(order("alice", "alice", 1), "same-account");
        assertInvalid(order("alice", null, 1), "input-mismatch");
        assertInvalid(order("alice", "bob", 12.5), "input-mismatch");
        assertThat(bank.balance("alice", EUR)).isEqualTo(100_00);
    }

    @Test
    void a_transfer_whose_answer_is_lost_is_not_known_and_never_sent_again() {
        AtomicInteger sent = new AtomicInteger();
        Bank silent = new Bank() {
            @Override
            public String transfer(String key, Transfer.Input order) throws IOException {
                sent.incrementAndGet();
                throw new IOException("No answer");
            }

            @Override
            public String refund(String key, String booking) {
                throw new UnsupportedOperationException();
            }
        };
        try (Executor executor = executor(new Transfer(silent))) {
            ExecutionRequest request = approved(order(12_50), "n-1");
            assertThatThrownBy(() -> executor.execute(request)).isInstanceOf(InDoubtException.class);
            assertThatThrownBy(() -> executor.execute(request)).isInstanceOf(InDoubtException.class);
        }
        assertThat(sent).hasValue(1);
    }

    @Test
    void it_is_found_by_its_name_and_nothing_else_is_registered() {
        try (Executor executor = Executor.with(ExecutionStore.inMemory(), approver.policy())
                .discoverActions(List.of("transfer"))
                .build()) {
            assertThat(executor.actionNames()).containsExactly("transfer");
        }
    }

    private Executor executor(Transfer transfer) {
        return Executor.with(ExecutionStore.inMemory(), approver.policy())
                .action(transfer)
                .build();
    }

    private void assertInvalid(Json order, String code) {
        try (Executor executor = executor(new Transfer(bank))) {
            assertThatThrownBy(() -> executor.execute(approved(order, "n-1")))
                    .isInstanceOfSatisfying(RefusedException.class, refusal -> {
                        assertThat(refusal.reason()).isEqualTo(Reason.INVALID_INPUT);
                        assertThat(refusal.rule()).isEqualTo(code);
                    });
        }
    }

    private ExecutionRequest approved(Json order, String nonce) {
        ExecutionRequest request = ExecutionRequest.of("transfer", order, nonce);
        return request.withApproval(approver.approve(request, Instant.now()));
    }

    private static Json order(long amount) {
        return order("alice", "bob", amount);
    }

    private static Json order(String from, String to, Number amount) {
        Map<String, Object> order = new HashMap<>();
        order.put("from", from);
        order.put("to", to);
        order.put("amount", amount);
        order.put("currency", "EUR");
        return Json.of(order);
    }
}
