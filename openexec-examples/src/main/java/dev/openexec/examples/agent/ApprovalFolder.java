package dev.openexec.examples.agent;

import dev.openexec.ExecutionRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A person with a shell. The approval of a request is the file in this folder that is named after its nonce, so that it
 * outlives this program. Where it is missing, the person is told how to make it, and finds the payload in a file beside it,
 * named after the hash that was shown: nothing that the model wrote stands in the command, and if somebody changes the file,
 * approve.sh finds out by the hash.
 */
final class ApprovalFolder implements Approver {

    private static final int WIDTH = 68;
    private static final int MAX_PAYLOAD = 100_000; // Linux takes 131071 bytes as one argument of a command

    private final Path folder;
    private final String tenant;
    private final PrintStream person;

    ApprovalFolder(Path folder, String tenant, PrintStream person) {
        this.folder = folder;
        this.tenant = tenant;
        this.person = person;
    }

    @Override
    public Optional<String> approvalOf(ExecutionRequest request) throws TooLargeException {
        Path approval = approvalFile(request);
        if (request.payload().canonical().length() > MAX_PAYLOAD) {
            throw new TooLargeException();
        }
        try {
            String given = Files.exists(approval) ? Files.readString(approval) : "";
            if (given.isBlank()) {
                ask(request);
                return Optional.empty();
            }
            return Optional.of(given);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void expired(ExecutionRequest request) {
        try {
            Files.deleteIfExists(approvalFile(request));
            ask(request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path approvalFile(ExecutionRequest request) {
        return folder.resolve(request.nonce() + ".json"); // hexadecimal digits: see ToolCalls
    }

    private void ask(ExecutionRequest request) throws IOException {
        Path payload = folder.resolve(request.hash() + ".payload"); // another call of this id does not replace it
        Files.writeString(payload, request.payload().canonical());
        lines(request.canonical()).forEach(line -> person.println("To approve  " + line));
        person.println("of SHA-256  " + request.hash());
        person.println("run         openexec-examples/approve.sh approver.key " + tenant + " "
                + quoted(request.action()) + " \"$(cat " + quoted(payload.toString()) + ")\" " + request.hash() + " > "
                + quoted(approvalFile(request).toString()));
    }

    /** In pieces that fit a terminal, each behind the same words: what the model wrote cannot draw a line of its own. */
    private static Stream<String> lines(String text) {
        return IntStream.iterate(0, at -> at < text.length(), at -> at + WIDTH)
                .mapToObj(at -> text.substring(at, Math.min(text.length(), at + WIDTH)));
    }

    /** One word for a shell. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
