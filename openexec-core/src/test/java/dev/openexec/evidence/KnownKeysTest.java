package dev.openexec.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.json.Digest;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which lines of a note count for whoever knows some of the keys (C2SP signed-note, Signatures). */
class KnownKeysTest {

    private static final Digest ROOT = Digest.ofUtf8("root");

    private final LogKey log = new LogKey("example.org/log", key("log"));
    private final String checkpoint = log.checkpoint(7, ROOT);
    private final Policy policy = Policy.parse("log " + log.verifierKey() + "\nlog " + other().verifierKey()
            + "\nwitness a " + witness("w1") + "\nwitness b " + witness("w2") + "\ngroup g any a b\nquorum g\n");

    private static Ed25519SigningKey key(String name) {
        return Ed25519SigningKey.of(Digest.ofUtf8(name).bytes());
    }

    private static LogKey other() {
        return new LogKey("example.org/other", key("other"));
    }

    private static VerifierKey witness(String name) {
        return new VerifierKey(name, VerifierKey.Type.COSIGNATURE, key(name).publicKey());
    }

    private String cosignature(String name) {
        return Cosignature.line(
                checkpoint.substring(0, checkpoint.indexOf("\n\n") + 1), name, key(name), Instant.ofEpochSecond(100));
    }

    /** The same line, with one bit of the signature changed. */
    private static String bad(String line) {
        int space = line.lastIndexOf(' ');
        byte[] bytes = Base64.getDecoder().decode(line.strip().substring(space + 1));
        bytes[20] ^= 1;
        return line.substring(0, space + 1) + Base64.getEncoder().encodeToString(bytes) + "\n";
    }

    private static String lineOf(String note) {
        return note.substring(note.indexOf("\n\n") + 2);
    }

    @Test
    void a_bad_line_of_an_unknown_key_is_nothing() {
        assertThat(policy.accept(checkpoint + cosignature("w1") + bad(cosignature("stranger"))))
                .isPresent();
    }

    @Test
    void a_bad_line_of_a_witness_spoils_the_note_even_where_the_quorum_is_met_without_it() {
        assertThat(policy.accept(checkpoint + cosignature("w1"))).isPresent();
        assertThat(policy.accept(checkpoint + cosignature("w1") + bad(cosignature("w2"))))
                .isEmpty();
        assertThat(policy.accept(checkpoint + cosignature("w1") + bad(cosignature("w1"))))
                .isEmpty();
    }

    @Test
    void a_bad_line_of_another_log_spoils_the_note() {
        String badLine = bad(lineOf(other().checkpoint(7, ROOT)));

        assertThat(policy.accept(checkpoint + cosignature("w1") + badLine)).isEmpty();
        assertThat(policy.accept(checkpoint + bad(lineOf(checkpoint)) + cosignature("w1")))
                .isEmpty();
    }

    @Test
    void a_witness_that_is_listed_twice_is_one_of_those_there_are() {
        Policy twice = Policy.parse("log " + log.verifierKey() + "\nwitness a " + witness("w1") + "\nwitness b "
                + witness("w1") + "\nquorum a\n");

        assertThat(twice.accept(checkpoint + cosignature("w1")))
                .hasValueSatisfying(accepted -> assertThat(accepted.witnesses()).isOne());
    }

    @ParameterizedTest
    @ValueSource(ints = {' ', '\t', '+', 0x85, 0xA0, 0x1680, 0x2003, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000})
    void no_name_has_a_unicode_space_or_a_plus_sign(int c) {
        String name = "example.org/" + Character.toString(c);

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new VerifierKey(name, VerifierKey.Type.NOTE, key("any").publicKey()));
        assertThat(SignedNote.parse("text\n\n" + SignedNote.line(name, new byte[4], new byte[64])))
                .isEmpty();
    }
}
