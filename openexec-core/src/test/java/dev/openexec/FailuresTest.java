package dev.openexec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class FailuresTest {

    @Test
    void a_trace_says_what_was_thrown_and_where_and_repeats_no_message() {
        String trace = Failures.trace(new IllegalStateException("secret", new NullPointerException("secret")));
        assertThat(trace)
                .startsWith("java.lang.IllegalStateException")
                .contains("caused by java.lang.NullPointerException", FailuresTest.class.getName())
                .doesNotContain("secret");
    }

    @Test
    void the_cause_is_what_a_stage_failed_with() {
        Exception failure = new Exception();
        assertThat(Failures.cause(new CompletionException(new CompletionException(failure))))
                .isSameAs(failure);
        assertThat(Failures.cause(failure)).isSameAs(failure);
        assertThat(Failures.cause(null)).isNull();
    }
}
