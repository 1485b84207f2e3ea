package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.action.Kind;
import dev.openexec.evidence.TreeEdge;
import dev.openexec.json.Digest;
import dev.openexec.store.Change;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Leaf;
import dev.openexec.store.LogPosition;
import dev.openexec.store.ReceiptLog;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.StoredExecution.Resolution;
import dev.openexec.store.Write;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The sentences about the log. */
abstract class LogSentences extends RetentionSentences {

    /** A receipt that says where the one before it stands. */
    private static Leaf following(String text) {
        return previous -> text + " after " + (previous == null ? "nothing" : previous.index());
    }

    @Test
    void a_leaf_is_told_where_the_last_one_of_its_execution_stands() {
        ExecutionStore store = openFresh();
        Claim first = SampleClaims.signed(TENANT, "n", NOW).of(Kind.IDEMPOTENT).claim();
        Claim other = SampleClaims.signed(TENANT, "m", NOW).claim();
        Claim next = first.heldBy("f".repeat(32));
        Digest key = first.nonceKey();
        Ending unknown = Ending.indeterminate(NOW, "lost");
        Ending known = Ending.failed(NOW, "found");

        assertApplied(write(store, new Write.Insert(first, null, following("intent"))));
        assertApplied(write(store, new Write.Insert(other, null, following("other"))));
        assertApplied(write(store, new Change.Retry(key, first.token(), 1, next.token(), following("retry"))));
        assertApplied(write(store, new Write.Note(following("note"))));
        assertApplied(write(store, new Change.End(key, next.token(), 2, unknown, following("end"))));
        assertApplied(write(
                store,
                new Change.Resolve(key, next.token(), 2, known, new Resolution("ada", "seen"), following("resolve"))));
        assertApplied(write(store, new Change.Withdraw(other.nonceKey(), other.token(), following("withdraw"))));

        assertThat(receipts(store))
                .containsExactly(
                        "intent after nothing",
                        "other after nothing",
                        "retry after 0",
                        "note after nothing",
                        "end after 2",
                        "resolve after 4",
                        "withdraw after 1");
        assertThat(lastOf(store, first.executionId())).contains(new LogPosition(1, 5));
        assertThat(lastOf(store, UUID.randomUUID())).isEmpty();
    }

    @Test
    void the_leaf_of_an_erasure_is_not_one_of_the_execution() {
        ExecutionStore store = openFresh();
        Claim claim = SampleClaims.signed(TENANT, "n", NOW).claim();
        assertApplied(write(store, new Write.Insert(claim, FAILURE, leaf("outcome"))));
        assertApplied(write(store, new Change.Erase(claim.nonceKey(), claim.token(), 1, leaf("erasure"))));

        assertThat(receipts(store)).containsExactly("outcome", "erasure");
        assertThat(lastOf(store, claim.executionId())).contains(new LogPosition(1, 0));
    }

    @Test
    void what_changes_a_row_without_a_leaf_leaves_its_last_one_where_it_is() {
        ExecutionStore store = openFresh();
        Claim claim = SampleClaims.signed(TENANT, "n", NOW).claim();
        assertApplied(write(store, new Write.Insert(claim, null, leaf("intent"))));
        endSuccessfully(store, claim);

        assertThat(lastOf(store, claim.executionId())).contains(new LogPosition(1, 0));
    }

    @Test
    void the_tree_of_a_log_is_the_one_of_its_leaves_and_its_checkpoint_says_so() throws InterruptedException {
        ExecutionStore store = openFresh();
        assertCheckpointOf(store, List.of());
        race(store, caller -> new Write.Note(leaf("at the same time " + caller)));
        assertCheckpointOf(store, receipts(store));
        IntStream.range(0, 600).forEach(i -> assertApplied(write(store, new Write.Note(leaf("one of many " + i)))));

        assertThat(receipts(store)).hasSize(632);
        assertCheckpointOf(store, receipts(store));
    }

