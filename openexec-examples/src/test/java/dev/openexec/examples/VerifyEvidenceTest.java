package dev.openexec.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.evidence.Policy;
import dev.openexec.evidence.Verdict;
import dev.openexec.evidence.Verifier;
import dev.openexec.evidence.VerifierKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that verifies evidence, as docs/evidence.md shows it. */
final class VerifyEvidenceTest {

    @TempDir
    Path folder;

    /** Of two files. */
    private static String shownBy(Path evidence, Path logKey) throws IOException {
        Verifier verifier =
                Verifier.of(Policy.of(VerifierKey.parse(Files.readString(logKey).strip())));
        Verdict verdict = verifier.verify(Files.readString(evidence));
        return verdict instanceof Verdict.Invalid invalid
                ? "nothing: " + invalid.why().label()
                : verdict.toString();
    }

    @Test
    void it_is_told_what_evidence_shows() throws IOException {
        String bundle = new SampleEvidence(2).right().json();
        Path evidence = Files.writeString(folder.resolve("evidence.json"), bundle + "\n");
        Path key = Files.writeString(folder.resolve("log.key"), SampleEvidence.LOG.verifierKey() + "\n");

        assertThat(shownBy(evidence, key)).isEqualTo("LOGGED");
        Files.writeString(evidence, bundle.replace("c2sp.org/tlog-proof", "example.org/proof"));
        assertThat(shownBy(evidence, key)).isEqualTo("nothing: proof-malformed");
    }
}
