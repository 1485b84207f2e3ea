package dev.openexec.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A write that makes no sense is not made. */
class WriteTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void a_prune_has_a_skew_that_is_not_negative() {
        assertThat(new Write.Prune(NOW, Duration.ZERO, 1, null).skew()).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> new Write.Prune(NOW, Duration.ofNanos(-1), 1, null));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void a_prune_or_an_erasure_concerns_at_least_one_row(int limit) {
        assertThat(new Write.EraseResults(NOW, 1, null).limit()).isOne();
        assertThatIllegalArgumentException().isThrownBy(() -> new Write.Prune(NOW, Duration.ZERO, limit, null));
        assertThatIllegalArgumentException().isThrownBy(() -> new Write.EraseResults(NOW, limit, null));
    }
}
