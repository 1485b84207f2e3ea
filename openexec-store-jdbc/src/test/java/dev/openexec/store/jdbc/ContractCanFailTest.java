package dev.openexec.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openexec.store.ExecutionStore;
import dev.openexec.store.jdbc.UnsoundStore.Fault;
import dev.openexec.testkit.ExecutionStoreContract;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/** Each sentence of the store contract fails for a store that breaks it: a new sentence needs a fault here. */
class ContractCanFailTest {

    private static final Map<String, Fault> FAULTS = Map.ofEntries(
            Map.entry("a_nonce_key_is_claimed_once_for_ever_however_many", UnsoundStore::flattering),
            Map.entry("an_approval_key_is_claimed_once_for_ever", UnsoundStore::flattering),
            Map.entry("a_claimed_key_stays_claimed", UnsoundStore::flattering),
            Map.entry("a_row_under_the_untenanted_nonce_key_stands_in_the_way", UnsoundStore::flattering),
            Map.entry("a_tenants_row_stands_in_the_way_of_no_other", UnsoundStore::blindToTenants),
            Map.entry("a_lost_insert_answers_with_the_standing_row", UnsoundStore::silent),
            Map.entry("an_approval_that_has_expired_by_the_time", UnsoundStore::stopped),
            Map.entry("an_approval_that_expires_at_or_before_the_expiry_floor", UnsoundStore::flattering),
            Map.entry("an_approval_issued_before_the_issue_floor", UnsoundStore::ahead),
            Map.entry("the_issue_floor_is_the_time_the_ledger_was_made", UnsoundStore::ahead),
            Map.entry("an_unsigned_claim_claims_nothing", UnsoundStore::careless),
            Map.entry("an_ending_applies_once_to_the_running_row", UnsoundStore::silent),
            Map.entry("of_many_endings_at_the_same_time_one_applies", UnsoundStore::flattering),
            Map.entry("an_execution_that_is_recorded_in_one_commit", UnsoundStore::flattering),
            Map.entry("writing_the_same_insert_or_ending_again", UnsoundStore::miscounting),
            Map.entry("a_write_that_was_applied_is_durable", UnsoundStore::hasty),
            Map.entry("a_lookup_sees_every_write", UnsoundStore::hasty),
            Map.entry("a_lookup_answers_with_the_row_under_the_first_key", UnsoundStore::backwards),
            Map.entry("what_was_written_is_read_back_byte_for_byte", UnsoundStore::trimming),
            Map.entry("the_digest_of_an_action_s_code", UnsoundStore::incurious),
            Map.entry("every_kind_state_and_time_is_read_back", UnsoundStore::imprecise),
            Map.entry("what_was_written_is_read_back_when", UnsoundStore::forgetful),
            Map.entry("a_leaf_is_appended_exactly_when_the_guard_held", UnsoundStore::miscounting),
            Map.entry("leaves_appended_at_the_same_time", UnsoundStore::miscounting),
            Map.entry("the_next_position_survives_a_restart", UnsoundStore::miscounting),
            Map.entry("a_leaf_is_told_where_the_last_one", UnsoundStore::mendacious),
            Map.entry("what_changes_a_row_without_a_leaf", UnsoundStore::mendacious),
            Map.entry("the_tree_of_a_log_is_the_one_of_its_leaves", UnsoundStore::mendacious),
            Map.entry("the_log_goes_on_after_a_restart", UnsoundStore::mendacious),
            Map.entry("the_leaf_of_an_erasure", UnsoundStore::mendacious),
            Map.entry("evidence_is_proven_against_what_was_cosigned", UnsoundStore::mendacious),
            Map.entry("what_a_question_throws", UnsoundStore::mendacious),
            Map.entry("a_success_or_failure_still_applies", UnsoundStore::stubborn),
            Map.entry("a_retry_applies_once", UnsoundStore::idle),
            Map.entry("a_retry_is_refused_as_a_new_claim", UnsoundStore::lenient),
            Map.entry("a_retry_of_a_row_whose_approval_expires_at_or_before", UnsoundStore::bottomless),
            Map.entry("an_unsigned_row_is_not_retried", UnsoundStore::careless),
            Map.entry("a_resolution_applies_once", UnsoundStore::discreet),
            Map.entry("a_withdrawal_removes_the_running_row", UnsoundStore::idle),
            Map.entry("a_prune_removes_terminal_signed_rows", UnsoundStore::greedy),
            Map.entry("a_prune_takes_the_oldest", UnsoundStore::greedy),
            Map.entry("a_prune_raises_the_expiry_floor", UnsoundStore::low),
            Map.entry("a_signed_claim_is_not_made_while_the_clock", UnsoundStore::ageless),
            Map.entry("a_prune_is_refused_by_a_clock", UnsoundStore::ageless),
            Map.entry("a_trusted_clock_claims_and_prunes", UnsoundStore::idle),
            Map.entry("an_erasure_drops_results", UnsoundStore::greedy),
            Map.entry("an_erased_row_keeps_its_keys", UnsoundStore::nostalgic),
            Map.entry("what_runs_or_is_in_doubt_is_not_erased", UnsoundStore::nostalgic),
            Map.entry("an_execution_is_found_by_its_id", UnsoundStore::forgetful),
            Map.entry("a_listing_shows_every_execution", UnsoundStore::backwards),
            Map.entry("a_ledger_that_was_opened_in_signed_mode", UnsoundStore::careless),
            Map.entry("a_ledger_keeps_its_id", UnsoundStore::anonymous),
            Map.entry("a_claim_of_a_store_that_is_still_open", UnsoundStore::alarmist),
            Map.entry("a_claim_of_a_store_that_died", UnsoundStore::trusting),
            Map.entry("orphans_come_oldest_first", UnsoundStore::trusting),
            Map.entry("a_transaction_commits_its_claim", UnsoundStore::halfHearted),
            Map.entry("a_transaction_that_does_not_succeed", UnsoundStore::indulgent),
            Map.entry("a_transaction_whose_claim_is_lost", UnsoundStore::eager),
            Map.entry("a_transaction_is_over_when_its_budget_is", UnsoundStore::halfHearted),
            Map.entry("the_connection_of_a_transaction_ends", UnsoundStore::unguarded),
            Map.entry("the_connection_of_a_transaction_reaches", UnsoundStore::unguarded),
            Map.entry("a_store_opens_once", UnsoundStore::obliging),
            Map.entry("a_stage_that_cannot_be_completed", UnsoundStore::blunt),
            Map.entry("close_completes_what_was_accepted", UnsoundStore::ruthless));

