package dev.openexec.checks;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
import dev.openexec.action.Action;
import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Write;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is done from so few places that each can be named. The testkit is apart: it stands in for callers. */
class CallSitesTest {

    @Test
    void action_run_has_one_call_site() {
        assertThat(callersOf(Action.class, "run")).containsExactly("dev.openexec.Runner.call");
    }

    @Test
    void a_row_is_inserted_by_the_claim_by_a_transaction_and_by_the_ending_of_what_is_pure() {
        assertThat(callersOf(Write.Insert.class, JavaConstructor.CONSTRUCTOR_NAME))
                .containsExactly(
                        "dev.openexec.Claims.make",
                        "dev.openexec.Ledger.record",
                        "dev.openexec.store.jdbc.TransactionRequest.<init>",
                        "dev.openexec.store.jdbc.TransactionRequest.settle");
    }

    @Test
    void the_ledger_is_written_by_claims_endings_recovery_heartbeat_and_operators() {
        assertThat(callersOf(ExecutionStore.class, "write"))
                .containsExactly(
                        "dev.openexec.Claims.end",
                        "dev.openexec.Claims.hold",
                        "dev.openexec.Claims.withdraw",
                        "dev.openexec.Heartbeat.beat",
                        "dev.openexec.Heartbeat.start",
                        "dev.openexec.Ledger.record",
                        "dev.openexec.Recovery.giveUp",
                        "dev.openexec.Refusals.flushNow",
                        "dev.openexec.Refusals.refused",
                        "dev.openexec.cli.EraseCommand.erase",
                        "dev.openexec.cli.LedgerCommand.trustClock",
                        "dev.openexec.cli.LogCommand.keep",
                        "dev.openexec.cli.PruneCommand.batch",
                        "dev.openexec.cli.ResolveCommand.resolve");
    }

    @Test
    void a_store_is_opened_when_an_executor_is_built_and_by_the_tool() {
        assertThat(callersOf(ExecutionStore.class, "open"))
                .containsExactly("dev.openexec.Parts.open", "dev.openexec.cli.Common.open");
    }

    @Test
    void nothing_signs_but_a_log_and_a_witness_and_each_only_its_own() {
        assertThat(callersOf(Ed25519SigningKey.class, "sign"))
                .containsExactly("dev.openexec.evidence.Cosignature.line", "dev.openexec.evidence.LogKey.checkpoint");
        assertThat(callersOf(Ed25519SigningKey.class, "generate"))
                .containsExactly(
                        "dev.openexec.cli.WitnessKeyFile.readOrMake",
                        "dev.openexec.examples.journal.LogKeyFile.readOrMake",
                        "dev.openexec.store.InMemoryStore.open",
                        "dev.openexec.store.jdbc.LogKeyFile.readOrMake");
        noClasses()
                .that()
                .haveNameNotMatching("dev\\.openexec\\.(testkit\\..*|approval\\.Ed25519)")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.security\\.(KeyPair.*|Signature|PrivateKey|KeyStore|KeyFactory)"
                                + "|java\\.security\\.(interfaces|spec)\\..*Private.*|org\\.bouncycastle\\..*(Private|Signer).*")
                .orShould()
                .accessTargetWhere(describe(
                        "signs or makes a key",
                        access -> access.getTargetOwner().getName().startsWith("org.bouncycastle.")
                                && access.getTarget().getName().matches("(sign|generate).*")))
                .check(Project.MAIN);
    }

    /** Sorted, each call named as often as it occurs. */
    private static List<String> callersOf(Class<?> type, String name) {
        return Project.accesses(access -> access.getTargetOwner().isAssignableTo(type)
                        && access.getTarget().getName().equals(name))
                .filter(access -> !access.getOriginOwner().getPackageName().equals("dev.openexec.testkit"))
                .filter(access -> !access.getOrigin().getModifiers().contains(JavaModifier.BRIDGE)) // no line of ours
                .map(CallSitesTest::origin)
                .sorted()
                .toList();
    }

    private static String origin(JavaAccess<?> access) {
        return access.getOriginOwner().getName() + "." + access.getOrigin().getName();
    }
}
