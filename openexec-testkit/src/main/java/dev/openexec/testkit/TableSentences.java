package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.action.Kind;
import dev.openexec.store.Change;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.ExecutionStore.Floors;
import dev.openexec.store.Outcome;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.StoredExecution.Resolution;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The sentences about what becomes of a row after its claim, apart from its first ending. */
abstract class TableSentences extends RecordSentences {

    static final Ending UNKNOWN = Ending.indeterminate(NOW, "owner-died");
    static final Ending SUCCESS = Ending.succeeded(NOW, "{}");
    static final Ending FAILURE = Ending.failed(NOW, "no-luck");
    static final Resolution RESOLUTION = new Resolution("ada", "the bank's statement of Monday");

    static Change.End end(Claim claim, int attempt, Ending ending) {
        return new Change.End(claim.nonceKey(), claim.token(), attempt, ending, null);
    }

    static Change.Retry retry(Claim claim, int attempt, String nextToken) {
        return new Change.Retry(claim.nonceKey(), claim.token(), attempt, nextToken, null);
    }

    static Change.Resolve resolve(Claim claim, Ending ending) {
        return new Change.Resolve(claim.nonceKey(), claim.token(), 1, ending, RESOLUTION, null);
    }

    static Change.Withdraw withdraw(Claim claim) {
        return new Change.Withdraw(claim.nonceKey(), claim.token(), null);
    }

    static String token(int n) {
        return "%032x".formatted(n);
    }

    static Claim made(ExecutionStore store, SampleClaims sample) {
        Claim claim = sample.claim();
        assertApplied(write(store, insert(claim)));
        return claim;
    }

    static Claim ended(ExecutionStore store, SampleClaims sample, Ending ending) {
        Claim claim = made(store, sample);
        assertApplied(write(store, end(claim, 1, ending)));
        return claim;
    }

    static void assertLost(ExecutionStore store, Change change) {
        Optional<StoredExecution> before = find(store, List.of(change.nonceKey()));
        assertThat(write(store, change)).isEqualTo(Outcome.lost(before));
        assertThat(find(store, List.of(change.nonceKey()))).isEqualTo(before);
    }

    static void assertRow(ExecutionStore store, StoredExecution row) {
        assertThat(find(store, List.of(row.claim().nonceKey()))).contains(row);
    }

    @Test
    void a_success_or_failure_still_applies_to_a_row_of_that_token_and_attempt_of_which_nobody_knew_how_it_ended() {
        ExecutionStore store = openFresh();
        for (Ending truth : List.of(SUCCESS, FAILURE)) {
            Claim claim = ended(store, SampleClaims.signed(TENANT, "n" + truth.state(), NOW), UNKNOWN);

            assertLost(store, end(claim, 1, Ending.indeterminate(NOW, "again")));
            assertLost(store, end(claim, 2, truth));
            assertLost(store, end(claim.heldBy(token(1)), 1, truth));

            assertApplied(write(store, end(claim, 1, truth)));
            assertRow(store, new StoredExecution(claim, 1, truth));
            assertLost(store, end(claim, 1, Ending.failed(NOW, "later-still")));
            assertLost(store, end(claim, 1, UNKNOWN));
        }
    }

    @Test
    void
            a_retry_applies_once_to_the_running_idempotent_row_of_that_token_and_attempt_before_its_last_attempt_and_takes_the_row_from_its_former_holder() {
        ExecutionStore store = openFresh();
        for (Kind other : List.of(Kind.AT_MOST_ONCE, Kind.PURE, Kind.TRANSACTIONAL)) {
            Claim claim =
                    made(store, SampleClaims.signed(TENANT, "n" + other, NOW).of(other));
            assertLost(store, retry(claim, 1, token(1)));
        }
        Claim first = made(
                store, SampleClaims.signed(TENANT, "n", NOW).of(Kind.IDEMPOTENT).carrying("{\"a\": 1}"));
        assertLost(store, retry(first.heldBy(token(9)), 1, token(1)));
        assertLost(store, retry(first, 2, token(1)));

        assertApplied(write(store, retry(first, 1, token(2))));
        Claim second = first.heldBy(token(2));
        assertRow(store, new StoredExecution(second, 2, null));
        assertApplied(write(store, retry(first, 1, token(2)))); // the same again
        assertLost(store, retry(first, 1, token(3)));
        assertLost(store, end(first, 1, SUCCESS)); // it is another's now
        assertLost(store, withdraw(second)); // something may have happened at the first attempt

        assertApplied(write(store, retry(second, 2, token(3))));
        Claim third = first.heldBy(token(3));
        assertRow(store, new StoredExecution(third, 3, null));
        assertLost(store, retry(third, 3, token(4)));

        assertApplied(write(store, end(third, 3, UNKNOWN)));
        assertLost(store, retry(third, 3, token(4)));
        assertApplied(write(store, retry(second, 2, token(3)))); // it was applied, whatever has become of it
        assertRow(store, new StoredExecution(third, 3, UNKNOWN));
    }

