package dev.openexec.store.jdbc;

import dev.openexec.json.Digest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What this host has seen of the ledger, beside it: a restored copy or a cut log is a sound database to SQLite, but it
 * is behind its head. Written after each commit and before its answers, not synced: after a power loss it may be old,
 * and an old head raises no alarm. Several processes may write it in any order for the same reason.
 */
final class HeadFile implements AutoCloseable {

    /** The ledger, and how many of its commits have been seen. */
    record Head(String ledgerId, long commitSeq) {}

    private static final String FORMAT = "openexec-head-1";
    private static final int LENGTH = line(new Head("0".repeat(32), 0)).length();

    private final RandomAccessFile file; // a channel would be closed by an interrupt

    private HeadFile(RandomAccessFile file) {
        this.file = file;
    }

    /** The head, if there is one. A torn one is reported and counts as none. */
    static Optional<Head> read(Path file) throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            return Optional.empty();
        }
        String[] words =
                Files.readString(file, StandardCharsets.ISO_8859_1).strip().split(" ", -1);
        if (words.length == 4 && words[0].equals(FORMAT) && words[3].equals(checksum(words[1], words[2]))) {
            return Optional.of(new Head(words[1], HexFormat.fromHexDigitsToLong(words[2])));
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
        String seq = HexFormat.of().toHexDigits(head.commitSeq);
        return String.join(" ", FORMAT, head.ledgerId, seq, checksum(head.ledgerId, seq)) + "\n";
    }

    private static String checksum(String ledgerId, String seq) {
        return Digest.ofUtf8(FORMAT + " " + ledgerId + " " + seq).hex();
    }
}
