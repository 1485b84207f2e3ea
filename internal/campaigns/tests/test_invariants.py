"""Every invariant is broken by a history that was written for it, and holds over what may happen."""

import unittest

from tests.written import Written, problem, result, success
from checker import canonical


class Histories(unittest.TestCase):
    def setUp(self):
        self.written = Written()

    def reports(self, *invariants):
        self.written.look()
        self.assertEqual(set(invariants), {violation.invariant for violation in self.written.judged()})

    def resolved(self, evidence):
        self.written.began("n")
        self.written.entered("n")
        self.written.left("n", end="THREW")
        self.written.row("n", "INDETERMINATE")
        self.written.answered(500, problem("outcome-indeterminate", "execution of n"))
        self.written.look()
        self.written.event("resolve", execution="execution of n", succeeded=False, evidence="a ticket")
        self.written.row("n", "FAILED", resolved_by="a person", evidence=evidence)
        self.written.asked("n", 424, problem("action-failed", "execution of n"))

    def transaction(self, state="SUCCEEDED"):
        """Without its effect."""
        self.written.began("n", action="transactional")
        self.written.entered("n", action="transactional")
        self.written.left("n")
        self.written.row("n", state, kind="TRANSACTIONAL", request_hash=self.hash("transactional", "n"))
        if state == "SUCCEEDED":
            self.written.answered(200, success("execution of n"))
            self.written.effect("n")
        else:
            self.written.answered(424, problem("action-failed", "execution of n"))

    @staticmethod
    def hash(action, nonce):
        return canonical.request_hash(action, {"mark": f"mark of {nonce}", "end": "SUCCEEDED", "millis": 0})


class SoundHistories(Histories):
    def test_a_success_and_its_replay(self):
        self.written.one_that_succeeded()
        self.written.asked("n", 200, success("execution of n", replayed=True))
        self.reports()

    def test_a_definite_failure_has_no_effect(self):
        self.written.began("n")
        self.written.entered("n")
        self.written.left("n", end="FAILED")
        self.written.row("n", "FAILED")
        self.written.answered(424, problem("action-failed", "execution of n"))
        self.reports()

    def test_an_unknown_outcome_after_a_death(self):
        self.written.began("n")
        self.written.entered("n")
        self.written.event("killed", 1)
        self.written.row("n", "RUNNING")
        self.written.look()
        self.written.row("n", "INDETERMINATE")
        self.written.answered(0, "")
        self.written.asked("n", 500, problem("outcome-indeterminate", "execution of n"))
        self.reports()

    def test_an_unknown_outcome_that_became_known(self):
        self.written.began("n")
        self.written.entered("n")
        self.written.event("killed", 1)
        self.written.row("n", "INDETERMINATE")
        self.written.answered(0, "")
        self.written.asked("n", 500, problem("outcome-indeterminate", "execution of n"))
        self.written.look()
        self.written.left("n")
        self.written.row("n")
        self.written.asked("n", 200, success("execution of n"))
        self.reports()

    def test_an_idempotent_action_is_retried_after_its_owner_s_death(self):
        self.written.began("n", action="idempotent")
        self.written.entered("n", action="idempotent")
        self.written.event("killed", 1)
        self.written.entered("n", attempt=2, pid=2, action="idempotent")
        self.written.left("n", attempt=2)
        self.written.row("n", kind="IDEMPOTENT", attempt=2, request_hash=self.hash("idempotent", "n"))
        self.written.answered(200, success("execution of n"))
        self.reports()

    def test_a_claim_that_was_withdrawn_before_its_action_was_entered(self):
        self.written.asked("n", 503, problem("shutting-down"))
        self.written.row("n", "RUNNING")
        self.written.look()
        del self.written.rows["n"]
        self.reports()

    def test_a_pure_action_may_be_evaluated_twice(self):
        self.written.began("n", action="pure")
        self.written.entered("n", execution="another", action="pure")
        self.written.entered("n", action="pure")
        self.written.left("n", execution="another")
        self.written.left("n")
        self.written.row("n", kind="PURE", request_hash=self.hash("pure", "n"))
        self.written.answered(200, success("execution of n"))
        self.reports()

    def test_a_transaction_that_was_rolled_back_is_no_entry(self):
        self.written.began("n", action="transactional")
        self.written.entered("n", execution="another", action="transactional")
        self.written.event("killed", 1)
        self.written.answered(0, "")
        self.transaction()
        self.reports()

    def test_a_resolution_that_somebody_gave(self):
        self.resolved(evidence="a ticket")
        self.reports()


