package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.action.Kind;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.ExecutionStore.Floors;
import dev.openexec.store.Outcome;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.StoredExecution.Resolution;
import dev.openexec.store.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The sentences about what becomes of a row after its claim, apart from its first ending, and about what is forgotten. */
abstract class TableSentences extends RecordSentences {

    private static final Ending UNKNOWN = Ending.indeterminate(NOW, "owner-died");
    private static final Ending SUCCESS = Ending.succeeded(NOW, "{}");
    private static final Ending FAILURE = Ending.failed(NOW, "no-luck");
    private static final Resolution RESOLUTION = new Resolution("ada", "the bank's statement of Monday");
    private static final Duration SKEW = Duration.ofSeconds(60);
    private static final int ALL = 1000;

    private static Write.End end(Claim claim, int attempt, Ending ending) {
        return new Write.End(claim.nonceKey(), claim.token(), attempt, ending, null);
    }

    private static Write.Retry retry(Claim claim, int attempt, String nextToken) {
        return new Write.Retry(claim.nonceKey(), claim.token(), attempt, nextToken, null);
    }

    private static Write.Resolve resolve(Claim claim, Ending ending) {
        return new Write.Resolve(claim.nonceKey(), claim.token(), 1, ending, RESOLUTION, null);
    }

    private static Write.Withdraw withdraw(Claim claim) {
        return new Write.Withdraw(claim.nonceKey(), claim.token(), null);
    }

    private static String token(int n) {
        return "%032x".formatted(n);
    }

    private static Claim made(ExecutionStore store, SampleClaims sample) {
        Claim claim = sample.claim();
        assertApplied(write(store, insert(claim)));
        return claim;
    }

    private static Claim ended(ExecutionStore store, SampleClaims sample, Ending ending) {
        Claim claim = made(store, sample);
        assertApplied(write(store, end(claim, 1, ending)));
        return claim;
    }

    private static void assertLost(ExecutionStore store, Write.Change change) {
        Optional<StoredExecution> before = find(store, List.of(change.nonceKey()));
        assertThat(write(store, change)).isEqualTo(Outcome.lost(before));
        assertThat(find(store, List.of(change.nonceKey()))).isEqualTo(before);
    }

