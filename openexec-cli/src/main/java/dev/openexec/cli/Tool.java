package dev.openexec.cli;

import dev.openexec.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** The commands, and what becomes of their failures. */
@Command(
        name = "openexec",
        description =
                "Looks at a ledger of OpenExec, settles what nobody knows, forgets what is old, verifies evidence, and serves a"
                        + " witness.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        usageHelpWidth = 120,
        exitCodeOnInvalidInput = Tool.USAGE,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done",
            "1:done, and there is a finding",
            "64:the command line is not understood",
            "65:what it names is not there, or this cannot be done to it; an audit could compare nothing",
            "69:the ledger cannot be used, or the files or the address of a witness",
            "70:something unforeseen",
            "78:the configuration has a mistake"
        })
final class Tool {

    // sysexits.h, but for the finding
    static final int FINDING = 1;
    static final int USAGE = 64;
    static final int DATA = 65;
    static final int UNAVAILABLE = 69;
    static final int SOFTWARE = 70;
    static final int CONFIGURATION = 78;

    private final Console console;

    Tool(InputStream in, PrintWriter out, PrintWriter err, InstantSource clock) {
        this.console = new Console(in, out, err, clock);
    }

    /** Runs a command and gives its exit status. */
    int run(String... arguments) {
        CommandLine line = new CommandLine(this)
                .addSubcommand(new ExecutionsCommand(console))
                .addSubcommand(new ResolveCommand(console))
                .addSubcommand(new PruneCommand(console))
                .addSubcommand(new EraseCommand(console))
                .addSubcommand(new LedgerCommand(console))
                .addSubcommand(new AuditCommand(console))
                .addSubcommand(new ReceiptCommand(console))
                .addSubcommand(new LogCommand(console))
                .addSubcommand(new WitnessCommand(console))
                .registerConverter(UUID.class, Tool::executionId)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(console.out())
                .setErr(console.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setParameterExceptionHandler(this::notUnderstood)
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure));
        line.getCommandSpec().version("OpenExec " + version());
        int status = line.execute(arguments);
        console.out().flush();
        return status;
    }

    private static UUID executionId(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + text + "' is not the id of an execution");
        }
    }

    private int notUnderstood(ParameterException mistake, String[] arguments) {
        CommandLine command = mistake.getCommandLine();
        console.tell("not-understood: " + Printable.of(String.valueOf(mistake.getMessage())));
        console.tell("'" + command.getCommandSpec().qualifiedName() + " --help' says what is");
        return USAGE;
    }

    private int failed(Exception failure) {
        if (failure instanceof Refusal refusal) {
            console.tell(Printable.of(String.valueOf(refusal.getMessage())));
            return refusal.status();
        }
        if (failure instanceof StoreException store) {
            console.tell(store.reason().problem() + ": " + Printable.of(String.valueOf(store.getMessage())));
            return UNAVAILABLE;
        }
        // Messages stay out: they may hold payload.
        console.tell("unforeseen: " + failure.getClass().getName()
                + Arrays.stream(failure.getStackTrace())
                        .map(frame -> System.lineSeparator() + "\tat " + frame)
                        .collect(Collectors.joining()));
        return SOFTWARE;
    }

    private static String version() {
        try (InputStream in = Tool.class.getResourceAsStream("version.txt")) {
            if (in == null) {
                throw new IllegalStateException("version.txt is missing from this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
