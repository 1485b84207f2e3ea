package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.CLOCK;
import static dev.openexec.store.jdbc.TestStores.NOW;
import static dev.openexec.store.jdbc.TestStores.SUCCESS;
import static dev.openexec.store.jdbc.TestStores.claim;
import static dev.openexec.store.jdbc.TestStores.claimed;
import static dev.openexec.store.jdbc.TestStores.end;
import static dev.openexec.store.jdbc.TestStores.insert;
import static dev.openexec.store.jdbc.TestStores.orphans;
import static dev.openexec.store.jdbc.TestStores.row;
import static dev.openexec.store.jdbc.TestStores.running;
import static dev.openexec.store.jdbc.TestStores.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.store.Claim;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.testkit.SampleClaims;
import dev.openexec.testkit.SettableClock;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One ledger, open several times in one process. */
@Timeout(120)
class SeveralStoresTest {

    private @TempDir Path folder;
    private final SettableClock clock = new SettableClock(NOW);
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("ledger.db");
    }

    @Test
    void opening_at_the_same_time_makes_one_ledger() throws Exception {
        for (int round = 0; round < 5; round++) {
            Path another = folder.resolve("ledger-" + round + ".db");
            List<SqliteStore> stores =
                    Stream.generate(() -> SqliteStore.at(another)).limit(8).toList();
            try {
                assertThat(atTheSameTime(
                                        stores, store -> store.open(true, clock).ledgerId())
                                .stream()
                                .distinct())
                        .hasSize(1);
            } finally {
                stores.forEach(SqliteStore::close);
            }
        }
    }

    @Test
    void several_stores_of_a_process_give_each_nonce_to_one_of_them() throws Exception {
        int nonces = 100;
        List<SqliteStore> stores = Stream.generate(this::open).limit(4).toList();
        try {
            List<Integer> won = atTheSameTime(stores, store -> LedgerProcess.race(store, nonces));

            assertThat(won.stream().mapToInt(Integer::intValue).sum()).isEqualTo(nonces);
        } finally {
            stores.forEach(SqliteStore::close);
        }
        open().close();
    }

    @Test
    void a_store_that_closes_with_nothing_running_leaves_no_boot_file() throws Exception {
        try (SqliteStore store = open()) {
            write(store, end(claimed(store, "n"), SUCCESS));
            assertThat(files(".boot-")).hasSize(1);
        }
        assertThat(files(".boot-")).isEmpty();
    }

    @Test
    void a_missing_boot_file_makes_an_orphan_only_after_ten_minutes() throws Exception {
        Claim claim;
        try (SqliteStore store = open()) {
            claim = claimed(store, "n");
        }
        assertThat(files(".boot-")).hasSize(1);
        for (Path boot : files(".boot-")) {
            Files.delete(boot);
        }

        try (SqliteStore survivor = open()) {
            assertThat(orphans(survivor)).isEmpty();
            clock.set(claim.claimedAt().plus(Duration.ofMinutes(10)).minusMillis(1));
            assertThat(orphans(survivor)).isEmpty();
            clock.advance(Duration.ofMillis(1));
            assertThat(orphans(survivor)).containsExactly(running(claim));
        }
    }

    @Test
    void a_claim_of_this_process_is_no_orphan_even_if_its_boot_file_is_deleted() throws Exception {
        try (SqliteStore store = open();
                SqliteStore other = open()) {
            claimed(store, "n");
            for (Path boot : files(".boot-")) {
                Files.delete(boot);
            }
            clock.advance(Duration.ofDays(1));

            assertThat(orphans(store)).isEmpty();
            assertThat(orphans(other)).isEmpty();
        }
    }

    @Test
    void a_ledger_that_one_process_opens_in_signed_mode_takes_no_unsigned_claim_of_another() {
        try (SqliteStore demo = SqliteStore.at(file)) {
            demo.open(false, clock);
            Claim before = SampleClaims.unsigned("before", NOW).claim();
            assertThat(write(demo, insert(before)).verdict()).isEqualTo(Verdict.APPLIED);

            try (SqliteStore signed = open()) {
                Claim after = SampleClaims.unsigned("after", NOW).claim();
                assertThat(write(demo, insert(after)).verdict()).isEqualTo(Verdict.SIGNED_LEDGER);
                assertThat(row(signed, before)).isEqualTo(running(before));
            }
        }
    }

    @Test
    void floors_that_rise_while_the_store_is_open_refuse_claims() throws Exception {
        Instant later = NOW.plusSeconds(600);
        try (SqliteStore store = open()) {
            Sql.execute(file, "UPDATE oe_meta SET issue_floor = " + later.toEpochMilli());
            assertThat(write(store, insert(approved(later.minusMillis(1), later.plusSeconds(60))))
                            .verdict())
                    .isEqualTo(Verdict.BEFORE_ISSUE_FLOOR);
            Sql.execute(
                    file,
                    "UPDATE oe_meta SET issue_floor = 0, expiry_floor = "
                            + later.plusSeconds(60).toEpochMilli());
            assertThat(write(store, insert(approved(later, later.plusSeconds(60))))
                            .verdict())
                    .isEqualTo(Verdict.BEHIND_EXPIRY_FLOOR);
            assertThat(Sql.number(file, "SELECT count(*) FROM oe_execution")).isZero();

            assertThat(write(store, insert(approved(later, later.plusSeconds(60).plusMillis(1))))
                            .verdict())
                    .isEqualTo(Verdict.APPLIED);
        }
    }

    @Test
    void a_second_copy_of_the_library_in_this_process_is_kept_out() throws Exception {
        try (SqliteStore store = open();
                URLClassLoader copy = copyOfEverything()) {
            assertThat(openBy(copy)).contains("another class loader");
            claimed(store, "n");
        }
        try (URLClassLoader copy = copyOfEverything()) {
            assertThat(openBy(copy)).isEqualTo("open");
        }
    }

    private static Claim approved(Instant issuedAt, Instant expiresAt) {
        return SampleClaims.signed("acme", "n", NOW)
                .approved(issuedAt, expiresAt)
                .claim();
    }

    private static URLClassLoader copyOfEverything() throws IOException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    /** Opens and closes the ledger through the classes of that loader; its answer or its complaint. */
    private String openBy(ClassLoader loader) throws ReflectiveOperationException {
        Class<?> type = loader.loadClass(SqliteStore.class.getName());
        Object store = type.getMethod("at", Path.class).invoke(null, file);
        try {
            type.getMethod("open", boolean.class, InstantSource.class).invoke(store, true, CLOCK);
            type.getMethod("close").invoke(store);
            return "open";
        } catch (InvocationTargetException e) {
            return String.valueOf(e.getCause());
        }
    }

    private interface Work<T> {
        T on(SqliteStore store) throws Exception;
    }

    private static <T> List<T> atTheSameTime(List<SqliteStore> stores, Work<T> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(stores.size());
        try {
            List<Callable<T>> tasks = stores.stream()
                    .map(store -> (Callable<T>) () -> work.on(store))
                    .toList();
            List<T> results = new ArrayList<>();
            for (Future<T> future : threads.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } finally {
            threads.shutdown();
        }
    }

    private SqliteStore open() {
        SqliteStore store = SqliteStore.at(file);
        store.open(true, clock);
        return store;
    }

    private List<Path> files(String part) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(path -> path.getFileName().toString().contains(part))
                    .toList();
        }
    }
}
