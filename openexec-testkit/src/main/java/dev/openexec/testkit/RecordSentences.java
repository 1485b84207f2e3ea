package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.action.Kind;
import dev.openexec.json.Digest;
import dev.openexec.store.Change;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Outcome;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The sentences about endings, and about what is recorded and read back. */
abstract class RecordSentences extends ClaimSentences {

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

        assertThat(write(store, new Change.End(key, bystander.token(), 1, success, null)))
                .isEqualTo(lostToRunning);
        assertThat(write(store, new Change.End(key, claim.token(), 2, success, null)))
                .isEqualTo(lostToRunning);
        assertThat(write(store, new Change.End(Digest.ofUtf8("no row"), claim.token(), 1, success, null)))
                .isEqualTo(Outcome.lost(Optional.empty()));
        assertThat(find(store, List.of(key))).contains(running(claim));

        assertApplied(write(store, new Change.End(key, claim.token(), 1, success, null)));
        StoredExecution ended = new StoredExecution(claim, 1, success);
        for (Ending other : List.of(
                Ending.failed(NOW, "late"), Ending.succeeded(NOW, "[]"), Ending.succeeded(NOW.plusMillis(1), "{}"))) {
            assertThat(write(store, new Change.End(key, claim.token(), 1, other, null)))
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
                    caller -> new Change.End(
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
        assertThat(write(store, new Change.End(claim.nonceKey(), claim.token(), 1, Ending.succeeded(NOW, "{}"), null)))
                .returns(Verdict.LOST, Outcome::verdict);
    }

    @Test
    void writing_the_same_insert_or_ending_again_changes_nothing_and_answers_that_it_was_applied() {
        ExecutionStore store = openFresh();
        Claim claim = SampleClaims.signed(TENANT, "n", NOW).claim();
        Write.Insert insert = new Write.Insert(claim, null, leaf("intent"));
        Change.End end = new Change.End(
                claim.nonceKey(), claim.token(), 1, Ending.succeeded(NOW, "{\"a\": 1}"), leaf("outcome"));

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

        write(store, new Change.End(claim.nonceKey(), claim.token(), 1, ending, null));
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
            assertApplied(write(store, new Write.Insert(claim, null, leaf(text))));
            assertThat(find(store, claim.keys())).contains(running(claim));

            Ending ending = Ending.succeeded(NOW, text);
            assertApplied(write(store, new Change.End(claim.nonceKey(), claim.token(), 1, ending, leaf(text))));
            assertThat(find(store, claim.keys())).contains(new StoredExecution(claim, 1, ending));

            Claim failed = SampleClaims.unsigned("failed" + text, NOW).claim();
            assertApplied(write(store, new Write.Insert(failed, Ending.failed(NOW, text), null)));
            assertThat(find(store, failed.keys())).contains(new StoredExecution(failed, 1, Ending.failed(NOW, text)));
        }
    }

    @Test
    void the_digest_of_an_action_s_code_is_read_back_and_so_is_its_absence() {
        ExecutionStore store = openFresh();
        SampleClaims sample = SampleClaims.signed(TENANT, "n", NOW);
        Claim known = sample.from(Digest.ofUtf8("code \0 of the jar")).claim();
        Claim unknown = SampleClaims.unsigned("m", NOW).from(null).claim();

        assertApplied(write(store, insert(known)));
        assertApplied(write(store, insert(unknown)));

        assertThat(find(store, known.keys())).contains(running(known));
        assertThat(find(store, unknown.keys())).contains(running(unknown));
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

        assertThat(write(store, new Write.Insert(claim, null, leaf("0"))).leafIndex())
                .isZero();
        assertThat(write(store, new Write.Insert(rival, null, leaf("lost"))).leafIndex())
                .isEqualTo(-1);
        assertThat(write(store, new Write.Insert(tooOld, null, leaf("refused"))).leafIndex())
                .isEqualTo(-1);
        assertThat(write(store, new Write.Insert(silent, null, null)).leafIndex())
                .isEqualTo(-1);
        assertThat(write(store, new Write.Beat()).leafIndex()).isEqualTo(-1);
        assertThat(write(store, new Change.End(claim.nonceKey(), rival.token(), 1, ending, leaf("lost")))
                        .leafIndex())
                .isEqualTo(-1);
        assertThat(write(store, new Change.End(claim.nonceKey(), claim.token(), 1, ending, leaf("1")))
                        .leafIndex())
                .isEqualTo(1);
        assertThat(write(store, new Change.End(silent.nonceKey(), silent.token(), 1, ending, leaf("2")))
                        .leafIndex())
                .isEqualTo(2);
    }

    @Test
    void leaves_appended_at_the_same_time_fill_the_positions_without_a_gap() throws Exception {
        ExecutionStore store = openFresh();

        List<Outcome> outcomes = race(
                store,
                caller -> new Write.Insert(
                        SampleClaims.signed(TENANT, "n" + caller, NOW).claim(), null, leaf("leaf")));

        assertThat(outcomes.stream().map(Outcome::leafIndex))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, CALLERS).mapToObj(Long::valueOf).toList());
    }

    @Test
    void the_next_position_survives_a_restart() {
        ExecutionStore store = openFresh();
        assumeDurable();
        write(store, new Write.Insert(SampleClaims.signed(TENANT, "n", NOW).claim(), null, leaf("0")));
        store.close();

        assertThat(write(
                        openAgain(),
                        new Write.Insert(SampleClaims.signed(TENANT, "m", NOW).claim(), null, leaf("1"))))
                .isEqualTo(Outcome.applied(1));
    }
}
