package dev.openexec.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.evidence.Verdict.Invalid;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Texts that were cut, doubled and put together otherwise have an answer too, and no exception but the one that is said. With
 * {@code -Dmutations=100000} more of them.
 */
class NonsenseTest {

    private static final int MUTATIONS = Integer.getInteger("mutations", 2_000);
    private static final List<String> PIECES = List.of(
            "\n", "\n\n", "\u2014 ", " ", "+", "=", "AAAA", "{", "}", "\"", "\\u0000", "\ud800", ",", ":", "0", "-1",
            "é", "\0");

    private final TestLog log = new TestLog();
    private final Evidence evidence =
            TestLog.evidence(Draft.succeeded("{\"a\": 1}").signed().after(1));
    private final Verifier verifier = TestLog.verifier().approvedBy(Draft.APPROVERS);
    private final Random random = new Random(3);

    /** One to three edits of a text. */
    private String edited(String text) {
        String edited = text;
        for (int edits = random.nextInt(3); edits >= 0; edits--) {
            int from = random.nextInt(edited.length() + 1);
            int to = from + random.nextInt(Math.min(80, edited.length() - from) + 1);
            edited = switch (random.nextInt(4)) {
                case 0 -> edited.substring(0, from) + edited.substring(to);
                case 1 -> edited.substring(0, to) + edited.substring(from);
                case 2 -> edited.substring(0, from);
                default ->
                    edited.substring(0, from) + PIECES.get(random.nextInt(PIECES.size())) + edited.substring(from);
            };
        }
        return edited;
    }

    private void often(String text, Consumer<String> check) {
        for (int i = 0; i < MUTATIONS; i++) {
            String edited = edited(text);
            assertThatCode(() -> check.accept(edited)).as(edited).doesNotThrowAnyException();
        }
    }

    @Test
    void an_edited_receipt_or_document_is_refused() {
        often(
                evidence.receipt(),
                receipt -> assertThat(verifier.verify(new Evidence(receipt, evidence.proof(), evidence.documents())))
                        .satisfiesAnyOf(
                                verdict -> assertThat(verdict).isInstanceOf(Invalid.class),
                                verdict -> assertThat(receipt).isEqualTo(evidence.receipt())));
        often(
                evidence.json(),
                bundle -> assertThat(verifier.verify(bundle))
                        .satisfiesAnyOf(
                                verdict -> assertThat(verdict).isInstanceOf(Invalid.class),
                                verdict -> assertThat(bundle).isEqualTo(evidence.json())));
    }

    /** A line that stands there twice, or an extension, changes nothing of what is signed. */
    @Test
    void an_edited_proof_shows_no_more_than_the_proof() {
        Verdict good = verifier.verify(evidence);
        often(
                evidence.proof(),
                proof -> assertThat(verifier.verify(new Evidence(evidence.receipt(), proof, evidence.documents())))
                        .satisfiesAnyOf(
                                verdict -> assertThat(verdict).isInstanceOf(Invalid.class),
                                verdict -> assertThat(verdict).isEqualTo(good)));
    }

    @Test
    void an_edited_checkpoint_is_refused_or_says_the_same() {
        String note = evidence.proof().substring(evidence.proof().indexOf("\n\n") + 2);
        Optional<Checkpoint> signed = Checkpoint.open(note, log.key.verifierKey());
        assertThat(signed).isPresent();
        often(note, edited -> {
            assertThat(Checkpoint.open(edited, log.key.verifierKey())).isIn(signed, Optional.empty());
            Checkpoint.claimed(edited);
        });
        assertThat(Checkpoint.claimed("a\n0\n\n\n")).isEmpty();
        assertThat(Checkpoint.claimed(signed.get().text() + "\n")).isEmpty();
    }

    @Test
    void an_edited_key_or_policy_is_one_or_is_refused_with_words() {
        String key = log.key.verifierKey().toString();
        String policy = "log " + key + "\nwitness w " + key.replace("example", "witness") + " https://w.example\n"
                + "group g 1 w\nquorum g\n";
        often(key, edited -> refusedOrNot(() -> VerifierKey.parse(edited)));
        often(policy, edited -> refusedOrNot(() -> Policy.parse(edited).accept(evidence.proof())));
    }

    private static void refusedOrNot(Runnable parse) {
        try {
            parse.run();
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @Test
    void an_edited_request_to_a_witness_has_an_answer() {
        String note = evidence.proof().substring(evidence.proof().indexOf("\n\n") + 2);
        Witness witness = new Witness(
                "witness.example",
                Ed25519SigningKey.generate(),
                List.of(log.key.verifierKey()),
                new Nothing(),
                InstantSource.fixed(Instant.EPOCH));
        often(Witness.request(0, List.of(), note), request -> {
            try {
                assertThat(witness.addCheckpoint(request).status()).isBetween(200, 422);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** Keeps nothing. */
    private static final class Nothing implements Witness.State {
        @Override
        public Optional<Checkpoint> latest(String origin) {
            return Optional.empty();
        }

        @Override
        public boolean advance(String origin, Optional<Checkpoint> from, Checkpoint to) {
            return true;
        }
    }
}
