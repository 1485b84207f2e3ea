package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openexec.action.Kind;
import dev.openexec.json.Digest;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Outcome;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ExecutionStore} keeps, one test for each sentence of its contract. Whoever writes a store extends
 * this class and says how to make one. A store whose ledger is lost with the process skips what it cannot keep.
 */
public abstract class ExecutionStoreContract {

    /** When ledgers are opened here, unless a test says otherwise. */
    protected static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private static final String LOST_WITH_THE_PROCESS = "This ledger is lost with the process";
    private static final String TENANT = "acme";
    private static final int CALLERS = 32;
    private static final int ROUNDS = 8;

    private final List<ExecutionStore> stores = new ArrayList<>();

    /** For subclasses. */
    protected ExecutionStoreContract() {}

    /** A store over a new, empty ledger, not opened yet. */
    protected abstract ExecutionStore fresh();

    /**
     * Another store, not opened yet, over the ledger that {@link #fresh} made last; earlier ones may still be open. If
     * the ledger is lost with its store, over an empty one.
     */
    protected abstract ExecutionStore again();

    @AfterEach
    void closeAll() {
        stores.forEach(ExecutionStore::close);
    }

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
        store.open(true, InstantSource.fixed(NOW));
        Claim unsigned = SampleClaims.unsigned("n", NOW).claim();

