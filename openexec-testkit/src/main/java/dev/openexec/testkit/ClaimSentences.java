package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.store.Claim;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Outcome;
import dev.openexec.store.Outcome.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The sentences about what is claimed and what is not. */
abstract class ClaimSentences extends StoreFixture {

    @Test
    void a_nonce_key_is_claimed_once_for_ever_however_many_callers_ask_at_the_same_time() throws Exception {
        ExecutionStore store = openFresh();
        for (int round = 0; round < ROUNDS; round++) {
            String nonce = "nonce " + round;

            List<Outcome> outcomes = race(
                    store,
                    caller -> insert(SampleClaims.signed(TENANT, nonce, NOW).claim()));

            assertOneWon(outcomes);
            endSuccessfully(store, winner(outcomes));
            assertThat(write(
                                    store,
                                    insert(SampleClaims.signed(TENANT, nonce, NOW)
                                            .claim()))
                            .verdict())
                    .isEqualTo(Verdict.LOST);
        }
    }

    @Test
    void an_approval_key_is_claimed_once_for_ever_under_whatever_nonce() throws Exception {
        ExecutionStore store = openFresh();
        for (int round = 0; round < ROUNDS; round++) {
            String approval = "approval " + round;

            List<Outcome> outcomes = race(
                    store,
                    caller -> insert(SampleClaims.signed(TENANT, approval + " under " + caller, NOW)
                            .spending(approval)
                            .claim()));

            assertOneWon(outcomes);
            endSuccessfully(store, winner(outcomes));
            assertThat(write(
                                    store,
                                    insert(SampleClaims.signed(TENANT, approval + " again", NOW)
                                            .spending(approval)
                                            .claim()))
                            .verdict())
                    .isEqualTo(Verdict.LOST);
        }
    }

    @Test
    void a_claimed_key_stays_claimed_when_the_ledger_is_opened_again() {
        ExecutionStore store = openFresh();
        assumeDurable();
        Claim claim = SampleClaims.signed(TENANT, "n", NOW).spending("approval").claim();
        write(store, insert(claim));
        endSuccessfully(store, claim);
        store.close();

        ExecutionStore reopened = openAgain();

        assertThat(write(reopened, insert(SampleClaims.signed(TENANT, "n", NOW).claim())))
                .returns(Verdict.LOST, Outcome::verdict);
        assertThat(write(
                        reopened,
                        insert(SampleClaims.signed(TENANT, "other", NOW)
                                .spending("approval")
                                .claim())))
                .returns(Verdict.LOST, Outcome::verdict);
    }

    @Test
    void a_row_under_the_untenanted_nonce_key_stands_in_the_way_of_every_tenants_claim_of_that_nonce() {
        ExecutionStore store = openFresh();
        Claim untenanted = SampleClaims.unsigned("n", NOW).claim();
        write(store, insert(untenanted));

        for (String tenant : List.of(TENANT, "another")) {
            Outcome outcome =
                    write(store, insert(SampleClaims.signed(tenant, "n", NOW).claim()));
            assertThat(outcome).isEqualTo(Outcome.lost(Optional.of(running(untenanted))));
        }
        assertApplied(write(store, insert(SampleClaims.signed(TENANT, "m", NOW).claim())));
    }

    @Test
    void a_tenants_row_stands_in_the_way_of_no_other_tenants_claim_of_that_nonce() {
        ExecutionStore store = openFresh();

        assertApplied(write(store, insert(SampleClaims.signed(TENANT, "n", NOW).claim())));
        assertApplied(
                write(store, insert(SampleClaims.signed("another", "n", NOW).claim())));
    }

    @Test
    void
            a_lost_insert_answers_with_the_standing_row_under_the_approval_key_first_then_under_the_nonce_key_then_under_the_untenanted_one() {
        ExecutionStore store = openFresh();
        Claim underApproval = SampleClaims.signed(TENANT, "elsewhere", NOW)
                .spending("approval")
                .claim();
        Claim underNonce = SampleClaims.signed(TENANT, "n", NOW).claim();
        Claim underUntenanted = SampleClaims.unsigned("n", NOW).claim();
        for (Claim claim : List.of(underApproval, underNonce, underUntenanted)) {
            assertApplied(write(store, insert(claim)));
        }

        assertThat(write(
                        store,
                        insert(SampleClaims.signed(TENANT, "n", NOW)
                                .spending("approval")
                                .claim())))
                .isEqualTo(Outcome.lost(Optional.of(running(underApproval))));
        assertThat(write(store, insert(SampleClaims.signed(TENANT, "n", NOW).claim())))
                .isEqualTo(Outcome.lost(Optional.of(running(underNonce))));
        assertThat(write(store, insert(SampleClaims.signed("another", "n", NOW).claim())))
                .isEqualTo(Outcome.lost(Optional.of(running(underUntenanted))));
    }

