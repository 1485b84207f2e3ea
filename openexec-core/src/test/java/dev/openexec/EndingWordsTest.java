package dev.openexec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openexec.action.ActionFailedException;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.Ending;
import dev.openexec.store.Ending.State;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.StoredExecution;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever an action does, its claim ends, in exactly these words. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EndingWordsTest {

    /** Not one of the JDK's, as ThreadDeath was: nobody expects it. */
    private static final class Death extends Error {}

    static Stream<Arguments> bodies() {
        return Stream.of(
                Arguments.of("action-error", throwing(new IllegalStateException("s3cr3t"))),
                Arguments.of("action-error", throwing(new IOException("s3cr3t"))),
                Arguments.of("action-error", throwing(new Death())),
                Arguments.of("action-error", throwing(new OutOfMemoryError("s3cr3t"))),
                Arguments.of("action-error", (Doing.Body) context -> overflow(0)),
                Arguments.of("action-error", (Doing.Body) context -> Json.of(nested(65))),
                Arguments.of("action-interrupted", throwing(new InterruptedException("s3cr3t"))),
                Arguments.of("result-unrepresentable", (Doing.Body) context -> nothing()),
                Arguments.of("result-unrepresentable", (Doing.Body) context -> text()),
                Arguments.of("result-too-large", (Doing.Body) context -> large()));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void of_an_action_with_effects_nobody_knows(String code, Doing.Body body) {
        for (Kind kind : List.of(Kind.AT_MOST_ONCE, Kind.IDEMPOTENT)) {
            assertThat(endingOf(kind, body))
                    .extracting(Ending::state, Ending::code)
                    .containsExactly(State.INDETERMINATE, code);
        }
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void a_pure_action_has_failed(String code, Doing.Body body) {
        assertThat(endingOf(Kind.PURE, body))
                .extracting(Ending::state, Ending::code)
                .containsExactly(State.FAILED, code);
    }

    @Test
    void the_action_s_own_word_means_that_it_did_not_happen() {
        for (Kind kind : List.of(Kind.AT_MOST_ONCE, Kind.IDEMPOTENT, Kind.PURE)) {
            assertThat(endingOf(kind, throwing(new ActionFailedException("account-closed"))))
                    .extracting(Ending::state, Ending::code)
                    .containsExactly(State.FAILED, "account-closed");
        }
    }

    @Test
    void an_action_that_ignores_the_interrupt_of_its_caller_succeeds_and_the_interrupt_is_kept() {
        Ending ending = endingOf(Kind.AT_MOST_ONCE, context -> {
            Thread.currentThread().interrupt(); // as its caller may at any time
            return Json.emptyObject();
        });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(ending.state()).isEqualTo(State.SUCCEEDED);
    }

    @Test
    void an_action_that_ends_by_the_interrupt_of_its_caller_ends_unknown_and_the_interrupt_is_kept() {
        Ending ending = endingOf(Kind.AT_MOST_ONCE, context -> {
            Thread.currentThread().interrupt();
            new CountDownLatch(1).await(); // throws at once
            return Json.emptyObject();
        });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(ending.code()).isEqualTo("action-interrupted");
    }

    @AfterEach
    void forget_the_interrupt() {
        Thread.interrupted();
    }

    /** Of a new nonce, whose answer never has the words of the action. */
    private Ending endingOf(Kind kind, Doing.Body body) {
        String nonce = kind.name();
        ExecutionStore ledger = ExecutionStore.inMemory();
        try (Executor executor = Executor.with(ledger, ApprovalPolicy.unsignedDemo())
                .action(new Doing(kind, body))
                .build()) {
            Throwable failure =
                    catchThrowable(() -> executor.execute(ExecutionRequest.of("pay", Json.emptyObject(), nonce)));
            if (failure != null) {
                assertThat(failure).hasMessageNotContaining("s3cr3t").hasNoCause();
            }
            return ledger.find(List.of(LedgerKeys.untenantedNonce(nonce)))
                    .toCompletableFuture()
                    .join()
                    .map(StoredExecution::ending)
                    .orElseThrow();
        }
    }

    private static Doing.Body throwing(Throwable thrown) {
        return context -> {
            throw EndingWordsTest.<RuntimeException>sneaky(thrown);
        };
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable throwable) throws T {
        throw (T) throwable;
    }

    @SuppressWarnings("InfiniteRecursion")
    private static Json overflow(int depth) {
        return overflow(depth + 1);
    }

    @SuppressWarnings("NullAway") // actions are code of others, who may not check theirs
    private static Json nothing() {
        return null;
    }

    private static Json text() {
        return Json.of(Map.of("a", "b")).get("a").orElseThrow();
    }

    private static Json large() {
        return Json.of(Map.of("large", Collections.nCopies(11, "x".repeat(100_000))));
    }

    private static Map<String, ?> nested(int levels) {
        return levels == 0 ? Map.of() : Map.of("a", nested(levels - 1));
    }
}