        assertThat(write(store, insert(unsigned))).isEqualTo(Outcome.refused(Verdict.SIGNED_LEDGER));
        assertThat(find(store, unsigned.keys())).isEmpty();
    }

    @Test
    void an_ending_applies_once_to_the_running_row_of_that_token_and_attempt_and_to_no_other() {
        ExecutionStore store = openFresh();
        Claim claim = SampleClaims.signed(TENANT, "n", NOW).claim();
        Claim bystander = SampleClaims.signed(TENANT, "m", NOW).claim();
        Ending success = Ending.succeeded(NOW, "{}");
        Digest key = claim.nonceKey();
        write(store, insert(claim));
        write(store, insert(bystander));
        Outcome lostToRunning = Outcome.lost(Optional.of(running(claim)));

        assertThat(write(store, new Write.End(key, bystander.token(), 1, success, null)))
                .isEqualTo(lostToRunning);
        assertThat(write(store, new Write.End(key, claim.token(), 2, success, null)))
                .isEqualTo(lostToRunning);
        assertThat(write(store, new Write.End(Digest.ofUtf8("no row"), claim.token(), 1, success, null)))
                .isEqualTo(Outcome.lost(Optional.empty()));
        assertThat(find(store, List.of(key))).contains(running(claim));

        assertApplied(write(store, new Write.End(key, claim.token(), 1, success, null)));
        StoredExecution ended = new StoredExecution(claim, 1, success);
        for (Ending other : List.of(
                Ending.failed(NOW, "late"), Ending.succeeded(NOW, "[]"), Ending.succeeded(NOW.plusMillis(1), "{}"))) {
            assertThat(write(store, new Write.End(key, claim.token(), 1, other, null)))
                    .isEqualTo(Outcome.lost(Optional.of(ended)));
        }
        assertThat(find(store, List.of(key))).contains(ended);
        assertThat(find(store, List.of(bystander.nonceKey()))).contains(running(bystander));
    }

    @Test
    void of_many_endings_at_the_same_time_one_applies() throws Exception {
        ExecutionStore store = openFresh();
        for (int round = 0; round < ROUNDS; round++) {
            Claim claim = SampleClaims.signed(TENANT, "n" + round, NOW).claim();
            write(store, insert(claim));

            List<Outcome> outcomes = race(
                    store,
                    caller -> new Write.End(
                            claim.nonceKey(), claim.token(), 1, Ending.failed(NOW, "caller-" + caller), null));

            assertOneWon(outcomes);
            StoredExecution row = find(store, claim.keys()).orElseThrow();
            assertThat(outcomes.stream().map(Outcome::standing).filter(standing -> standing != null))
                    .allMatch(row::equals);
        }
    }

    @Test
    void an_execution_that_is_recorded_in_one_commit_has_its_ending_at_once_and_for_ever() {
        ExecutionStore store = openFresh();
        Claim claim = SampleClaims.signed(TENANT, "n", NOW).claim();
        Ending failure = Ending.failed(NOW, "no-luck");

        assertApplied(write(store, new Write.Insert(claim, failure, null)));

        assertThat(find(store, claim.keys())).contains(new StoredExecution(claim, 1, failure));
        assertThat(write(store, new Write.End(claim.nonceKey(), claim.token(), 1, Ending.succeeded(NOW, "{}"), null)))
                .returns(Verdict.LOST, Outcome::verdict);
    }

    @Test
    void writing_the_same_insert_or_ending_again_changes_nothing_and_answers_that_it_was_applied() {
        ExecutionStore store = openFresh();
        Claim claim = SampleClaims.signed(TENANT, "n", NOW).claim();
        Write.Insert insert = new Write.Insert(claim, null, "intent");
        Write.End end =
                new Write.End(claim.nonceKey(), claim.token(), 1, Ending.succeeded(NOW, "{\"a\": 1}"), "outcome");

        assertThat(write(store, insert)).isEqualTo(Outcome.applied(0));
        assertThat(write(store, insert)).isEqualTo(Outcome.applied(-1));
        assertThat(write(store, end)).isEqualTo(Outcome.applied(1));
        assertThat(write(store, end)).isEqualTo(Outcome.applied(-1));
        assertThat(write(store, insert)).isEqualTo(Outcome.applied(-1));

        assertThat(find(store, claim.keys())).contains(new StoredExecution(claim, 1, end.ending()));
    }

    @Test
    void a_write_that_was_applied_is_durable_before_its_stage_completes() {
        ExecutionStore store = openFresh();
        assumeDurable();
        ExecutionStore witness = openAgain(); // while the first is open: it cannot have been saved by closing it
        Claim claim = SampleClaims.signed(TENANT, "n", NOW).claim();
        Ending ending = Ending.succeeded(NOW, "{}");

        write(store, insert(claim));
        assertThat(find(witness, claim.keys())).contains(running(claim));

        write(store, new Write.End(claim.nonceKey(), claim.token(), 1, ending, null));
        assertThat(find(witness, claim.keys())).contains(new StoredExecution(claim, 1, ending));
    }

    @Test
    void a_lookup_sees_every_write_whose_stage_has_completed() throws Exception {
        ExecutionStore store = openFresh();
        IntFunction<CompletionStage<Boolean>> writeThenLook = caller -> {
            Claim claim = SampleClaims.signed(TENANT, "n" + caller, NOW).claim();
            return store.write(insert(claim))
                    .thenCompose(outcome -> store.find(List.of(claim.nonceKey())))
                    .thenApply(row -> row.equals(Optional.of(running(claim))));
        };

        assertThat(race(caller -> get(writeThenLook.apply(caller)))).containsOnly(true);
    }

    @Test
    void a_lookup_answers_with_the_row_under_the_first_key_that_has_one() {
        ExecutionStore store = openFresh();
        Claim first = SampleClaims.signed(TENANT, "n", NOW).claim();
        Claim second = SampleClaims.signed(TENANT, "m", NOW).claim();
        write(store, insert(first));
        write(store, insert(second));
        Digest nothing = Digest.ofUtf8("no row");
        Digest approval = second.keys().get(0);

        assertThat(find(store, List.of(nothing, first.nonceKey(), approval))).contains(running(first));
        assertThat(find(store, List.of(nothing, approval, first.nonceKey()))).contains(running(second));
        assertThat(find(store, List.of(nothing))).isEmpty();
        assertThat(find(store, List.of())).isEmpty();
    }

    @Test
    void what_was_written_is_read_back_byte_for_byte() {
        ExecutionStore store = openFresh();
        for (String text : NastyStrings.ALL) {
            Claim claim = SampleClaims.signed(TENANT + text, "n" + text, NOW)
                    .spending("a" + text)
                    .carrying(text)
                    .claim();
            assertApplied(write(store, new Write.Insert(claim, null, text)));
            assertThat(find(store, claim.keys())).contains(running(claim));

            Ending ending = Ending.succeeded(NOW, text);
            assertApplied(write(store, new Write.End(claim.nonceKey(), claim.token(), 1, ending, text)));
            assertThat(find(store, claim.keys())).contains(new StoredExecution(claim, 1, ending));

            Claim failed = SampleClaims.unsigned("failed" + text, NOW).claim();
            assertApplied(write(store, new Write.Insert(failed, Ending.failed(NOW, text), null)));
            assertThat(find(store, failed.keys())).contains(new StoredExecution(failed, 1, Ending.failed(NOW, text)));
        }
    }

    @Test
    void every_kind_state_and_time_is_read_back() {
        ExecutionStore store = open(fresh(), Instant.EPOCH);
        Instant lastOfV1 = Instant.parse("9999-12-31T23:59:59.999Z");
        for (Instant time : List.of(Instant.EPOCH, Instant.ofEpochMilli(1), NOW, lastOfV1)) {
            for (Kind kind : Kind.values()) {
                for (Ending ending : List.of(
                        Ending.succeeded(time, "{}"),
                        Ending.failed(time, "code"),
                        Ending.indeterminate(time, "code"))) {
                    String name = kind + " " + ending.state() + " " + time;
                    Claim claim = SampleClaims.signed(TENANT, name, time)
                            .approved(time, lastOfV1)
                            .of(kind)
                            .claim();
                    assertApplied(write(store, new Write.Insert(claim, ending, null)));
                    assertThat(find(store, claim.keys())).contains(new StoredExecution(claim, 1, ending));
                }
            }
        }
    }

    @Test
    void what_was_written_is_read_back_when_the_ledger_is_opened_again() {
        ExecutionStore store = openFresh();
        assumeDurable();
        List<StoredExecution> rows = new ArrayList<>();
        for (String text : NastyStrings.ALL) {
            Claim claim =
                    SampleClaims.signed(TENANT, "n" + text, NOW).carrying(text).claim();
            rows.add(new StoredExecution(claim, 1, Ending.succeeded(NOW, text)));
            write(store, new Write.Insert(claim, Ending.succeeded(NOW, text), null));
        }
        store.close();

        ExecutionStore reopened = openAgain();

        assertThat(rows)
                .allSatisfy(
                        row -> assertThat(find(reopened, row.claim().keys())).contains(row));
    }

    @Test
    void a_leaf_is_appended_exactly_when_the_guard_held_at_the_next_position() {
        ExecutionStore store = openFresh();
        Claim claim = SampleClaims.signed(TENANT, "n", NOW).claim();
        Claim rival = SampleClaims.signed(TENANT, "n", NOW).claim();
        Claim silent = SampleClaims.signed(TENANT, "m", NOW).claim();
        Claim tooOld = SampleClaims.signed(TENANT, "o", NOW)
                .approved(NOW.minusSeconds(1), NOW.plusSeconds(60))
                .claim();
        Ending ending = Ending.indeterminate(NOW, "lost");

        assertThat(write(store, new Write.Insert(claim, null, "0")).leafIndex()).isZero();
        assertThat(write(store, new Write.Insert(rival, null, "lost")).leafIndex())
                .isEqualTo(-1);
        assertThat(write(store, new Write.Insert(tooOld, null, "refused")).leafIndex())
                .isEqualTo(-1);
        assertThat(write(store, new Write.Insert(silent, null, null)).leafIndex())
                .isEqualTo(-1);
        assertThat(write(store, new Write.Beat()).leafIndex()).isEqualTo(-1);
        assertThat(write(store, new Write.End(claim.nonceKey(), rival.token(), 1, ending, "lost"))
                        .leafIndex())
                .isEqualTo(-1);
        assertThat(write(store, new Write.End(claim.nonceKey(), claim.token(), 1, ending, "1"))
                        .leafIndex())
                .isEqualTo(1);
        assertThat(write(store, new Write.End(silent.nonceKey(), silent.token(), 1, ending, "2"))
                        .leafIndex())
                .isEqualTo(2);
    }

    @Test
    void leaves_appended_at_the_same_time_fill_the_positions_without_a_gap() throws Exception {
        ExecutionStore store = openFresh();

        List<Outcome> outcomes = race(
                store,
                caller -> new Write.Insert(
                        SampleClaims.signed(TENANT, "n" + caller, NOW).claim(), null, "leaf"));

        assertThat(outcomes.stream().map(Outcome::leafIndex))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, CALLERS).mapToObj(Long::valueOf).toList());
    }

    @Test
    void the_next_position_survives_a_restart() {
        ExecutionStore store = openFresh();
        assumeDurable();
        write(store, new Write.Insert(SampleClaims.signed(TENANT, "n", NOW).claim(), null, "0"));
        store.close();

        assertThat(write(
                        openAgain(),
                        new Write.Insert(SampleClaims.signed(TENANT, "m", NOW).claim(), null, "1")))
                .isEqualTo(Outcome.applied(1));
    }

    @Test
    void a_ledger_that_was_opened_in_signed_mode_never_opens_in_demo_mode_again() {
        ExecutionStore demo = openFresh();
        assumeDurable();
        demo.close();
        ExecutionStore signed = keep(again());
        signed.open(true, InstantSource.fixed(NOW));
        signed.close();

        ExecutionStore refused = keep(again());
        assertThatThrownBy(() -> refused.open(false, InstantSource.fixed(NOW)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.LEDGER_IS_SIGNED));
        assertUnavailable(() -> refused.write(new Write.Beat()));

        assertThat(keep(again()).open(true, InstantSource.fixed(NOW)).durable()).isTrue();
    }

    @Test
    void a_ledger_keeps_its_id() {
        ExecutionStore store = keep(fresh());
        ExecutionStore.Opened opened = store.open(false, InstantSource.fixed(NOW));
        String id = opened.ledgerId();
        assertThat(id).matches("[0-9a-f]{32}");
        assumeTrue(opened.durable(), LOST_WITH_THE_PROCESS);
        store.close();

        assertThat(keep(again()).open(false, InstantSource.fixed(NOW)).ledgerId())
                .isEqualTo(id);
        assertThat(keep(fresh()).open(false, InstantSource.fixed(NOW)).ledgerId())
                .isNotEqualTo(id);
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
                new Write.End(claim.nonceKey(), claim.token(), 1, Ending.indeterminate(NOW, "orphan"), null)));
        assertThat(orphans(survivor)).isEmpty();
    }

    @Test
    void orphans_come_oldest_first_and_no_more_than_asked_for() {
        ExecutionStore store = openFresh();
        assumeDurable();
        List<Claim> claims = new ArrayList<>();
        for (int minutes : List.of(3, 1, 2)) {
            Instant at = NOW.plus(Duration.ofMinutes(minutes));
            claims.add(SampleClaims.signed(TENANT, "n" + minutes, at).claim());
        }
        claims.forEach(claim -> write(store, insert(claim)));
        store.close();

        ExecutionStore survivor = openAgain();

        assertThat(orphansUpTo(survivor, 2)).containsExactly(running(claims.get(1)), running(claims.get(2)));
        assertThat(orphans(survivor))
                .containsExactly(running(claims.get(1)), running(claims.get(2)), running(claims.get(0)));
    }

    @Test
    void a_store_opens_once() {
        ExecutionStore store = openFresh();

        assertThatIllegalStateException().isThrownBy(() -> store.open(false, InstantSource.fixed(NOW)));
        assertApplied(write(store, new Write.Beat()));
    }

    @Test
    void a_stage_that_cannot_be_completed_with_an_answer_completes_with_a_store_exception() {
        ExecutionStore store = keep(fresh());
        assertEveryStageFails(store);

        store.open(false, InstantSource.fixed(NOW));
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

    private boolean durable;

    private ExecutionStore openFresh() {
        return open(fresh(), NOW);
    }

    private ExecutionStore openAgain() {
        return open(again(), NOW);
    }

    private ExecutionStore open(ExecutionStore store, Instant now) {
        durable = keep(store).open(false, InstantSource.fixed(now)).durable();
        return store;
    }

    private ExecutionStore keep(ExecutionStore store) {
        stores.add(store);
        return store;
    }

    private void assumeDurable() {
        assumeTrue(durable, LOST_WITH_THE_PROCESS);
    }

    private static Write.Insert insert(Claim claim) {
        return new Write.Insert(claim, null, null);
    }

    private static StoredExecution running(Claim claim) {
        return new StoredExecution(claim, 1, null);
    }

    private static Outcome write(ExecutionStore store, Write write) {
        return get(store.write(write));
    }

    private static void endSuccessfully(ExecutionStore store, Claim claim) {
        assertApplied(
                write(store, new Write.End(claim.nonceKey(), claim.token(), 1, Ending.succeeded(NOW, "{}"), null)));
    }

    private static Optional<StoredExecution> find(ExecutionStore store, List<Digest> keys) {
        return get(store.find(keys));
    }

    private static List<StoredExecution> orphans(ExecutionStore store) {
        return orphansUpTo(store, 100);
    }

    private static List<StoredExecution> orphansUpTo(ExecutionStore store, int limit) {
        return get(store.orphans(limit));
    }

    private static void assertApplied(Outcome outcome) {
        assertThat(outcome.verdict()).isEqualTo(Verdict.APPLIED);
    }

    private static void assertOneWon(List<Outcome> outcomes) {
        assertThat(outcomes.stream().filter(outcome -> outcome.verdict() == Verdict.APPLIED))
                .hasSize(1);
        assertThat(outcomes.stream().filter(outcome -> outcome.verdict() == Verdict.LOST))
                .hasSize(CALLERS - 1)
                .allMatch(outcome -> winner(outcomes).equals(claimOf(outcome.standing())));
    }

    /** The claim that every loser was shown. */
    private static Claim winner(List<Outcome> outcomes) {
        return outcomes.stream()
                .map(outcome -> claimOf(outcome.standing()))
                .filter(claim -> claim != null)
                .findFirst()
                .orElseThrow();
    }

    private static @Nullable Claim claimOf(@Nullable StoredExecution row) {
        return row == null ? null : row.claim();
    }

    private static void assertEveryStageFails(ExecutionStore store) {
        assertUnavailable(() -> store.write(new Write.Beat()));
        assertUnavailable(() -> store.find(List.of(Digest.ofUtf8("key"))));
        assertUnavailable(() -> store.orphans(1));
    }

    private static void assertUnavailable(Asked asked) {
        CompletionStage<?> stage = asked.ask(); // does not throw: the stage fails
        assertThatThrownBy(() -> get(stage))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.STORE_UNAVAILABLE));
    }

    private interface Asked {
        CompletionStage<?> ask();
    }

    private static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    private static List<Outcome> race(ExecutionStore store, IntFunction<Write> writes) throws InterruptedException {
        return race(caller -> write(store, writes.apply(caller)));
    }

    /** What each of many threads got that all began at the same time. */
    private static <T> List<T> race(IntFunction<T> work) throws InterruptedException {
        CountDownLatch begin = new CountDownLatch(1);
        List<T> results = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = IntStream.range(0, CALLERS)
                .mapToObj(caller -> new Thread(() -> {
                    try {
                        begin.await();
                        results.add(work.apply(caller));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        begin.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        return List.copyOf(results);
    }
}
