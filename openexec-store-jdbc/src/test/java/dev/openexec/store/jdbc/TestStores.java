package dev.openexec.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.store.Change;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.ExecutionStore.Orphan;
import dev.openexec.store.Outcome;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import dev.openexec.testkit.SampleClaims;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Short words for tests of stores. */
final class TestStores {

    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    static final InstantSource CLOCK = InstantSource.fixed(NOW);
    static final Ending SUCCESS = Ending.succeeded(NOW, "{}");

    private TestStores() {}

    static Claim claim(String nonce) {
        return SampleClaims.signed("acme", nonce, NOW).claim();
    }

    static Write.Insert insert(Claim claim) {
        return new Write.Insert(claim, null, null);
    }

    static Change.End end(Claim claim, Ending ending) {
        return new Change.End(claim.nonceKey(), claim.token(), 1, ending, null);
    }

    static CompletableFuture<Outcome> send(ExecutionStore store, Write write) {
        return store.write(write).toCompletableFuture();
    }

    static Outcome write(ExecutionStore store, Write write) {
        return get(store.write(write));
    }

    static Claim claimed(ExecutionStore store, String nonce) {
        Claim claim = claim(nonce);
        assertThat(write(store, insert(claim)).verdict()).isEqualTo(Outcome.Verdict.APPLIED);
        return claim;
    }

    static StoredExecution row(ExecutionStore store, Claim claim) {
        return get(store.find(List.of(claim.nonceKey()))).orElseThrow();
    }

    static List<StoredExecution> orphans(ExecutionStore store) {
        return get(store.orphans(null, 100)).stream().map(Orphan::row).toList();
    }

    static StoredExecution running(Claim claim) {
        return new StoredExecution(claim, 1, null);
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    static void assertFails(CompletionStage<?> stage, Reason reason) {
        assertThatThrownBy(() -> get(stage))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    static void assertRefused(ExecutionStore store, Reason reason) {
        assertThatThrownBy(() -> store.open(true, CLOCK))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
