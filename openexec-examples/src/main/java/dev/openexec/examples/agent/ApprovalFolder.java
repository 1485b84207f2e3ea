package dev.openexec.examples.agent;

import dev.openexec.ExecutionRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A person with a shell. The approval of a request is the file in this folder that is named after its nonce, so that it
 * outlives this program. Where it is missing, the person is told how to make it.
 */
final class ApprovalFolder implements Approver {

    private static final int WIDTH = 72;

    private final Path folder;
    private final String tenant;
    private final PrintStream person;

    ApprovalFolder(Path folder, String tenant, PrintStream person) {
        this.folder = folder;
        this.tenant = tenant;
        this.person = person;
    }

    @Override
    public Optional<String> approvalOf(ExecutionRequest request) {
        Path file = folder.resolve(request.nonce() + ".json"); // hexadecimal digits: see ToolCalls
        try {
            String approval = Files.exists(file) ? Files.readString(file) : "";
            if (!approval.isBlank()) {
                return Optional.of(approval);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        person.println("To approve this, of SHA-256 " + request.hash() + ":");
        lines(request.canonical()).forEach(line -> person.println("  | " + line));
        person.println("run openexec-examples/approve.sh approver.key " + tenant + " " + quoted(request.action()) + " "
                + quoted(request.payload().canonical()) + " > " + quoted(file.toString()));
        return Optional.empty();
    }

    /**
     * In pieces that no terminal breaks, each behind a bar: what the model wrote cannot draw a prompt of its own. The command
     * that follows repeats it, and is the last line.
     */
    private static Stream<String> lines(String text) {
        return IntStream.iterate(0, at -> at < text.length(), at -> at + WIDTH)
                .mapToObj(at -> text.substring(at, Math.min(text.length(), at + WIDTH)));
    }

    /** One word for a shell, whatever the model wrote. Canonical JSON has no character that a terminal would act on. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