class BrokenHistories(Histories):
    def test_i1_a_transaction_has_its_effect_twice(self):
        self.transaction()
        self.written.effect("n")
        self.reports("I1")

    def test_i1_two_transactions_of_one_nonce_have_effects(self):
        self.transaction()
        self.written.entered("n", execution="another", action="transactional")
        self.written.effect("n", execution="another")
        self.reports("I1", "I3")

    def test_i3_a_transaction_succeeded_without_its_effect(self):
        self.transaction()
        self.written.effects.clear()
        self.reports("I3")

    def test_i3_a_transaction_failed_and_its_effect_is_there(self):
        self.transaction("FAILED")
        self.written.effect("n")
        self.reports("I3")

    def test_i3_a_resolution_that_nobody_gave(self):
        self.resolved(evidence="another ticket")
        self.reports("I3")

    def test_i9_a_transaction_s_claim_without_its_ending(self):
        self.written.row("n", "RUNNING", kind="TRANSACTIONAL")
        self.written.look()
        self.written.row("n", "INDETERMINATE", kind="TRANSACTIONAL")
        self.reports("I9")

    def test_i9_an_effect_disappears(self):
        self.transaction()
        self.written.look()
        self.written.effects.clear()
        self.reports("I3", "I9")

    def test_i1_an_attempt_is_entered_twice(self):
        self.written.one_that_succeeded()
        self.written.entered("n")
        self.reports("I1")

    def test_i1_two_executions_of_one_nonce_are_entered(self):
        self.written.one_that_succeeded()
        self.written.entered("n", execution="another")
        self.reports("I1")

    def test_i1_it_is_entered_and_not_on_record(self):
        self.written.began("n")
        self.written.entered("n")
        self.written.answered(0, "")
        self.reports("I1")

    def test_i2_what_was_acknowledged_is_gone(self):
        self.written.one_that_succeeded("other")
        self.written.asked("n", 200, success("execution of n"))
        self.reports("I2")

    def test_i2_what_was_acknowledged_is_unknown(self):
        self.written.one_that_succeeded()
        self.written.row("n", "INDETERMINATE")
        self.reports("I2")

    def test_i2_another_result_is_recorded(self):
        self.written.one_that_succeeded()
        self.written.left("n", execution="another")
        self.written.row("n", result=canonical.spaced(result("another")))
        self.reports("I2", "I3")

    def test_i3_a_success_that_nothing_gave(self):
        self.written.asked("n", 0, "")
        self.written.row("n")
        self.reports("I3")

    def test_i3_a_failure_that_happened(self):
        self.written.began("n")
        self.written.entered("n")
        self.written.left("n", end="THREW")
        self.written.row("n", "FAILED")
        self.written.answered(424, problem("action-failed", "execution of n"))
        self.reports("I3")

    def test_i4_two_failures_that_differ(self):
        self.written.row("n", "FAILED")
        self.written.asked("n", 424, problem("action-failed", "execution of n"))
        self.written.asked("n", 424, {**problem("action-failed", "execution of n"), "detail": "another"})
        self.reports("I4")

    def test_i4_a_success_becomes_unknown(self):
        self.written.one_that_succeeded()
        self.written.event("killed", 1)
        self.written.asked("n", 500, problem("outcome-indeterminate", "execution of n"))
        self.reports("I4")

    def test_i5_a_receipt_of_something_else(self):
        self.written.one_that_succeeded()
        self.written.client[-1]["body"] = self.written.client[-1]["body"].replace('"receipt": "', '"receipt": "0')
        self.reports("I5")

    def test_i6_an_answer_to_another_request(self):
        self.written.one_that_succeeded()
        self.written.asked("n", 200, success("execution of n", replayed=True), mark="another")
        self.reports("I6")

    def test_i6_what_was_refused_is_entered(self):
        self.written.began("n")
        self.written.entered("n")
        self.written.row("n", "INDETERMINATE")
        self.written.answered(403, problem("approval-expired"))
        self.reports("I6")

    def test_i6_what_the_ledger_could_not_take_is_entered(self):
        self.written.began("n")
        self.written.entered("n")
        self.written.row("n", "INDETERMINATE")
        self.written.answered(503, problem("store-full"))
        self.reports("I6")

    def test_i6_what_nobody_asked_for_is_entered(self):
        self.written.entered("n")
        self.written.row("n", "INDETERMINATE")
        self.reports("I6")

    def test_i6_an_undocumented_answer(self):
        self.written.asked("n", 500, problem("internal-error"))
        self.reports("I6")

    def test_i7_an_approval_is_entered_twice(self):
        for nonce in ("n", "m"):
            self.written.began(nonce)
            self.written.entered(nonce, approval="an-approval")
            self.written.row(nonce, "INDETERMINATE")
            self.written.answered(0, "")
        self.reports("I7")

    def test_i7_an_approval_is_on_record_twice(self):
        for nonce in ("n", "m"):
            self.written.signed_row(nonce, state="INDETERMINATE")
        self.reports("I7")

    def test_i8_a_row_is_left_running(self):
        self.written.asked("n", 0, "")
        self.written.row("n", "RUNNING")
        self.reports("I8")

    def test_i8_a_request_gets_no_final_answer(self):
        self.written.event("calm")
        self.written.asked("n", 409, problem("execution-in-progress", "execution of n"))
        self.reports("I8")

    def test_i9_what_was_settled_changes(self):
        self.written.row("n", "FAILED")
        self.written.look()
        self.written.row("n", "INDETERMINATE")
        self.reports("I9")

    def test_i9_what_was_settled_disappears(self):
        self.written.row("n", "FAILED")
        self.written.look()
        del self.written.rows["n"]
        self.reports("I9")

    def test_i9_a_code_changes(self):
        self.written.row("n", "FAILED")
        self.written.look()
        self.written.row("n", "FAILED", code="another")
        self.reports("I9")

    def test_i9_a_fourth_attempt(self):
        self.written.row("n", "INDETERMINATE", kind="IDEMPOTENT", attempt=4)
        self.reports("I9")

    def test_i9_a_second_attempt_at_what_must_not_run_twice(self):
        self.written.row("n", "INDETERMINATE", attempt=2)
        self.reports("I9")

    def test_i9_a_retry_while_the_owner_lives(self):
        self.written.began("n", action="idempotent")
        self.written.entered("n", action="idempotent")
        self.written.entered("n", attempt=2, pid=2, action="idempotent")
        self.written.row("n", "INDETERMINATE", kind="IDEMPOTENT", attempt=2)
        self.written.answered(0, "")
        self.reports("I9")

    def test_i9_given_up_while_the_owner_lives(self):
        self.written.began("n")
        self.written.entered("n")
        self.written.row("n", "INDETERMINATE")
        self.written.answered(500, problem("outcome-indeterminate", "execution of n"))
        self.reports("I9")

    def test_i9_an_expired_approval_is_claimed(self):
        self.written.signed_row("n", state="INDETERMINATE", claimed_at=9_001)
        self.reports("I9")

    def test_i9_a_row_under_another_key(self):
        self.written.row("n", "INDETERMINATE", nonce_key=canonical.nonce_key("", "m"))
        self.reports("I9")

    def test_i10_a_file_that_is_not_sound(self):
        self.written.look(integrity="row 1 missing from index")
        self.reports("I10")

    def test_i11_what_was_pruned_is_entered(self):
        self.written.one_that_succeeded()
        self.written.look()
        self.written.event("prune")
        self.written.entered("n", execution="another")
        self.written.row("n", "INDETERMINATE", exec_id="another")
        self.reports("I1", "I9", "I11")

    def test_i12_slow_answers(self):
        self.written.event("calm")
        for number in range(1000):
            takes = 1_100_000_000 if number % 400 == 0 else 0
            self.written.asked(str(number), 403, problem("approval-expired"), takes=takes)
        self.reports("I12")


if __name__ == "__main__":
    unittest.main()
