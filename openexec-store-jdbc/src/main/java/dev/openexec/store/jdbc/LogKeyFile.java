package dev.openexec.store.jdbc;

import dev.openexec.approval.Ed25519SigningKey;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/** The secret key of the ledger's log, in a file that only its owner can read. */
final class LogKeyFile {

    private static final String FORMAT = "openexec-log-key-1 ";

    private LogKeyFile() {}

    /** The key, if there is a whole one. */
    static Optional<Ed25519SigningKey> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (!text.startsWith(FORMAT)) {
            return Optional.empty();
        }
        try {
            byte[] seed =
                    Base64.getDecoder().decode(text.substring(FORMAT.length()).strip());
            return Optional.of(Ed25519SigningKey.of(seed));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // torn, or not ours; its content goes nowhere
        }
    }

    /** The key, made now if there is no whole one: for a log that nothing was signed for yet. On the disk when this returns. */
    static Ed25519SigningKey readOrMake(Path file) throws IOException {
        Optional<Ed25519SigningKey> known = read(file);
        if (known.isPresent()) {
            return known.get();
        }
        Ed25519SigningKey made = Ed25519SigningKey.generate();
        LedgerFile.createPrivate(file);
        String line = FORMAT + Base64.getEncoder().encodeToString(made.seed()) + "\n";
        try (RandomAccessFile key = new RandomAccessFile(file.toFile(), "rw")) {
            key.setLength(0);
            key.write(line.getBytes(StandardCharsets.ISO_8859_1));
            key.getFD().sync();
        }
        return made;
    }
}
