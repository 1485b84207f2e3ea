package dev.openexec.store.jdbc;

import dev.openexec.json.Digest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What this host has seen of the ledger, beside it: a restored copy or a cut log is a sound database to SQLite, but it
 * is behind its head. Written after each commit and before its answers, not synced: after a power loss it may be old,
 * and an old head raises no alarm. Several processes may write it in any order for the same reason.
 */
final class HeadFile implements AutoCloseable {

    /** The ledger, how many of its commits have been seen, and how far its log was then. */
    record Head(String ledgerId, long commitSeq, long log, long logSize, Digest logRoot) {}

    private static final String FORMAT = "openexec-head-2";
    private static final int LENGTH =
            line(new Head("0".repeat(32), 0, 1, 0, Digest.of())).length();

    private final RandomAccessFile file; // a channel would be closed by an interrupt

    private HeadFile(RandomAccessFile file) {
        this.file = file;
    }

    /** The head, if there is one. A torn one is reported and counts as none. */
    static Optional<Head> read(Path file) throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            return Optional.empty();
        }
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        String[] words = text.strip().split(" ", -1);
        if (words.length == 7 && words[0].equals(FORMAT) && words[6].equals(checksum(words))) {
            return Optional.of(new Head(
                    words[1],
                    HexFormat.fromHexDigitsToLong(words[2]),
                    HexFormat.fromHexDigitsToLong(words[3]),
                    HexFormat.fromHexDigitsToLong(words[4]),
                    Digest.fromBytes(HexFormat.of().parseHex(words[5]))));
        }
        Failures.LOG.log(Level.WARNING, "The ledger's head file is torn and will be written anew");
        return Optional.empty();
    }

    static HeadFile open(Path file) throws IOException {
        LedgerFile.createPrivate(file);
        RandomAccessFile head = new RandomAccessFile(file.toFile(), "rw");
        try {
            if (head.length() > LENGTH) {
                head.setLength(0); // it is torn: what is longer than a head would stay behind it
            }
            return new HeadFile(head);
        } catch (Throwable e) {
            head.close();
            throw e;
        }
    }

    /** Always the same length, in place, in one write. */
    void write(Head head) throws IOException {
        file.seek(0);
        file.write(line(head).getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static String line(Head head) {
        HexFormat hex = HexFormat.of();
        String[] words = {
            FORMAT,
            head.ledgerId,
            hex.toHexDigits(head.commitSeq),
            hex.toHexDigits(head.log),
            hex.toHexDigits(head.logSize),
            head.logRoot.hex(),
            ""
        };
        words[6] = checksum(words);
        return String.join(" ", words) + "\n";
    }

    /** Of all words but the last. */
    private static String checksum(String[] words) {
        return Digest.ofUtf8(String.join(" ", Arrays.asList(words).subList(0, words.length - 1)))
                .hex();
    }
}