    private @TempDir Path folder;

    static Stream<String> sentences() {
        return methods()
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(Method::getName);
    }

    @ParameterizedTest
    @MethodSource("sentences")
    void a_store_that_breaks_this_sentence_fails_its_test(String sentence) throws Exception {
        Fault fault = FAULTS.entrySet().stream()
                .filter(entry -> sentence.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError("No fault breaks this sentence"));
        Subject subject = new Subject(folder, fault);

        Throwable failure = catchThrowable(() -> run(subject, sentence));
        clean(subject);

        assertThat(failure).isNotNull().isNotInstanceOf(TestAbortedException.class);
    }

    private static void run(Subject subject, String sentence) throws Throwable {
        Method method =
                methods().filter(m -> m.getName().equals(sentence)).findFirst().orElseThrow();
        method.setAccessible(true);
        try {
            method.invoke(subject);
        } catch (InvocationTargetException e) {
            throw Objects.requireNonNull(e.getCause());
        }
    }

    private static void clean(Subject subject) throws Exception {
        for (Method method :
                methods().filter(m -> m.isAnnotationPresent(AfterEach.class)).toList()) {
            method.setAccessible(true);
            method.invoke(subject);
        }
    }

    private static Stream<Method> methods() {
        return Stream.<Class<?>>iterate(ExecutionStoreContract.class, Objects::nonNull, Class::getSuperclass)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()));
    }

    private static final class Subject extends ExecutionStoreContract {

        private final Path folder;
        private final Fault fault;
        private int ledgers;

        Subject(Path folder, Fault fault) {
            this.folder = folder;
            this.fault = fault;
        }

        @Override
        protected ExecutionStore fresh() {
            ledgers++;
            return again();
        }

        @Override
        protected ExecutionStore again() {
            return fault.in(SqliteStore.at(folder.resolve("ledger-" + ledgers + ".db"))
                    .withTables("CREATE TABLE IF NOT EXISTS effects (name TEXT)"));
        }
    }
}
