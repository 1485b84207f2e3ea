package dev.openexec.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openexec.evidence.Evidence;
import dev.openexec.evidence.Policy;
import dev.openexec.evidence.Verdict;
import dev.openexec.evidence.Verifier;
import dev.openexec.examples.Shell.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stranger with a shell comes to the verdict of the Java verifier. With -Dreceipts=10000 -Dmutations=100000 more often. */
final class VerifyReceiptShTest {

    private static final int RECEIPTS = Integer.getInteger("receipts", 8);
    private static final int MUTATIONS = Integer.getInteger("mutations", 5);
    private static final String SCRIPT =
            Path.of("verify-receipt.sh").toAbsolutePath().toString();
    private static final String KEY = SampleEvidence.LOG.verifierKey().toString();

    private final Verifier logOnly = Verifier.of(Policy.of(SampleEvidence.LOG.verifierKey()));
    private final Verifier verifier = logOnly.approvedBy(SampleEvidence.APPROVERS);

    @TempDir
    Path folder;

    private Path approver;

    @BeforeEach
    void keys() throws Exception {
        Shell.assumeOpenSsl3();
        for (String program : List.of("jq", "xxd")) {
            assumeTrue(
                    Shell.run(Path.of(""), Map.of(), "sh", "-c", "command -v " + program)
                                    .status()
                            == 0,
                    program + " is not installed");
        }
        byte[] prefix = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
        byte[] spki = Arrays.copyOf(prefix, 44);
        System.arraycopy(SampleEvidence.APPROVER.publicKey().bytes(), 0, spki, 12, 32);
        approver = Files.writeString(
                folder.resolve("approver.pem"),
                "-----BEGIN PUBLIC KEY-----\n" + Base64.getEncoder().encodeToString(spki)
                        + "\n-----END PUBLIC KEY-----\n");
    }

    @Test
    void it_agrees_on_receipts_right_or_not() throws Exception {
        Set<String> verdicts = new TreeSet<>();
        for (int seed = 0; seed < RECEIPTS; seed++) {
            String bundle = new SampleEvidence(seed).right().json();
            verdicts.add(verifier.verify(bundle).toString());
            assertAgrees("receipt " + seed, bundle);
        }
        assertThat(verdicts).contains("LOGGED", "APPROVED LOGGED");
    }

    @Test
    void it_agrees_on_what_was_bent() throws Exception {
        for (int seed = 0; seed < MUTATIONS; seed++) {
            assertAgrees("bent receipt " + seed, new SampleEvidence(seed).bent().json());
        }
    }

    @Test
    void it_agrees_on_other_proofs() throws Exception {
        for (int seed = 0; seed < MUTATIONS; seed++) {
            assertAgrees("proof " + seed, new SampleEvidence(seed).rewritten().json());
        }
    }

    @Test
    void it_agrees_on_bundles_with_one_other_bit() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bundle = new SampleEvidence(i).right().json().getBytes(StandardCharsets.UTF_8);
            int bit = random.nextInt(bundle.length * 8);
            bundle[bit / 8] ^= (byte) (1 << bit % 8);
            String expected = Evidence.parse(bundle)
                    .map(evidence -> verifier.verify(evidence).toString())
                    .orElse("INVALID evidence-malformed");

            assertVerdict(
                    "bit " + bit + " of receipt " + i,
                    expected,
                    run(bundle, approver.toString(), SampleEvidence.TENANT));
        }
    }

    @Test
    void without_an_approver_nothing_is_approved() throws Exception {
        for (int seed = 0; seed < MUTATIONS; seed++) {
            String bundle = new SampleEvidence(seed).right().json();
            assertVerdict("receipt " + seed, logOnly.verify(bundle).toString(), run(utf8(bundle)));
        }
    }

    @Test
    void without_documents_a_receipt_is_logged() throws Exception {
        for (int seed = 0; seed < MUTATIONS; seed++) {
            Evidence whole = new SampleEvidence(seed).right();
            assertAgrees("receipt " + seed, new Evidence(whole.receipt(), whole.proof(), Map.of()).json());
        }
    }

    @Test
    void one_newline_at_the_end_is_ignored() throws Exception {
        String bundle = new SampleEvidence(2).right().json();

        assertThat(verifier.verify(bundle + "\n")).isInstanceOf(Verdict.Logged.class);
        for (String space : List.of("\n", "\n\n", "\r\n", " ")) {
            assertAgrees("with " + space.length() + " characters of white space", bundle + space);
        }
        assertAgrees("nothing but a newline", "\n");
        assertAgrees("nothing", "");
    }

    @Test
    void a_bundle_with_too_many_values_is_malformed_for_both() throws Exception {
        Evidence whole = new SampleEvidence(2).right();
        Map<String, String> documents = new HashMap<>();
        for (int i = 0; i < 9_996; i++) {
            documents.put("a".repeat(i % 100) + "b".repeat(i / 100), "");
        }
        String most = new Evidence(whole.receipt(), whole.proof(), documents).json();
        documents.put("c", "");
        String more = new Evidence(whole.receipt(), whole.proof(), documents).json();

        assertThat(verifier.verify(most)).hasToString("INVALID document-unknown");
        assertAgrees("the most", most);
        assertThat(verifier.verify(more)).hasToString("INVALID evidence-malformed");
        assertAgrees("one more", more);
    }

    @Test
    void what_it_cannot_work_with_is_said_on_the_other_channel() throws Exception {
        String bundle = new SampleEvidence(0).right().json();
        Path file = Files.writeString(folder.resolve("bundle"), bundle);

        assertFails(Shell.run(Path.of(""), Map.of(), SCRIPT), "usage: ");
        assertFails(Shell.run(Path.of(""), Map.of(), SCRIPT, file.toString(), "key"), "is not name+id+key");
        assertFails(
                Shell.run(Path.of(""), Map.of(), SCRIPT, file.toString(), KEY.replace("/2+", "/3+")), "has another id");
        assertFails(
                Shell.run(Path.of(""), Map.of(), SCRIPT, folder.resolve("no").toString(), KEY), "cannot be read");
        assertFails(
                Shell.run(Path.of(""), Map.of("OPENSSL", "no-such-openssl"), SCRIPT, file.toString(), KEY),
                "no-such-openssl is not installed");
        assertFails(run(utf8(bundle), file.toString(), "acme"), "has more than one key, or none");
    }

    private void assertAgrees(String what, String bundle) throws IOException, InterruptedException {
        assertVerdict(
                what,
                verifier.verify(bundle).toString(),
                run(utf8(bundle), approver.toString(), SampleEvidence.TENANT));
    }

    private Run run(byte[] bundle, String... approval) throws IOException, InterruptedException {
        Path file = Files.write(folder.resolve("evidence.json"), bundle);
        String[] command = new String[3 + approval.length];
        command[0] = SCRIPT;
        command[1] = file.toString();
        command[2] = KEY;
        System.arraycopy(approval, 0, command, 3, approval.length);
        return Shell.run(Path.of(""), Map.of(), command);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void assertVerdict(String what, String expected, Run run) {
        assertThat(run.err()).as(what).isEmpty();
        assertThat(run.out()).as(what).isEqualTo(expected + "\n");
        assertThat(run.status()).as(what).isEqualTo(expected.startsWith("INVALID") ? 1 : 0);
    }

    private static void assertFails(Run run, String message) {
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).hasLineCount(1).contains(message);
    }
}