    @Test
    void the_log_goes_on_after_a_restart() {
        ExecutionStore store = openFresh();
        assumeDurable();
        assertApplied(write(store, new Write.Note(leaf("0"))));
        String key = get(store.log(log -> log.head(1).key()));
        store.close();
        ExecutionStore again = openAgain();
        assertApplied(write(again, new Write.Note(leaf("1"))));

        assertThat(receipts(again)).containsExactly("0", "1");
        String keyAgain = get(again.log(log -> log.head(1).key()));
        assertThat(keyAgain).isEqualTo(key);
        assertCheckpointOf(again, List.of("0", "1"));
    }

    @Test
    void evidence_is_proven_against_what_was_cosigned_last_if_that_covers_it() {
        ExecutionStore store = openFresh();
        Claim first = SampleClaims.signed(TENANT, "n", NOW).claim();
        Claim second = SampleClaims.signed(TENANT, "m", NOW).claim();
        assertThat(cosigned(store)).isEmpty();
        assertApplied(write(store, new Write.Insert(first, FAILURE, leaf("{}"))));
        String cosigned = head(store).checkpoint() + "\u2014 witness.example AAAAAAAA\n";
        assertApplied(write(store, new Write.Cosigned(1, cosigned)));
        assertApplied(write(store, new Write.Insert(second, FAILURE, leaf("[]"))));

        assertThat(cosigned(store)).contains(new ReceiptLog.Head(head(store).key(), 1, cosigned));
        assertThat(proof(store, first)).endsWith(cosigned);
        assertThat(proof(store, second)).endsWith(head(store).checkpoint());

        String later = head(store).checkpoint() + "\u2014 witness.example AAAAAAAA\n";
        assertApplied(write(store, new Write.Cosigned(1, later)));
        assertThat(proof(store, first)).endsWith(later);
    }

    private static ReceiptLog.Head head(ExecutionStore store) {
        return get(store.log(log -> log.head(log.current())));
    }

    private static Optional<ReceiptLog.Head> cosigned(ExecutionStore store) {
        return get(store.log(log -> log.cosigned(log.current())));
    }

    private static String proof(ExecutionStore store, Claim claim) {
        StoredExecution row = find(store, List.of(claim.nonceKey())).orElseThrow();
        return get(store.log(log -> log.evidence(row).orElseThrow().proof()));
    }

    @Test
    void what_a_question_throws_is_its_answer() {
        ExecutionStore store = openFresh();

        assertThatThrownBy(() -> get(store.log(log -> {
                    throw new IllegalArgumentException("no");
                })))
                .isInstanceOf(IllegalArgumentException.class);
        long current = get(store.log(ReceiptLog::current));
        assertThat(current).isEqualTo(1);
    }

    private static Optional<LogPosition> lastOf(ExecutionStore store, UUID executionId) {
        return get(store.log(log -> log.lastOf(executionId)));
    }

    private static List<String> receipts(ExecutionStore store) {
        return get(store.log(log -> {
            int size = Math.toIntExact(log.head(log.current()).size());
            return size == 0 ? List.<String>of() : log.receipts(new LogPosition(log.current(), 0), size);
        }));
    }

    /** By its edge, which is made of all leaves, and by its tiles, of which the store keeps some. */
    private static void assertCheckpointOf(ExecutionStore store, List<String> leaves) {
        TreeEdge edge = TreeEdge.empty();
        leaves.forEach(leaf -> edge.append(leaf, (level, index, root) -> {}));
        ReceiptLog.Head head = get(store.log(log -> log.head(log.current())));
        String[] lines = head.checkpoint().split("\n", -1);

        assertThat(head.size()).isEqualTo(leaves.size());
        assertThat(lines[0]).isEqualTo(head.key().substring(0, head.key().indexOf('+')));
        assertThat(lines[1]).isEqualTo("" + leaves.size());
        assertThat(lines[2])
                .isEqualTo(Base64.getEncoder().encodeToString(edge.root().bytes()));
        Digest root =
                get(store.log(log -> log.tree(log.current(), leaves.size()).root()));
        assertThat(root).isEqualTo(edge.root());
    }
}