    @Test
    void an_approval_that_has_expired_by_the_time_of_the_write_claims_nothing() {
        SettableClock clock = new SettableClock(NOW);
        ExecutionStore store = keep(fresh());
        store.open(false, clock);
        SampleClaims sample = SampleClaims.signed(TENANT, "n", NOW).approved(NOW, NOW.plusSeconds(60));

        clock.set(NOW.plusSeconds(60).plusMillis(1));
        assertThat(write(store, insert(sample.claim()))).isEqualTo(Outcome.refused(Verdict.EXPIRED));
        assertThat(find(store, sample.claim().keys())).isEmpty();

        clock.set(NOW.plusSeconds(60)); // at its expiry it still counts
        Claim claim = sample.claim();
        assertApplied(write(store, insert(claim)));
        clock.set(NOW.plusSeconds(3600));
        assertThat(write(store, insert(claim))).isEqualTo(Outcome.applied(-1)); // it is the same claim again
        assertThat(write(store, insert(sample.claim())))
                .isEqualTo(Outcome.lost(Optional.of(running(claim)))); // what stands counts more than what expired
    }

    @Test
    void an_approval_that_expires_at_or_before_the_expiry_floor_claims_nothing() {
        Instant floor = Instant.EPOCH; // of a new ledger
        ExecutionStore store = open(fresh(), floor.minusSeconds(60));
        SampleClaims sample = SampleClaims.signed(TENANT, "n", floor);
        Instant issued = floor.minusSeconds(30);

        for (Instant expiry : List.of(floor.minusMillis(1), floor)) {
            Claim claim = sample.approved(issued, expiry).claim();
            assertThat(write(store, insert(claim))).isEqualTo(Outcome.refused(Verdict.BEHIND_EXPIRY_FLOOR));
            assertThat(find(store, claim.keys())).isEmpty();
        }
        assertApplied(
                write(store, insert(sample.approved(issued, floor.plusMillis(1)).claim())));
    }

    @Test
    void an_approval_issued_before_the_issue_floor_claims_nothing() {
        Instant floor = NOW; // of a ledger made within this second
        ExecutionStore store = open(fresh(), NOW.plusMillis(999));
        SampleClaims sample = SampleClaims.signed(TENANT, "n", NOW.plusSeconds(1));
        Instant expiry = NOW.plusSeconds(60);

        Claim tooOld = sample.approved(floor.minusMillis(1), expiry).claim();
        assertThat(write(store, insert(tooOld))).isEqualTo(Outcome.refused(Verdict.BEFORE_ISSUE_FLOOR));
        assertThat(find(store, tooOld.keys())).isEmpty();
        assertApplied(write(store, insert(sample.approved(floor, expiry).claim())));
    }

    @Test
    void the_issue_floor_is_the_time_the_ledger_was_made_not_opened() {
        ExecutionStore store = open(fresh(), NOW);
        assumeDurable();
        store.close();
        ExecutionStore reopened = open(again(), NOW.plusSeconds(3600));

        SampleClaims sample = SampleClaims.signed(TENANT, "n", NOW.plusSeconds(3600));

        assertThat(write(
                        reopened,
                        insert(sample.approved(NOW.minusSeconds(1), NOW.plusSeconds(7200))
                                .claim())))
                .returns(Verdict.BEFORE_ISSUE_FLOOR, Outcome::verdict);
        assertApplied(write(
                reopened, insert(sample.approved(NOW, NOW.plusSeconds(7200)).claim())));
    }

    @Test
    void an_unsigned_claim_claims_nothing_on_a_ledger_opened_in_signed_mode() {
        ExecutionStore store = keep(fresh());
        store.open(true, clock(NOW));
        Claim unsigned = SampleClaims.unsigned("n", NOW).claim();

        assertThat(write(store, insert(unsigned))).isEqualTo(Outcome.refused(Verdict.SIGNED_LEDGER));
        assertThat(find(store, unsigned.keys())).isEmpty();
    }
}
