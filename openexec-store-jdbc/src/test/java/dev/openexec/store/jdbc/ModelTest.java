package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.NOW;
import static dev.openexec.store.jdbc.TestStores.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.action.Kind;
import dev.openexec.json.Digest;
import dev.openexec.store.Change;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Leaf;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.StoredExecution.Resolution;
import dev.openexec.store.Write;
import dev.openexec.testkit.SampleClaims;
import dev.openexec.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is written, in whatever order, SQLite answers as memory does, restarts included. */
class ModelTest {

    /** What may be done: with a nonce, an approval, and an earlier claim, each out of a few, so that they meet. */
    private record Step(What what, int nonce, int approval, int earlier, int ending) {}

    private enum What {
        CLAIM_UNSIGNED,
        CLAIM_SIGNED,
        CLAIM_FOR_ANOTHER_TENANT,
        CLAIM_TOO_OLD,
        RECORD,
        REPEAT,
        END,
        END_WITH_WRONG_ATTEMPT,
        RETRY,
        RESOLVE,
        WITHDRAW,
        PRUNE,
        ERASE,
        ERASE_RESULTS,
        TRUST_CLOCK,
        TIME,
        BEAT,
        RESTART
    }

    /** What the clock may say, after the making of the ledger: within the slack, behind it, past expiries, past the leap. */
    private static final List<Duration> TIMES = List.of(
            Duration.ZERO,
            Duration.ofSeconds(3),
            Duration.ofSeconds(-10),
            Duration.ofHours(1),
            Duration.ofHours(4),
            Duration.ofDays(2));

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> few = Arbitraries.integers().between(0, 4);
        return Combinators.combine(
                        Arbitraries.of(What.class),
                        few,
                        few,
                        Arbitraries.integers().between(0, 20),
                        few)
                .as(Step::new)
                .list()
                .ofMaxSize(40);
    }

    @Property(tries = 100)
    void sqlite_answers_as_memory_does(@ForAll("steps") List<Step> steps) throws IOException {
        Path folder = Files.createTempDirectory("openexec-model-");
        Path file = folder.resolve("ledger.db");
        SettableClock clock = new SettableClock(NOW);
        List<Write> written = new ArrayList<>();
        ExecutionStore model = ExecutionStore.inMemory();
        ExecutionStore sqlite = SqliteStore.at(file);
        try {
            model.open(false, clock);
            sqlite.open(false, clock);
            for (Step step : steps) {
                if (step.what == What.RESTART) {
                    sqlite.close();
                    sqlite = SqliteStore.at(file);
                    sqlite.open(false, clock);
                } else if (step.what == What.TIME) {
                    clock.set(NOW.plus(TIMES.get(step.earlier % TIMES.size())));
                } else {
                    Write write = write(step, written, model);
                    assertThat(get(sqlite.write(write))).as("%s", write).isEqualTo(get(model.write(write)));
                    written.add(write);
                }
                assertThat(get(sqlite.executions(null, 100))).isEqualTo(get(model.executions(null, 100)));
            }
            for (Write write : written) {
                List<Digest> keys = keys(write);
                assertThat(get(sqlite.find(keys))).isEqualTo(get(model.find(keys)));
            }
        } finally {
            sqlite.close();
            delete(folder);
        }
    }

    private static Write write(Step step, List<Write> written, ExecutionStore model) {
        String text = "leaf " + written.size();
        Leaf leaf = step.nonce % 2 == 0 ? previous -> text : null;
        Kind kind = step.nonce % 2 == 0 ? Kind.AT_MOST_ONCE : Kind.IDEMPOTENT;
        SampleClaims unsigned = SampleClaims.unsigned("n" + step.nonce, NOW).of(kind);
        SampleClaims signed = SampleClaims.signed("acme", "n" + step.nonce, NOW)
                .spending("a" + step.approval)
                .of(kind);
        SampleClaims other =
                SampleClaims.signed("another", "n" + step.nonce, NOW).spending("a" + step.approval);
        StoredExecution row = earlier(step, written, model);
        Digest key = row.claim().nonceKey();
        String token = row.claim().token();
        String next = "%032x".formatted(written.size());
        Instant retention = NOW.plusMillis(step.ending);
        Ending ending = ending(step.ending);
        return switch (step.what) {
            case CLAIM_UNSIGNED -> new Write.Insert(unsigned.claim(), null, leaf);
            case CLAIM_SIGNED -> new Write.Insert(signed.claim(), null, leaf);
            case CLAIM_FOR_ANOTHER_TENANT -> new Write.Insert(other.claim(), null, leaf);
            case CLAIM_TOO_OLD ->
                new Write.Insert(
                        signed.approved(NOW.minusMillis(1), NOW.plusSeconds(1)).claim(), null, leaf);
            case RECORD -> new Write.Insert(signed.claim(), ending, leaf);
            case REPEAT -> written.isEmpty() ? new Write.Beat() : written.get(step.earlier % written.size());
            case END -> new Change.End(key, token, row.attempt(), ending, leaf);
            case END_WITH_WRONG_ATTEMPT -> new Change.End(key, token, row.attempt() + 1, ending, leaf);
            case RETRY -> new Change.Retry(key, token, row.attempt(), next, leaf);
            case RESOLVE ->
                new Change.Resolve(
                        key, token, row.attempt(), ending(step.ending % 2), new Resolution("ada", "statement"), leaf);
            case WITHDRAW -> new Change.Withdraw(key, token, leaf);
            case PRUNE -> new Write.Prune(retention, Duration.ofSeconds(60), 1 + step.approval, leaf);
            case ERASE -> new Change.Erase(key, token, row.attempt(), leaf);
            case ERASE_RESULTS -> new Write.EraseResults(retention, 1 + step.approval, leaf);
            case TRUST_CLOCK -> new Write.TrustClock(leaf);
            case BEAT, RESTART, TIME -> new Write.Beat();
        };
    }

    /** The row of an earlier claim as it is now, or, every third time, as it was when it was claimed. */
    private static StoredExecution earlier(Step step, List<Write> written, ExecutionStore model) {
        List<Claim> claims = written.stream()
                .flatMap(write -> write instanceof Write.Insert insert ? Stream.of(insert.claim()) : Stream.empty())
                .toList();
        Claim claim = claims.isEmpty()
                ? TestStores.claim("nothing")
                : claims.get(claims.size() - 1 - step.earlier % claims.size());
        StoredExecution first = new StoredExecution(claim, 1, null);
        return step.approval % 3 == 0
                ? first
                : get(model.find(List.of(claim.nonceKey()))).orElse(first);
    }

    private static Ending ending(int which) {
        Instant at = NOW.plusMillis(which);
        return switch (which % 3) {
            case 0 -> Ending.succeeded(at, "{\"which\": " + which + "}");
            case 1 -> Ending.failed(at, "code");
            default -> Ending.indeterminate(at, "code");
        };
    }

    private static List<Digest> keys(Write write) {
        if (write instanceof Write.Insert insert) {
            return insert.claim().keys();
        }
        return write instanceof Change change ? List.of(change.nonceKey()) : List.of();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path path : files.toList()) {
                Files.delete(path);
            }
        }
        Files.delete(folder);
    }
}
