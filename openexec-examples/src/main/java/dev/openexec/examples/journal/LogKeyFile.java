package dev.openexec.examples.journal;

import dev.openexec.approval.Ed25519SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** The secret key that signs for the journal's log, in a file beside it. */
final class LogKeyFile {

    private LogKeyFile() {}

    static Ed25519SigningKey readOrMake(Path journal) throws IOException {
        Path file = journal.resolveSibling(journal.getFileName() + ".log-key");
        if (Files.notExists(file)) {
            byte[] seed = Ed25519SigningKey.generate().seed();
            Files.writeString(file, Base64.getEncoder().encodeToString(seed));
        }
        return Ed25519SigningKey.of(Base64.getDecoder().decode(Files.readString(file)));
    }
}
