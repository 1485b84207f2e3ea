package dev.openexec.examples.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.examples.Shell;
import dev.openexec.json.Json;
import dev.openexec.testkit.TestApprovals;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AgentTest {

    private static final String LINE = "invoice 17";
    private static final String WAITS =
            "call 1 waiting: approval-missing. It runs once somebody has approved it. Do not call it again, and tell the"
                    + " user.";
    private static final String DONE = "call 1 done: {\"appended\":\"" + LINE + "\"}";
    private static final String REFUSED =
            " It was not run. The same call would be refused again: correct it, or tell the user.";
    private static final String CALL_2 = "call 2 refused: invalid-input: input-mismatch." + REFUSED;
    private static final String CALL_3 = "call 3 refused: malformed-arguments: invalid-syntax." + REFUSED;

    private final TestApprovals approver = TestApprovals.forTenant("acme");

    @TempDir
    Path folder;

    @Test
    void a_turn_waits_for_the_approval_then_runs_once_and_then_repeats_its_answers() throws Exception {
        List<String> waiting = run(approver.publicKeyPem());
        assertThat(waiting)
                .containsSequence(WAITS, CALL_2, CALL_3)
                .startsWith("To approve  {\"action\":\"append-line\",\"payload\":{\"line\":\"" + LINE + "\"}}")
                .hasSize(6); // nobody is asked about the other two
        assertThat(folder.resolve("book")).doesNotExist();

        Files.writeString(Path.of(waiting.get(2).replaceFirst(".* > '(.*)'", "$1")), approve(Instant.now()));

        for (int start = 0; start < 2; start++) {
            assertThat(run(approver.publicKeyPem())).containsExactly(DONE, CALL_2, CALL_3);
        }
        assertThat(folder.resolve("book")).hasContent(LINE + "\n");
    }

    @Test
    void an_approval_that_has_expired_is_asked_for_again() throws Exception {
        Path approval = Path.of(run(approver.publicKeyPem()).get(2).replaceFirst(".* > '(.*)'", "$1"));
        Files.writeString(approval, approve(Instant.now().minus(Duration.ofHours(1))));

        assertThat(run(approver.publicKeyPem()))
                .contains(WAITS.replace("approval-missing", "approval-expired"))
                .anyMatch(line -> line.endsWith(" > '" + approval + "'"));

        Files.writeString(approval, approve(Instant.now()));
        assertThat(run(approver.publicKeyPem())).containsExactly(DONE, CALL_2, CALL_3);
    }

    @Test
    void the_command_that_it_shows_approves_the_call_and_nothing_else() throws Exception {
        Shell.assumeOpenSsl3();
        Files.createSymbolicLink(
                folder.resolve("openexec-examples"), Path.of("").toAbsolutePath());
        shell("openssl genpkey -algorithm ed25519 -out approver.key");
        String pem = shell("openssl pkey -in approver.key -pubout");

        shell(run(pem).get(2).replaceFirst("^run ", ""));

        assertThat(run(pem)).containsExactly(DONE, CALL_2, CALL_3);
    }

    private String approve(Instant now) {
        return approver.approve("append-line", Json.of(Map.of("line", LINE)), now);
    }

    private List<String> run(String approverPem) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Agent.run(folder, approverPem, new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private String shell(String command) throws Exception {
        Shell.Run run = Shell.run(folder, Map.of(), "sh", "-c", command);
        assertThat(run.status()).as(run.err()).isZero();
        return run.out();
    }
}