    private static void assertRow(ExecutionStore store, StoredExecution row) {
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
        signed.open(true, CLOCK);

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
    void a_prune_removes_terminal_signed_rows_past_retention_and_expiry_and_no_other() {
        SettableClock clock = new SettableClock(NOW);
        ExecutionStore store = keep(fresh());
        store.open(false, clock);
        Instant expiry = NOW.plusSeconds(60);
        Claim success = ended(store, shortLived("success", expiry), SUCCESS);
        Claim failure = ended(store, shortLived("failure", expiry), FAILURE);
        Claim indeterminate = ended(store, shortLived("indeterminate", expiry), UNKNOWN);
        Claim running = made(store, shortLived("running", expiry));
        Claim unsigned = ended(store, SampleClaims.unsigned("unsigned", NOW), SUCCESS);
        Claim longLived = ended(store, shortLived("long-lived", expiry.plusMillis(1)), SUCCESS);
        Claim recent = ended(store, shortLived("recent", expiry), Ending.succeeded(NOW.plusSeconds(10), "{}"));
        Write.Prune prune = new Write.Prune(NOW.plusSeconds(10), SKEW, ALL, null);

        clock.set(expiry.plus(SKEW)); // not yet past expiry and skew
        assertThat(write(store, prune)).isEqualTo(Outcome.applied(-1).of(0));

        clock.set(expiry.plus(SKEW).plusMillis(1));
        assertThat(write(store, prune)).isEqualTo(Outcome.applied(-1).of(2));
        for (Claim gone : List.of(success, failure)) {
            assertThat(find(store, gone.keys())).isEmpty();
            assertThat(get(store.execution(gone.executionId()))).isEmpty();
        }
        for (Claim kept : List.of(indeterminate, running, unsigned, longLived, recent)) {
            assertThat(find(store, List.of(kept.nonceKey()))).isPresent();
        }
    }

    private static SampleClaims shortLived(String nonce, Instant expiry) {
        return SampleClaims.signed(TENANT, nonce, NOW).approved(NOW, expiry);
    }

    @Test
    void a_prune_takes_the_oldest_and_no_more_than_asked_for() {
        SettableClock clock = new SettableClock(NOW);
        ExecutionStore store = keep(fresh());
        store.open(false, clock);
        for (int n : List.of(2, 3, 1)) {
            SampleClaims sample = SampleClaims.signed(TENANT, "n" + n, NOW.plusSeconds(n));
            ended(store, sample.approved(NOW, NOW.plusSeconds(60)), SUCCESS);
        }
        clock.set(NOW.plusSeconds(3600));

        assertThat(write(store, new Write.Prune(NOW.plusSeconds(10), SKEW, 2, null))
                        .rows())
                .isEqualTo(2);

        assertThat(get(store.executions(null, ALL)))
                .extracting(row -> row.claim().nonce())
                .containsExactly("n3");
    }

    @Test
    void a_prune_raises_the_expiry_floor_over_every_approval_that_it_removes_and_no_further_the_floor_never_falls() {
        SettableClock clock = new SettableClock(NOW);
        ExecutionStore store = keep(fresh());
        store.open(false, clock);
        Instant first = NOW.plusSeconds(60);
        Instant last = NOW.plusSeconds(90);
        SampleClaims sample = shortLived("n", last);
        Claim pruned = ended(store, sample, SUCCESS);
        ended(store, shortLived("m", first), SUCCESS);
        Instant floor = last.plus(SKEW);
        clock.set(floor.plusMillis(1));
        assertThat(write(store, new Write.Prune(NOW.plusSeconds(1), SKEW, ALL, null))
                        .rows())
                .isEqualTo(2);

        clock.set(NOW); // whatever the clock says
        assertThat(write(store, insert(pruned))).isEqualTo(Outcome.refused(Verdict.BEHIND_EXPIRY_FLOOR));
        assertThat(write(store, insert(shortLived("at-the-floor", floor).claim())))
                .isEqualTo(Outcome.refused(Verdict.BEHIND_EXPIRY_FLOOR));
        Claim above = ended(store, shortLived("above", floor.plusMillis(1)), SUCCESS);

        clock.set(NOW.plus(Duration.ofHours(2)));
        assertThat(write(store, new Write.Prune(NOW.plusSeconds(1), Duration.ZERO, ALL, null))
                        .rows())
                .isEqualTo(1); // and the floor that this would set is below the one that there is
        clock.set(NOW);
        assertThat(write(store, insert(above))).isEqualTo(Outcome.refused(Verdict.BEHIND_EXPIRY_FLOOR));
    }

    @Test
    void a_signed_claim_is_not_made_while_the_clock_is_behind_the_latest_signed_claim_by_more_than_the_slack() {
        SettableClock clock = new SettableClock(NOW);
        ExecutionStore store = keep(fresh());
        store.open(false, clock);
        Instant later = NOW.plusSeconds(100);
        clock.set(later);
        Claim latest = made(store, SampleClaims.signed(TENANT, "latest", NOW));
        Claim unsigned = SampleClaims.unsigned("unsigned", NOW).claim();

        clock.set(later.minus(Floors.CLOCK_SLACK).minusMillis(1));
        Claim signed = SampleClaims.signed(TENANT, "signed", NOW).claim();
        assertThat(write(store, insert(signed))).isEqualTo(Outcome.refused(Verdict.CLOCK_UNSAFE));
        assertThat(find(store, signed.keys())).isEmpty();
        assertApplied(write(store, insert(unsigned))); // an unsigned claim does not depend on the time
        assertApplied(write(store, end(latest, 1, SUCCESS))); // nor does what has happened

        clock.set(later.minus(Floors.CLOCK_SLACK));
        assertApplied(write(store, insert(signed)));
    }

    @Test
    void a_prune_is_refused_by_a_clock_that_is_behind_or_more_than_the_leap_ahead() {
        SettableClock clock = new SettableClock(NOW);
        ExecutionStore store = keep(fresh());
        store.open(false, clock);
        ended(store, shortLived("n", NOW.plusSeconds(60)), SUCCESS);
        Write.Prune prune = new Write.Prune(NOW.plusSeconds(1), SKEW, ALL, null);

        for (Instant unsafe : List.of(
                NOW.minus(Floors.CLOCK_SLACK).minusMillis(1),
                NOW.plus(Floors.CLOCK_LEAP).plusMillis(1))) {
            clock.set(unsafe);
            assertThat(write(store, prune)).isEqualTo(Outcome.refused(Verdict.CLOCK_UNSAFE));
        }
        clock.set(NOW.plus(Floors.CLOCK_LEAP));
        assertThat(write(store, prune).rows()).isEqualTo(1);
    }

    @Test
    void a_trusted_clock_claims_and_prunes_again() {
        SettableClock clock = new SettableClock(NOW);
        ExecutionStore store = keep(fresh());
        store.open(false, clock);
        ended(store, shortLived("n", NOW.plusSeconds(60)), SUCCESS);

        clock.set(NOW.plus(Duration.ofDays(30)));
        assertApplied(write(store, new Write.TrustClock(null)));
        assertThat(write(store, new Write.Prune(NOW.plusSeconds(1), SKEW, ALL, null))
                        .rows())
                .isEqualTo(1);

        clock.set(NOW.plusSeconds(200));
        SampleClaims sample = SampleClaims.signed(TENANT, "m", NOW);
        assertThat(write(store, insert(sample.claim()))).isEqualTo(Outcome.refused(Verdict.CLOCK_UNSAFE));
        assertApplied(write(store, new Write.TrustClock(null)));
        assertApplied(write(store, insert(sample.claim())));
    }

    @Test
    void an_erasure_drops_results_past_retention_and_keeps_everything_else() {
        ExecutionStore store = openFresh();
        Claim success = ended(store, SampleClaims.signed(TENANT, "success", NOW), Ending.succeeded(NOW, "{\"a\": 1}"));
        Claim resolved = ended(store, SampleClaims.signed(TENANT, "resolved", NOW), UNKNOWN);
        assertApplied(write(store, resolve(resolved, SUCCESS)));
        Ending later = Ending.succeeded(NOW.plusMillis(1), "{}");
        Claim recent = ended(store, SampleClaims.signed(TENANT, "recent", NOW), later);
        Claim failure = ended(store, SampleClaims.signed(TENANT, "failure", NOW), FAILURE);
        Write.Erase erase = new Write.Erase(NOW.plusMillis(1), ALL, null);

        assertThat(write(store, erase)).isEqualTo(Outcome.applied(-1).of(2));

        Ending erased = new Ending(Ending.State.SUCCEEDED, NOW, null, null);
        assertRow(store, new StoredExecution(success, 1, erased));
        assertRow(store, new StoredExecution(resolved, 1, erased, RESOLUTION));
        assertRow(store, new StoredExecution(recent, 1, later));
        assertRow(store, new StoredExecution(failure, 1, FAILURE));
        assertThat(write(store, erase).rows()).isZero();
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
