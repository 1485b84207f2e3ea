package dev.openexec.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.action.Kind;
import dev.openexec.approval.Authority;
import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.evidence.Audit;
import dev.openexec.evidence.Audit.Fault;
import dev.openexec.evidence.Audit.Finding;
import dev.openexec.evidence.Audit.Report;
import dev.openexec.evidence.Audit.Result;
import dev.openexec.evidence.LogKey;
import dev.openexec.evidence.Policy;
import dev.openexec.evidence.TlogProof;
import dev.openexec.evidence.TreeEdge;
import dev.openexec.evidence.TreeReader;
import dev.openexec.json.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * A log of approved executions, each with an intent and an outcome, made as often as it is read. With
 * {@code -Dlog.receipts=1000000 -Dlog.changes=5} it is long, and each kind of change is tried less often.
 */
class LargeLogTest {

    private static final int SIZE = Integer.getInteger("log.receipts", 600);
    private static final int CHANGES = Integer.getInteger("log.changes", 4);
    private static final int MOST_OCTETS = 1536;
    private static final String LEDGER = "00112233445566778899aabbccddeeff";
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final LogKey KEY = new LogKey(LogPosition.origin(LEDGER, 1), Ed25519SigningKey.generate());

    private final Receipts receipts = new Receipts(LEDGER);
    private final Random random = new Random(4);
    private final int kept = SIZE / 2;
    private final String checkpoint = checkpoint(log());
    private final Audit audit = Audit.of(Policy.of(KEY.verifierKey()));
    private final Audit suspicious = audit.since(checkpoint(limited(kept)));

    private String receipt(long index) {
        Claim claim = claim(index / 2);
        return index % 2 == 0
                ? receipts.intent(claim, 1, NOW).after(null)
                : receipts.outcome(claim, 1, Ending.succeeded(NOW, "{\"transfer\": \"T-" + index + "\"}"))
                        .after(new LogPosition(1, index - 1));
    }

    private static Claim claim(long number) {
        Digest key = Digest.ofUtf8("nonce " + number);
        UUID id = new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0000L | number);
        SpentApproval approval =
                new SpentApproval(Digest.ofUtf8("approval " + number), id.toString(), "{}", NOW, NOW.plusSeconds(600));
        return new Claim(
                id,
                key,
                key,
                Authority.V1,
                approval,
                key,
                "acme",
                "invoice-" + number,
                "transfer",
                Kind.AT_MOST_ONCE,
                key,
                "{\"cents\":100}",
                "0".repeat(32),
                key.hex().substring(32),
                NOW);
    }

    private Iterator<String> log() {
        return limited(SIZE);
    }

    private Iterator<String> limited(long size) {
        return read(size, this::receipt);
    }

    private static Iterator<String> read(long size, LongFunction<String> receipt) {
        return LongStream.range(0, size).mapToObj(receipt).iterator();
    }

    /** What who holds the log's key signs for whatever they like. */
    private static String checkpoint(Iterator<String> receipts) {
        TreeEdge tree = TreeEdge.empty();
        receipts.forEachRemaining(receipt -> tree.append(receipt, (level, index, root) -> {}));
        return KEY.checkpoint(tree.size(), tree.root());
    }

    @Test
    void the_log_is_complete_and_goes_on_from_what_was_kept() {
        Report report = suspicious.run(log(), checkpoint);

        assertThat(report.findings()).isEmpty();
        assertThat(report.result()).isEqualTo(Result.COMPLETE);
        assertThat(report.receipts()).isEqualTo(SIZE);
    }

    @Test
    void a_receipt_that_is_another_is_found() {
        for (int i = 0; i < CHANGES; i++) {
            long at = random.nextInt(kept);
            StringBuilder text = new StringBuilder(receipt(at));
            int digit = text.lastIndexOf("\"sha256\":\"") + 10 + random.nextInt(64);
            text.setCharAt(digit, text.charAt(digit) == '0' ? '1' : '0');
            assertFound(SIZE, index -> index == at ? text.toString() : receipt(index), Fault.CHANGED);
        }
    }

    @Test
    void any_octet_that_is_another_is_found() {
        for (int i = 0; i < CHANGES; i++) {
            long at = random.nextInt(kept);
            StringBuilder text = new StringBuilder(receipt(at));
            int octet = random.nextInt(text.length());
            text.setCharAt(octet, (char) (text.charAt(octet) ^ 1 << random.nextInt(7)));
            assertFound(SIZE, index -> index == at ? text.toString() : receipt(index), Fault.CHANGED);
        }
    }

    @Test
    void a_receipt_that_is_gone_is_found() {
        for (int i = 0; i < CHANGES; i++) {
            long at = random.nextInt(kept);
            assertFound(SIZE - 1, index -> receipt(index < at ? index : index + 1), Fault.TRUNCATED);
        }
    }

    @Test
    void receipts_in_another_order_are_found() {
        for (int i = 0; i < CHANGES; i++) {
            long one = random.nextInt(kept);
            long other = i % 2 == 0 ? one + 1 : random.nextInt(SIZE);
            if (one != other) {
                assertFound(SIZE, index -> receipt(index == one ? other : index == other ? one : index), Fault.CHANGED);
            }
        }
    }

    @Test
    void a_receipt_that_was_put_in_is_found() {
        for (int i = 0; i < CHANGES; i++) {
            long at = random.nextInt(kept);
            assertFound(SIZE + 1, index -> receipt(index <= at ? index : index - 1), Fault.UNCOVERED);
        }
    }

    @Test
    void a_log_that_was_cut_is_found() {
        for (int i = 0; i < CHANGES; i++) {
            assertFound(random.nextInt(kept), this::receipt, Fault.TRUNCATED);
        }
    }

    @Test
    void the_last_receipt_that_is_gone_is_found_by_who_kept_its_checkpoint() {
        assertFound(kept - 1, this::receipt, Fault.TRUNCATED);
        Report signed = audit.since(checkpoint).run(limited(SIZE - 1), checkpoint(limited(SIZE - 1)));
        assertThat(signed.findings()).containsExactly(new Finding(SIZE - 1, Fault.FORKED));
    }

    /** As it is, and with a new checkpoint of it that the log's own key has signed. */
    private void assertFound(long size, LongFunction<String> receipt, Fault fault) {
        assertThat(audit.run(read(size, receipt), checkpoint).findings()).contains(new Finding(size, fault));
        Report signed = suspicious.run(read(size, receipt), checkpoint(read(size, receipt)));
        assertThat(signed.findings()).extracting(Finding::fault).contains(Fault.FORKED);
    }

    @Test
    void a_proof_is_small() {
        Map<Integer, List<Digest>> hashes = new HashMap<>();
        TreeEdge tree = TreeEdge.empty();
        log().forEachRemaining(receipt -> {
            hashes.computeIfAbsent(0, level -> new ArrayList<>())
                    .add(TreeReader.leaf(receipt.getBytes(StandardCharsets.UTF_8)));
            tree.append(
                    receipt,
                    (level, index, root) -> hashes.computeIfAbsent(level, any -> new ArrayList<>())
                            .add(root));
        });
        for (int i = 0; i < 100; i++) {
            long index = random.nextInt(SIZE);
            TreeReader reader = new TreeReader(
                    (level, first, count) ->
                            hashes.getOrDefault(level, List.of()).subList((int) first, (int) first + count),
                    SIZE);
            TlogProof proof = new TlogProof(index, reader.inclusion(index), checkpoint);
            assertThat(proof.text().getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(MOST_OCTETS);
        }
    }
}
