package dev.openexec.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.Executor;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import dev.openexec.store.ExecutionStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QuickstartTest {

    private static final String APPROVED = "{\"action\":\"append-line\",\"payload\":{\"line\":\"invoice 17\"}}";
    private static final String DONE = "done: {\"appended\":\"invoice 17\"}";

    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");

    @TempDir
    Path folder;

    private KeyPair approver;

    @BeforeEach
    void make_a_key() throws GeneralSecurityException {
        approver = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    @Test
    void an_approved_line_is_appended_once_however_often_it_is_asked_for() throws Exception {
        Path file = folder.resolve("book");
        try (Executor executor = Quickstart.open(ExecutionStore.inMemory(), approverPem(), file)) {
            String approval = approvalOf(APPROVED);
            assertThat(Quickstart.bookInvoice(executor, approval)).isEqualTo(DONE);
            assertThat(Quickstart.bookInvoice(executor, approval)).isEqualTo(DONE);
        }
        assertThat(file).hasContent("invoice 17\n");
    }

    @Test
    void a_line_that_was_not_approved_is_refused() throws Exception {
        Path file = folder.resolve("book");
        try (Executor executor = Quickstart.open(ExecutionStore.inMemory(), approverPem(), file)) {
            String approval = approvalOf(APPROVED.replace("17", "18"));
            assertThat(Quickstart.bookInvoice(executor, approval))
                    .isEqualTo("refused, nothing ran: approval-hash-mismatch");
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void a_write_that_broke_off_is_reported_as_not_known() throws Exception {
        try (Executor executor = Quickstart.open(ExecutionStore.inMemory(), approverPem(), folder)) {
            assertThat(Quickstart.bookInvoice(executor, approvalOf(APPROVED)))
                    .isEqualTo("not known, ask again with the same nonce: outcome-indeterminate");
        }
    }

    private String approverPem() {
        String spki = Base64.getEncoder().encodeToString(approver.getPublic().getEncoded());
        return "-----BEGIN PUBLIC KEY-----\n" + spki + "\n-----END PUBLIC KEY-----\n";
    }

    private String approvalOf(String request) throws GeneralSecurityException {
        String id = UUID.randomUUID().toString();
        String hash = Digest.ofUtf8(request).hex();
        LocalDateTime now = LocalDateTime.now(ZoneOffset.UTC);
        String issuedAt = now.format(SECONDS);
        String expiresAt = now.plusMinutes(10).format(SECONDS);
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(approver.getPrivate());
        signer.update((id + "acme" + hash + issuedAt + expiresAt).getBytes(StandardCharsets.UTF_8));
        String signature = Base64.getEncoder().encodeToString(signer.sign());
        return Json.of(Map.of(
                        "approval_id", id,
                        "tenant_id", "acme",
                        "action_hash", hash,
                        "issued_at", issuedAt,
                        "expires_at", expiresAt,
                        "signature", signature))
                .canonical();
    }
}
