package dev.openexec.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.approval.ApprovalKey;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.examples.Shell.Run;
import dev.openexec.json.Json;
import dev.openexec.store.ExecutionStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The approver's side with a shell and OpenSSL. */
final class ApproveShTest {

    private static final String SCRIPT = Path.of("approve.sh").toAbsolutePath().toString();

    @TempDir
    Path folder;

    private Path key;

    @BeforeEach
    void makeKey() throws Exception {
        Shell.assumeOpenSsl3();
        key = key("ed25519");
    }

    @Test
    void the_executor_accepts_what_it_prints() throws Exception {
        String pem = run(Map.of(), "openssl", "pkey", "-in", key.toString(), "-pubout")
                .out();
        Path file = folder.resolve("book");
        try (Executor executor = Executor.with(
                        ExecutionStore.inMemory(), ApprovalPolicy.signedBy("acme", ApprovalKey.fromPem(pem)))
                .action(new AppendLine(file))
                .build()) {
            Run approval = approve(Map.of(), key, "{\"line\":\"it's \\\"\\u00e9\\\" !\"}");
            assertThat(approval.err()).isEmpty();

            executor.execute(ExecutionRequest.of("append-line", Json.of(Map.of("line", "it's \"\u00e9\" !")), "n")
                    .withApproval(approval.out()));
        }
        assertThat(file).hasContent("it's \"\u00e9\" !\n");
    }

    @Test
    void an_approval_is_good_for_ten_minutes() throws Exception {
        assertGoodForTenMinutes(approve(Map.of(), key, "{}"));
    }

    @Test
    void a_date_that_takes_seconds_as_bsd_does_is_enough() throws Exception {
        Path programs =
                program("date", "[ \"$2\" != -d ] || exit 1\n[ \"$2\" != -r ] || exec date -u -d \"@$3\" \"$4\"");

        assertGoodForTenMinutes(approve(Map.of("PATH", programs + ":" + System.getenv("PATH")), key, "{}"));
    }

    @Test
    void a_missing_openssl_is_named() throws Exception {
        assertFails(approve(Map.of("OPENSSL", "no-such-openssl"), key, "{}"), 1, "no-such-openssl is not installed");
    }

    @Test
    void an_openssl_that_cannot_sign_is_named() throws Exception {
        Path programs = program("openssl", "[ \"$1\" != pkeyutl ] || exit 1");
        Map<String, String> old = Map.of("OPENSSL", programs.resolve("openssl").toString());

        Run run = approve(old, key, "{}");

        assertThat(run.err()).contains("OpenSSL 3");
        assertFails(run, 1, " does not sign with Ed25519 keys");
    }

    @Test
    void another_kind_of_key_is_refused() throws Exception {
        for (String kind : List.of("x25519", "ed448")) {
            assertFails(approve(Map.of(), key(kind), "{}"), 1, " is not an Ed25519 key");
        }
        Path noKey = Files.writeString(folder.resolve("text"), "no key");
        assertFails(approve(Map.of(), noKey, "{}"), 1, " is not a private key that OpenSSL");
        assertFails(approve(Map.of(), folder.resolve("nothing"), "{}"), 1, " cannot be read");
    }

    @Test
    void what_no_request_could_ever_fit_is_not_approved() throws Exception {
        assertFails(approve(Map.of(), key, "{\"a\":\"\u007f\"}"), 2, "not printable ASCII");
        assertFails(approve(Map.of(), key, "{\"a\":\"\n\"}"), 2, "not printable ASCII");
        assertFails(approve(Map.of(), key, "[]"), 2, "not a JSON object");
        assertFails(approve(Map.of(), key, "{\"a \\\" b\":1, \"c\":2}"), 2, "has spaces between its parts");
        assertFails(run(Map.of(), SCRIPT, key.toString(), "acme", "a\",\"b", "{}"), 2, "tenant and action are of");
        assertFails(run(Map.of(), SCRIPT), 2, "usage: ");
    }

    @Test
    void it_approves_only_what_has_the_hash_that_it_is_given_if_there_is_one() throws Exception {
        String hash = ExecutionRequest.of("append-line", Json.emptyObject(), "n")
                .hash()
                .hex();

        assertGoodForTenMinutes(approve(key, "{}", hash));
        assertFails(approve(key, "{\"line\":\"all my money\"}", hash), 2, "not those of the hash " + hash);
        assertFails(approve(key, "{}", ""), 2, "not those of the hash");
    }

    private static Run approve(Path key, String payload, String hash) throws Exception {
        return run(Map.of(), SCRIPT, key.toString(), "acme", "append-line", payload, hash);
    }

    private static void assertGoodForTenMinutes(Run run) throws Exception {
        assertThat(run.err()).isEmpty();
        Json approval = Json.parse(run.out());
        assertThat(Duration.between(time(approval, "issued_at"), time(approval, "expires_at")))
                .isEqualTo(Duration.ofMinutes(10));
    }

    private static LocalDateTime time(Json approval, String member) {
        return LocalDateTime.parse(approval.get(member).orElseThrow().asString());
    }

    private static void assertFails(Run run, int status, String message) {
        assertThat(run.status()).isEqualTo(status);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).hasLineCount(1).contains(message);
    }

    private Path key(String algorithm) throws Exception {
        Path file = folder.resolve(algorithm + ".key");
        run(Map.of(), "openssl", "genpkey", "-algorithm", algorithm, "-out", file.toString());
        return file;
    }

    /** A folder with a program that does this, and then what the program of that name does otherwise. */
    private Path program(String name, String commands) throws IOException {
        Path programs = Files.createDirectories(folder.resolve("bin"));
        Path program = programs.resolve(name);
        String path = System.getenv("PATH").replace("'", "'\\''");
        Files.writeString(program, "#!/bin/sh\nPATH='" + path + "'\n" + commands + "\nexec " + name + " \"$@\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return programs;
    }

    private static Run approve(Map<String, String> environment, Path key, String payload) throws Exception {
        return run(environment, SCRIPT, key.toString(), "acme", "append-line", payload);
    }

    private static Run run(Map<String, String> environment, String... command) throws Exception {
        return Shell.run(Path.of(""), environment, command);
    }
}
