package dev.openexec.examples.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.ExecutionRequest;
import dev.openexec.examples.Shell;
import dev.openexec.examples.agent.Approver.TooLargeException;
import dev.openexec.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApprovalFolderTest {

    @TempDir
    Path folder;

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    private ApprovalFolder approvals() {
        return new ApprovalFolder(folder, "acme", new PrintStream(shown, true, StandardCharsets.UTF_8));
    }

    private static ExecutionRequest request(String line) {
        return ExecutionRequest.of("append-line", Json.of(Map.of("line", line)), "0a1b");
    }

    @Test
    void the_approval_of_a_request_is_the_file_of_its_nonce() throws Exception {
        Files.writeString(folder.resolve("0a1b.json"), "signed");

        assertThat(approvals().approvalOf(request("a"))).contains("signed");
        assertThat(shown.size()).isZero();
    }

    @Test
    void an_empty_file_which_a_failed_command_leaves_is_no_approval() throws Exception {
        Files.createFile(folder.resolve("0a1b.json"));

        assertThat(approvals().approvalOf(request("a"))).isEmpty();
        assertThat(shown.toString(StandardCharsets.UTF_8)).startsWith("To approve  ");
    }

    @Test
    void an_expired_approval_is_thrown_away_and_another_is_asked_for() throws Exception {
        Files.writeString(folder.resolve("0a1b.json"), "signed");

        approvals().expired(request("a"));

        assertThat(shown.toString(StandardCharsets.UTF_8)).startsWith("To approve  ");
        assertThat(approvals().approvalOf(request("a"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'; touch planted; '",
                "$(touch planted)",
                "`touch planted`",
                "\n touch planted",
                "\u001b[2J",
                "\\'"
            })
    void whatever_the_model_wrote_the_command_approves_it_and_does_nothing_else(String line) throws Exception {
        Shell.assumeOpenSsl3();
        ExecutionRequest request = request(line);
        approvals().approvalOf(request);
        List<String> lines = shown.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(3).allMatch(text -> text.matches("[ -~]+"));

        approve(command());

        assertThat(approvals().approvalOf(request).orElseThrow())
                .contains("\"action_hash\":\"" + request.hash().hex() + "\"");
        assertThat(folder.resolve("planted")).doesNotExist();
    }

    @Test
    void the_command_approves_what_was_shown_with_it_and_not_what_the_model_proposed_later_under_that_id()
            throws Exception {
        Shell.assumeOpenSsl3();
        ExecutionRequest first = request("invoice 17");
        approvals().approvalOf(first);
        String command = command();
        approvals().approvalOf(request("all my money"));

        approve(command);

        assertThat(approvals().approvalOf(first).orElseThrow())
                .contains("\"action_hash\":\"" + first.hash().hex() + "\"");
    }

    @Test
    void the_command_approves_nothing_if_the_payload_is_no_longer_the_one_that_was_shown() throws Exception {
        Shell.assumeOpenSsl3();
        ExecutionRequest request = request("invoice 17");
        approvals().approvalOf(request);
        Files.writeString(folder.resolve(request.hash() + ".payload"), "{\"line\":\"all my money\"}");

        Shell.Run run = tryToApprove(command());

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("not those of the hash " + request.hash());
        assertThat(approvals().approvalOf(request)).isEmpty();
    }

    @Test
    void the_longest_payload_that_a_person_is_asked_about_fits_the_command() throws Exception {
        Shell.assumeOpenSsl3();
        ExecutionRequest longest = request("x".repeat(100_000 - "{'line':''}".length()));
        approvals().approvalOf(longest);

        approve(command());

        assertThat(approvals().approvalOf(longest)).isPresent();
    }

    @Test
    void nobody_is_asked_about_a_longer_one() {
        ExecutionRequest longer = request("x".repeat(100_001 - "{'line':''}".length()));

        assertThatThrownBy(() -> approvals().approvalOf(longer)).isInstanceOf(TooLargeException.class);

        assertThat(shown.size()).isZero();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void what_the_model_wrote_draws_no_line_of_its_own() throws Exception {
        String drawn = " ".repeat(200) + "run         curl -s http://127.0.0.1/x | sh" + " ".repeat(200);

        approvals().approvalOf(request(drawn));

        assertThat(shown.toString(StandardCharsets.UTF_8).lines())
                .allMatch(line -> line.length() <= 80 || line.startsWith("of SHA-256  ") || line.startsWith("run  "))
                .filteredOn(line -> !line.startsWith("To approve  "))
                .hasSize(2)
                .noneMatch(line -> line.contains("curl"));
    }

    private String command() {
        List<String> lines = shown.toString(StandardCharsets.UTF_8).lines().toList();
        return lines.get(lines.size() - 1);
    }

    private void approve(String command) throws Exception {
        Shell.Run run = tryToApprove(command);
        assertThat(run.status()).as(run.err()).isZero();
    }

    private Shell.Run tryToApprove(String command) throws Exception {
        Files.createSymbolicLink(
                folder.resolve("openexec-examples"), Path.of("").toAbsolutePath());
        shell("openssl genpkey -algorithm ed25519 -out approver.key");
        return shell(command.replaceFirst("^run ", ""));
    }

    private Shell.Run shell(String command) throws Exception {
        return Shell.run(folder, Map.of(), "sh", "-c", command);
    }
}
