package dev.openexec.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.json.Digest;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which checkpoints a policy accepts. */
class PolicyTest {

    private static final Digest ROOT = Digest.ofUtf8("root");

    private final Ed25519SigningKey logKey = key("log");
    private final LogKey log = new LogKey("example.org/log", logKey);
    private final String checkpoint = log.checkpoint(7, ROOT);

    private static Ed25519SigningKey key(String name) {
        return Ed25519SigningKey.of(Digest.ofUtf8(name).bytes());
    }

    private static VerifierKey witness(String name) {
        return new VerifierKey(name, VerifierKey.Type.COSIGNATURE, key(name).publicKey());
    }

    private static String cosigned(String note, String name, long seconds) {
        String text = note.substring(0, note.indexOf("\n\n") + 1);
        return note + Cosignature.line(text, name, key(name), Instant.ofEpochSecond(seconds));
    }

    private Policy policy(String... lines) {
        return Policy.parse("log " + log.verifierKey() + "\n" + String.join("\n", lines) + "\n");
    }

    private Policy twoOfThree() {
        return policy(
                "witness a " + witness("w1"),
                "witness b " + witness("w2"),
                "witness c " + witness("w3"),
                "group g 2 a b c",
                "quorum g");
    }

    @Test
    void groups_in_groups_have_an_end() {
        String key = new VerifierKey(
                        "w",
                        VerifierKey.Type.COSIGNATURE,
                        new TestLog().key.verifierKey().key())
                .toString();
        StringBuilder policy = new StringBuilder("witness g0 " + key + "\n");
        for (int i = 1; i < 200; i++) {
            policy.append("group g").append(i).append(" 1 g").append(i - 1).append('\n');
        }
        assertThat(Policy.parse(policy + "quorum g199\n").accept("")).isEmpty();
        assertThatThrownBy(() -> Policy.parse(policy + "group g200 1 g199\nquorum g200\n"))
                .hasMessage("Line 201: at most 200 witnesses and groups");
    }

    @Test
    void a_policy_names_its_logs() {
        VerifierKey other = new LogKey("example.org/other", key("other")).verifierKey();

        assertThat(policy("log " + other, "quorum none").logs()).containsExactly(log.verifierKey(), other);
    }

    @Test
    void a_checkpoint_of_the_log_is_accepted_where_nobody_else_has_to_sign() {
        assertThat(policy("quorum none").accept(checkpoint))
                .contains(new Policy.Accepted(new Checkpoint("example.org/log", 7, ROOT), List.of(), 0));
        assertThat(Policy.of(log.verifierKey()).accept(checkpoint)).isPresent();
    }

    @Test
    void a_checkpoint_of_another_key_or_under_another_name_is_not() {
        assertThat(policy("quorum none").accept(new LogKey("example.org/log", key("other")).checkpoint(7, ROOT)))
                .isEmpty();
        assertThat(policy("quorum none").accept(new LogKey("example.org/other", logKey).checkpoint(7, ROOT)))
                .isEmpty();
        assertThat(policy("quorum none").accept(checkpoint.replace("\n7\n", "\n8\n")))
                .isEmpty();
    }

    @Test
    void a_quorum_is_met_by_as_many_witnesses_as_it_asks_for() {
        String one = cosigned(checkpoint, "w1", 100);
        String two = cosigned(one, "w3", 300);

        assertThat(twoOfThree().accept(checkpoint)).isEmpty();
        assertThat(twoOfThree().accept(one)).isEmpty();
        assertThat(twoOfThree().accept(two)).hasValueSatisfying(accepted -> {
            assertThat(accepted.cosigned())
                    .containsExactlyInAnyOrder(Instant.ofEpochSecond(100), Instant.ofEpochSecond(300));
            assertThat(accepted.witnesses()).isEqualTo(3);
        });
    }

    @Test
    void the_same_witness_twice_or_a_stranger_is_nobody_more() {
        String twice = cosigned(cosigned(checkpoint, "w1", 100), "w1", 200);

        assertThat(twoOfThree().accept(twice)).isEmpty();
        assertThat(twoOfThree().accept(cosigned(twice, "stranger", 300))).isEmpty();
    }

    @Test
    void a_key_under_two_names_is_one_witness() {
        Policy policy = policy("witness a " + witness("w1"), "witness b " + witness("w1"), "group g 2 a b", "quorum g");

        assertThat(policy.accept(cosigned(checkpoint, "w1", 100))).isEmpty();
    }

    @Test
    void a_cosignature_of_another_checkpoint_or_time_is_none() {
        String line = cosigned(log.checkpoint(8, ROOT), "w1", 100)
                .substring(log.checkpoint(8, ROOT).length());
        Policy policy = policy("witness a " + witness("w1"), "quorum a");

        assertThat(policy.accept(cosigned(checkpoint, "w1", 100))).isPresent();
        assertThat(policy.accept(checkpoint + line)).isEmpty();
        assertThat(policy.accept(cosigned(checkpoint, "w1", -1))).isEmpty();
    }

    @Test
    void the_key_of_a_witness_is_not_one_of_a_log() {
        assertThatIllegalArgumentException().isThrownBy(() -> Policy.of(witness("w1")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "quorum none\nquorum none",
                "quorum",
                "witnes a b",
                "group g any a\nquorum none",
                "log nonsense\nquorum none",
                "quorum none\u0000",
                ""
            })
    void what_is_no_policy_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Policy.parse(text));
    }
}
