package dev.openexec.cli;

import dev.openexec.cli.Common.OpenLedger;
import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import dev.openexec.store.Change;
import dev.openexec.store.Ending;
import dev.openexec.store.Outcome;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.StoredExecution.Resolution;
import dev.openexec.store.jdbc.LedgerView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code openexec resolve}: a person says how it ended (T8 of the state table). */
@Command(
        name = "resolve",
        description = {
            "Says how an execution ended of which nobody knows (INDETERMINATE).",
            "From then on the same request is answered with that, as resolved. It cannot be taken back."
        })
final class ResolveCommand implements Callable<Integer> {

    private static final Pattern CODE = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final int MAX_RESULT_CHARS = 1 << 20; // as of a result that an action returns
    private static final int MAX_RESULT_BYTES = 4 * MAX_RESULT_CHARS;

    private final Console console;

    @Mixin
    private final Common common = new Common();

    @Mixin
    private final Reason reason = new Reason();

    @Parameters(paramLabel = "ID", description = "The execution.")
    private @Nullable UUID id;

    @ArgGroup(multiplicity = "1")
    private final Truth truth = new Truth();

    /** How it ended. */
    static final class Truth {

        @Option(
                names = "--succeeded",
                paramLabel = "FILE",
                description = "It happened. The file holds its result, a JSON object; - is standard input.")
        private @Nullable String succeeded;

        @Option(
                names = "--failed",
                paramLabel = "CODE",
                description = "It did not happen. The code is 1 to 64 of a-z, 0-9 and -.")
        private @Nullable String failed;
    }

    ResolveCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Refusal {
        reason.check();
        Ending ending = ending();
        UUID execution = Objects.requireNonNull(id);
        StoredExecution row;
        try (LedgerView view = common.view()) {
            row = ExecutionsCommand.known(view, execution);
        }
        requireInDoubt(row);
        StoredExecution resolved = resolve(row, ending);
        console.trace("resolve " + execution + " as " + ending.state(), reason);
        common.printer(console).document(Described.members(resolved));
        return 0;
    }

    private StoredExecution resolve(StoredExecution row, Ending ending) throws Refusal {
        Resolution resolution = new Resolution(reason.actor(), reason.evidence());
        try (OpenLedger ledger = common.open(console)) {
            Change.Resolve write = new Change.Resolve(
                    row.claim().nonceKey(),
                    row.claim().token(),
                    row.attempt(),
                    ending,
                    resolution,
                    ledger.receipts().resolution(row, ending, resolution));
            Outcome outcome = Stages.join(ledger.store().write(write));
            if (outcome.verdict() != Verdict.APPLIED) {
                StoredExecution standing = outcome.standing();
                requireInDoubt(standing == null ? row : standing);
                throw new Refusal(Tool.DATA, "execution-changed", "The execution changed meanwhile: look at it again");
            }
            return write.changed(row).orElseThrow();
        }
    }

    private static void requireInDoubt(StoredExecution row) throws Refusal {
        if (row.isRunning()) {
            throw new Refusal(
                    Tool.DATA,
                    "execution-running",
                    "It is still running, as far as the ledger knows. If its process is dead, open the ledger with a server"
                            + " or an executor: that settles what the dead left");
        }
        if (!row.isIndeterminate()) {
            throw new Refusal(Tool.DATA, "execution-settled", "How it ended is known: it " + Described.state(row));
        }
    }

    private Ending ending() throws Refusal {
        if (truth.failed != null) {
            if (!CODE.matcher(truth.failed).matches()) {
                throw new Refusal(
                        Tool.USAGE, "invalid-argument", "--failed is 1 to 64 of a-z, 0-9 and -, and begins with no -");
            }
            return Ending.failed(console.clock().instant(), truth.failed);
        }
        Json result = parse(read(Objects.requireNonNull(truth.succeeded)));
        if (result.type() != Json.Type.OBJECT) {
            throw new Refusal(Tool.DATA, "result-unrepresentable", "The result is not a JSON object");
        }
        if (result.canonical().length() > MAX_RESULT_CHARS) {
            throw tooLarge();
        }
        return Ending.succeeded(console.clock().instant(), result.spaced());
    }

    private static Json parse(byte[] bytes) throws Refusal {
        try {
            return Json.parse(bytes);
        } catch (MalformedJsonException e) {
            throw new Refusal(
                    Tool.DATA, "result-malformed", "The result is not JSON as it is taken here: " + e.getMessage());
        }
    }

    private byte[] read(String file) throws Refusal {
        try (InputStream in = file.equals("-") ? console.in() : Files.newInputStream(Path.of(file))) {
            byte[] bytes = in.readNBytes(MAX_RESULT_BYTES + 1);
            if (bytes.length > MAX_RESULT_BYTES) {
                throw tooLarge();
            }
            return bytes;
        } catch (IOException | InvalidPathException e) {
            throw new Refusal(Tool.DATA, "result-unreadable", "The result cannot be read: " + e.getMessage());
        }
    }

    private static Refusal tooLarge() {
        return new Refusal(
                Tool.DATA, "result-too-large", "The result is longer than " + MAX_RESULT_CHARS + " characters");
    }
}
