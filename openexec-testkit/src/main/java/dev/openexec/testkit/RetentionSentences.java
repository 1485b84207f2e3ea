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
import dev.openexec.store.SpentApproval;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The sentences about what a ledger forgets, and by which clock. */
abstract class RetentionSentences extends TableSentences {

    private static final Duration SKEW = Duration.ofSeconds(60);
    private static final int ALL = 1000;

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
        assertThat(write(store, prune)).isEqualTo(Outcome.applied(-1).withRows(0));

        clock.set(expiry.plus(SKEW).plusMillis(1));
        assertThat(write(store, prune)).isEqualTo(Outcome.applied(-1).withRows(2));
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
    void a_retry_of_a_row_whose_approval_expires_at_or_before_the_expiry_floor_is_refused() {
        SettableClock clock = new SettableClock(NOW);
        ExecutionStore store = keep(fresh());
        store.open(false, clock);
        Instant floor = NOW.plusSeconds(60).plus(SKEW);
        Claim below = made(store, shortLived("below", floor.minusMillis(1)).of(Kind.IDEMPOTENT));
        Claim at = made(store, shortLived("at-the-floor", floor).of(Kind.IDEMPOTENT));
        Claim above = made(store, shortLived("above", floor.plusMillis(1)).of(Kind.IDEMPOTENT));
        ended(store, shortLived("pruned", NOW.plusSeconds(60)), SUCCESS);
        clock.set(floor.plusMillis(1));
        assertThat(write(store, new Write.Prune(NOW.plusSeconds(1), SKEW, ALL, null))
                        .rows())
                .isEqualTo(1);

        clock.set(NOW); // whatever the clock says
        for (Claim left : List.of(below, at)) {
            assertThat(write(store, retry(left, 1, token(1)))).isEqualTo(Outcome.refused(Verdict.BEHIND_EXPIRY_FLOOR));
            assertRow(store, running(left));
        }
        assertApplied(write(store, retry(above, 1, token(1))));
        assertRow(store, new StoredExecution(above.heldBy(token(1)), 2, null));
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
                NOW.plus(Floors.MAX_CLOCK_ADVANCE).plusMillis(1))) {
            clock.set(unsafe);
            assertThat(write(store, prune)).isEqualTo(Outcome.refused(Verdict.CLOCK_UNSAFE));
        }
        clock.set(NOW.plus(Floors.MAX_CLOCK_ADVANCE));
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
    void an_erased_row_keeps_its_keys_and_nothing_that_tells_what_it_was_about() {
        ExecutionStore store = openFresh();
        Claim success = ended(store, SampleClaims.signed(TENANT, "success", NOW).carrying("{\"a\": 1}"), SUCCESS);
        Claim resolved = ended(store, SampleClaims.unsigned("resolved", NOW), UNKNOWN);
        assertApplied(write(store, resolve(resolved, FAILURE)));

        for (Claim claim : List.of(success, resolved)) {
            StoredExecution row = find(store, List.of(claim.nonceKey())).orElseThrow();
            assertLost(store, erase(claim.heldBy(token(1))));
            assertApplied(write(store, erase(claim)));
            assertApplied(write(store, erase(claim))); // the same again

            StoredExecution erased = row.erased();
            assertThat(erased.toString())
                    .doesNotContain(
                            claim.nonce(), claim.salt(), claim.requestHash().hex());
            assertThat(find(store, claim.keys())).contains(erased);
            assertThat(get(store.execution(claim.executionId()))).contains(erased);
            assertThat(write(store, insert(claim.heldBy(token(2))))).isEqualTo(Outcome.lost(Optional.of(erased)));
            assertLost(store, end(claim, 1, SUCCESS));
            assertLost(store, resolve(claim, SUCCESS));
        }
        SampleClaims again = SampleClaims.signed(TENANT, "another", NOW)
                .spending(spent(success).id());
        assertThat(write(store, insert(again.claim())).verdict()).isEqualTo(Verdict.LOST);
    }

    @Test
    void what_runs_or_is_in_doubt_is_not_erased() {
        ExecutionStore store = openFresh();

        assertLost(store, erase(made(store, SampleClaims.signed(TENANT, "running", NOW))));
        assertLost(store, erase(ended(store, SampleClaims.signed(TENANT, "unknown", NOW), UNKNOWN)));
    }

    private static Change.Erase erase(Claim claim) {
        return new Change.Erase(claim.nonceKey(), claim.token(), 1, null);
    }

    private static SpentApproval spent(Claim claim) {
        return Objects.requireNonNull(claim.approval());
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
        Write.EraseResults erase = new Write.EraseResults(NOW.plusMillis(1), ALL, null);

        assertThat(write(store, erase)).isEqualTo(Outcome.applied(-1).withRows(2));

        Ending erased = new Ending(Ending.State.SUCCEEDED, NOW, null, null);
        assertRow(store, new StoredExecution(success, 1, erased));
        assertRow(store, new StoredExecution(resolved, 1, erased, RESOLUTION));
        assertRow(store, new StoredExecution(recent, 1, later));
        assertRow(store, new StoredExecution(failure, 1, FAILURE));
        assertThat(write(store, erase).rows()).isZero();
    }
}