    @Test
    void a_retry_is_refused_as_a_new_claim_would_be() {
        SettableClock clock = new SettableClock(NOW);
        ExecutionStore store = keep(fresh());
        store.open(false, clock);
        SampleClaims sample =
                SampleClaims.signed(TENANT, "n", NOW).of(Kind.IDEMPOTENT).approved(NOW, NOW.plusSeconds(60));
        Claim claim = made(store, sample);

        clock.set(NOW.plusSeconds(60).plusMillis(1));
        assertThat(write(store, retry(claim, 1, token(1)))).isEqualTo(Outcome.refused(Verdict.EXPIRED));
        assertRow(store, running(claim));

        clock.set(NOW.minus(Floors.CLOCK_SLACK).minusMillis(1));
        assertThat(write(store, retry(claim, 1, token(1)))).isEqualTo(Outcome.refused(Verdict.CLOCK_UNSAFE));
        assertRow(store, running(claim));

        clock.set(NOW.plusSeconds(60));
        assertApplied(write(store, retry(claim, 1, token(1))));
    }

    @Test
    void an_unsigned_row_is_not_retried_on_a_ledger_opened_in_signed_mode() {
        ExecutionStore store = openFresh();
        assumeDurable();
        Claim claim = made(store, SampleClaims.unsigned("n", NOW).of(Kind.IDEMPOTENT));
        store.close();
        ExecutionStore signed = keep(again());
        signed.open(true, clock(NOW));

        assertThat(write(signed, retry(claim, 1, token(1)))).isEqualTo(Outcome.refused(Verdict.SIGNED_LEDGER));
        assertRow(signed, running(claim));
    }

    @Test
    void a_resolution_applies_once_to_a_row_of_which_nobody_knows_how_it_ended_and_is_kept_with_it() {
        ExecutionStore store = openFresh();
        Claim running = made(store, SampleClaims.signed(TENANT, "running", NOW));
        assertLost(store, resolve(running, SUCCESS));
        Claim settled = ended(store, SampleClaims.signed(TENANT, "settled", NOW), FAILURE);
        assertLost(store, resolve(settled, SUCCESS));

        for (Ending truth : List.of(SUCCESS, FAILURE)) {
            Claim claim = ended(store, SampleClaims.signed(TENANT, "n" + truth.state(), NOW), UNKNOWN);
            assertLost(store, resolve(claim.heldBy(token(1)), truth));

            assertApplied(write(store, resolve(claim, truth)));
            assertRow(store, new StoredExecution(claim, 1, truth, RESOLUTION));
            assertApplied(write(store, resolve(claim, truth))); // the same again
            assertLost(store, resolve(claim, Ending.failed(NOW, "another")));
            assertLost(store, end(claim, 1, SUCCESS)); // the holder comes too late, even with the same truth
        }
    }

    @Test
    void
            a_withdrawal_removes_the_running_row_of_that_token_at_its_first_attempt_and_no_other_its_keys_are_then_unclaimed() {
        ExecutionStore store = openFresh();
        SampleClaims sample = SampleClaims.signed(TENANT, "n", NOW);
        Claim claim = made(store, sample);
        Claim bystander = made(store, SampleClaims.signed(TENANT, "m", NOW));
        for (Ending ending : List.of(SUCCESS, FAILURE, UNKNOWN)) {
            assertLost(store, withdraw(ended(store, SampleClaims.signed(TENANT, "n" + ending.state(), NOW), ending)));
        }

        assertApplied(write(store, withdraw(claim.heldBy(token(1))))); // of that token there is nothing
        assertRow(store, running(claim));

        assertApplied(write(store, withdraw(claim)));
        assertThat(find(store, claim.keys())).isEmpty();
        assertApplied(write(store, withdraw(claim))); // the same again
        assertRow(store, running(bystander));

        Claim again = made(store, sample); // the same nonce and the same approval
        assertApplied(write(store, withdraw(claim))); // and the first claim's withdrawal does not reach it
        assertRow(store, running(again));
    }

    @Test
    void an_execution_is_found_by_its_id() {
        ExecutionStore store = openFresh();
        Claim claim = made(store, SampleClaims.signed(TENANT, "n", NOW));
        Claim other = ended(store, SampleClaims.unsigned("m", NOW), SUCCESS);

        assertThat(get(store.execution(claim.executionId()))).contains(running(claim));
        assertThat(get(store.execution(other.executionId()))).contains(new StoredExecution(other, 1, SUCCESS));
        assertThat(get(store.execution(SampleClaims.unsigned("n", NOW).claim().executionId())))
                .isEmpty();
    }

    @Test
    void a_listing_shows_every_execution_once_in_the_order_of_their_ids() {
        ExecutionStore store = openFresh();
        for (int n : List.of(3, 1, 4, 5, 2)) {
            made(store, SampleClaims.signed(TENANT, "n" + n, NOW.plusSeconds(n)));
        }

        List<StoredExecution> first = get(store.executions(null, 2));
        List<StoredExecution> second = get(store.executions(first.get(1).claim().executionId(), 2));
        List<StoredExecution> third = get(store.executions(second.get(1).claim().executionId(), 2));

        assertThat(first).extracting(row -> row.claim().nonce()).containsExactly("n1", "n2");
        assertThat(second).extracting(row -> row.claim().nonce()).containsExactly("n3", "n4");
        assertThat(third).extracting(row -> row.claim().nonce()).containsExactly("n5");
        assertThat(get(store.executions(third.get(0).claim().executionId(), 2))).isEmpty();
    }
}
