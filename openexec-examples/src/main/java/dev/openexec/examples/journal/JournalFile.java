package dev.openexec.examples.journal;

import dev.openexec.json.Digest;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines that are only ever appended: a hash over the line and all before it, a blank, JSON. A last line without an end was
 * torn by a crash and never answered: it is cut off. Any other damage is refused.
 */
final class JournalFile {

    private static final int HASH = 64;

    private final FileChannel lock; // of a file of its own: closing any descriptor of a file gives up the locks on it
    private final RandomAccessFile file; // not a channel, which an interrupt would close
    private Digest last = Digest.ofUtf8("openexec example journal 1");
    private long end;
    private boolean synced = true;

    private JournalFile(FileChannel lock, RandomAccessFile file) {
        this.lock = lock;
        this.file = file;
    }

    /** Waits for nobody: a journal that another process has open is refused. */
    static JournalFile open(Path path) throws IOException {
        FileChannel lock = FileChannel.open(
                path.resolveSibling(path.getFileName() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lock.tryLock() == null) {
            lock.close();
            throw new IOException("another process has the journal open");
        }
        try {
            if (File.separatorChar == '/') { // elsewhere a folder cannot be synced, and need not be
                try (FileChannel folder = FileChannel.open(path.getParent())) {
                    folder.force(true); // the name of a new file
                }
            }
            return new JournalFile(lock, new RandomAccessFile(path.toFile(), "rw"));
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Reads what is there, once, before anything is appended. */
    List<String> lines() throws IOException {
        byte[] bytes = new byte[Math.toIntExact(file.length())];
        file.readFully(bytes);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        List<String> lines = new ArrayList<>();
        for (int feed = text.indexOf('\n'); feed >= 0; feed = text.indexOf('\n', (int) end)) {
            String json = json(text.substring((int) end, feed));
            require(text.startsWith(line(json), (int) end));
            lines.add(json);
            moveBehind(json);
        }
        String torn = text.substring((int) end);
        require(end > 0 || torn.isEmpty()); // a file of another kind is not to be cut
        String whole = torn.substring(0, Math.max(0, torn.length() - 1));
        require(!line(json(whole)).equals(whole + "\n")); // nor is a line of which only the end was changed
        file.setLength(end);
        file.getFD().sync();
        return lines;
    }

    /** Durable when it returns. If it throws, there is no such line, unless the file is not {@link #isSynced}. */
    void append(String json) throws IOException {
        if (!synced) {
            throw new IOException("the journal could not be synced"); // nor can it be later, for all that anyone knows
        }
        file.seek(end); // over what a write that failed has left: it had no end, or it would not have failed
        write(line(json));
        synced = false;
        file.getFD().sync();
        synced = true;
        moveBehind(json);
    }

    private void write(String line) throws IOException {
        try {
            file.write(line.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            if (end == 0) {
                file.setLength(0); // a piece of the first line would be refused as a file of another kind
            }
            throw e;
        }
    }

    boolean isSynced() {
        return synced;
    }

    private void moveBehind(String json) {
        end += HASH + 1 + json.length() + 1;
        last = hash(json);
    }

    private String line(String json) {
        return hash(json) + " " + json + "\n";
    }

    private Digest hash(String json) {
        return Digest.of(last.bytes(), json.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String json(String line) {
        return line.substring(Math.min(line.length(), HASH + 1));
    }

    private void require(boolean sound) throws IOException {
        if (!sound) {
            throw new IOException("the journal is damaged at byte " + end);
        }
    }

    void close() throws IOException {
        file.close();
        lock.close();
    }
}
