package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.CLOCK;
import static dev.openexec.store.jdbc.TestStores.NOW;
import static dev.openexec.store.jdbc.TestStores.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.json.Digest;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Write;
import dev.openexec.testkit.SampleClaims;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        BEAT,
        RESTART
    }

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

    @Property(tries = 60)
    void sqlite_answers_as_memory_does(@ForAll("steps") List<Step> steps) throws IOException {
        Path folder = Files.createTempDirectory("openexec-model-");
        Path file = folder.resolve("ledger.db");
        List<Write> written = new ArrayList<>();
        ExecutionStore model = ExecutionStore.inMemory();
        ExecutionStore sqlite = SqliteStore.at(file);
        try {
            model.open(false, CLOCK);
            sqlite.open(false, CLOCK);
            for (Step step : steps) {
                if (step.what == What.RESTART) {
                    sqlite.close();
                    sqlite = SqliteStore.at(file);
                    sqlite.open(false, CLOCK);
                    continue;
                }
                Write write = write(step, written);
                assertThat(get(sqlite.write(write))).isEqualTo(get(model.write(write)));
                written.add(write);
                List<Digest> keys = keys(write);
                assertThat(get(sqlite.find(keys))).isEqualTo(get(model.find(keys)));
            }
        } finally {
            sqlite.close();
            delete(folder);
        }
    }

    private static Write write(Step step, List<Write> written) {
        String leaf = step.nonce % 2 == 0 ? "leaf " + written.size() : null;
        SampleClaims unsigned = SampleClaims.unsigned("n" + step.nonce, NOW);
        SampleClaims signed = SampleClaims.signed("acme", "n" + step.nonce, NOW).spending("a" + step.approval);
        return switch (step.what) {
            case CLAIM_UNSIGNED -> new Write.Insert(unsigned.claim(), null, leaf);
            case CLAIM_SIGNED -> new Write.Insert(signed.claim(), null, leaf);
            case CLAIM_FOR_ANOTHER_TENANT ->
                new Write.Insert(
                        SampleClaims.signed("another", "n" + step.nonce, NOW)
                                .spending("a" + step.approval)
                                .claim(),
                        null,
                        leaf);
            case CLAIM_TOO_OLD ->
                new Write.Insert(
                        signed.approved(NOW.minusMillis(1), NOW.plusSeconds(1)).claim(), null, leaf);
            case RECORD -> new Write.Insert(signed.claim(), ending(step.ending), leaf);
            case REPEAT -> written.isEmpty() ? new Write.Beat() : written.get(step.earlier % written.size());
            case END -> end(step, written, 1, leaf);
            case END_WITH_WRONG_ATTEMPT -> end(step, written, 2, leaf);
            case BEAT, RESTART -> new Write.Beat();
        };
    }

    private static Write end(
            Step step, List<Write> written, int attempt, @org.jspecify.annotations.Nullable String leaf) {
        List<Claim> claims = written.stream()
                .flatMap(write -> write instanceof Write.Insert insert ? Stream.of(insert.claim()) : Stream.empty())
                .toList();
        Claim claim = claims.isEmpty()
                ? TestStores.claim("nothing")
                : claims.get(claims.size() - 1 - step.earlier % claims.size());
        return new Write.End(claim.nonceKey(), claim.token(), attempt, ending(step.ending), leaf);
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
        return write instanceof Write.End end ? List.of(end.nonceKey()) : List.of();
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
