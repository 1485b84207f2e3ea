package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openexec.store.Change;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Outcome;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ExecutionStore} keeps, one test for each sentence of its contract. Whoever writes a store extends
 * this class and says how to make one. A store whose ledger is lost with the process skips what it cannot keep, and one
 * that is not {@link ExecutionStore#transactional} what is said of transactions. Every ledger of one that is has an empty
 * table {@code effects} beside its own, with a column {@code name} for text.
 *
 * <p>It runs in one process and breaks nothing. That a store holds after a {@code kill -9}, on a full disk and on a damaged
 * file is for the store's own tests to show.
 */
public abstract class ExecutionStoreContract extends TransactionSentences {

    /** When ledgers are opened here, unless a test says otherwise. */
    protected static final Instant NOW = StoreFixture.NOW;

    /** For subclasses. */
    protected ExecutionStoreContract() {}

    /** A store over a new, empty ledger, not opened yet. */
    @Override
    protected abstract ExecutionStore fresh();

    /**
     * Another store, not opened yet, over the ledger that {@link #fresh} made last; earlier ones may still be open. If
     * the ledger is lost with its store, over an empty one.
     */
    @Override
    protected abstract ExecutionStore again();

    @Test
    void a_ledger_that_was_opened_in_signed_mode_never_opens_in_demo_mode_again() {
        ExecutionStore demo = openFresh();
        assumeDurable();
        demo.close();
        ExecutionStore signed = keep(again());
        signed.open(true, clock(NOW));
        signed.close();

        ExecutionStore refused = keep(again());
        assertThatThrownBy(() -> refused.open(false, clock(NOW)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.LEDGER_IS_SIGNED));
        assertUnavailable(() -> refused.write(new Write.Beat()));

        assertThat(keep(again()).open(true, clock(NOW)).durable()).isTrue();
    }

    @Test
    void a_ledger_keeps_its_id() {
        ExecutionStore store = keep(fresh());
        ExecutionStore.Opened opened = store.open(false, clock(NOW));
        String id = opened.ledgerId();
        assertThat(id).matches("[0-9a-f]{32}");
        assumeTrue(opened.durable(), LOST_WITH_THE_PROCESS);
        store.close();

        assertThat(keep(again()).open(false, clock(NOW)).ledgerId()).isEqualTo(id);
        assertThat(keep(fresh()).open(false, clock(NOW)).ledgerId()).isNotEqualTo(id);
    }

    @Test
    void a_claim_of_a_store_that_is_still_open_is_no_orphan() {
        ExecutionStore store = openFresh();
        Claim claim = SampleClaims.signed(TENANT, "n", NOW.minus(Duration.ofDays(1)))
                .approved(NOW, NOW.plusSeconds(9))
                .claim();
        assertApplied(write(store, insert(claim)));

        assertThat(orphans(store)).isEmpty();

        assumeDurable();
        assertThat(orphans(openAgain())).isEmpty();
    }

    @Test
    void a_claim_of_a_store_that_died_is_an_orphan() {
        ExecutionStore store = openFresh();
        assumeDurable();
        ExecutionStore survivor = openAgain();
        Claim claim = SampleClaims.signed(TENANT, "n", NOW).claim();
        Claim settled = SampleClaims.signed(TENANT, "m", NOW).claim();
        write(store, insert(claim));
        write(store, insert(settled));
        endSuccessfully(store, settled);
        store.close(); // with a claim at work: to the ledger, that is a death

        assertThat(orphans(survivor)).containsExactly(running(claim));
        assertThat(orphans(openAgain())).containsExactly(running(claim));

        assertApplied(write(
                survivor,
                new Change.End(claim.nonceKey(), claim.token(), 1, Ending.indeterminate(NOW, "orphan"), null)));
        assertThat(orphans(survivor)).isEmpty();
    }

    @Test
    void orphans_come_oldest_first_and_no_more_than_asked_for() {
        ExecutionStore one = openFresh();
        assumeDurable();
        ExecutionStore other = openAgain();
        Claim third = claimAt(one, 3);
        Claim first = claimAt(one, 1);
        Claim second = claimAt(other, 2);
        one.close();
        other.close();

        ExecutionStore survivor = openAgain();

        assertThat(orphansUpTo(survivor, 2)).containsExactly(running(first), running(second));
        assertThat(orphans(survivor)).containsExactly(running(first), running(second), running(third));
    }

    private static Claim claimAt(ExecutionStore store, int minutes) {
        Claim claim = SampleClaims.signed(TENANT, "n" + minutes, NOW.plus(Duration.ofMinutes(minutes)))
                .claim();
        assertApplied(write(store, insert(claim)));
        return claim;
    }

    @Test
    void a_store_opens_once() {
        ExecutionStore store = openFresh();

        assertThatIllegalStateException().isThrownBy(() -> store.open(false, clock(NOW)));
        assertApplied(write(store, new Write.Beat()));
    }

    @Test
    void a_stage_that_cannot_be_completed_with_an_answer_completes_with_a_store_exception() {
        ExecutionStore store = keep(fresh());
        assertEveryStageFails(store);

        store.open(false, clock(NOW));
        assertApplied(write(store, new Write.Beat()));
        store.close();
        assertEveryStageFails(store);
    }

    @Test
    void close_completes_what_was_accepted_and_is_idempotent() {
        ExecutionStore store = openFresh();
        List<Claim> claims = IntStream.range(0, 500)
                .mapToObj(i -> SampleClaims.signed(TENANT, "n" + i, NOW).claim())
                .toList();
        List<CompletableFuture<Outcome>> stages = claims.stream()
                .map(claim -> store.write(insert(claim)).toCompletableFuture())
                .toList();

        store.close();
        store.close();

        assertThat(stages).allSatisfy(stage -> assertThat(stage).isCompletedWithValue(Outcome.applied(-1)));
        assumeDurable();
        ExecutionStore reopened = openAgain();
        assertThat(claims)
                .allSatisfy(claim -> assertThat(find(reopened, claim.keys())).contains(running(claim)));
    }
}
