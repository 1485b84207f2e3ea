package dev.openexec.cli;

import dev.openexec.evidence.Checkpoint;
import dev.openexec.evidence.Witness;
import dev.openexec.json.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * What a witness must not forget, in a folder: for each log its latest checkpoint, in a file that is named after the digest of the
 * log's origin. Thread-safe, and several processes may share a folder.
 */
final class FileWitnessState implements Witness.State {

    /** A file lock is the process's. Closing any descriptor of the file drops it, so that it is opened under this monitor only. */
    private static final Object MONITOR = new Object();

    private final Path folder;
    private final Path lock;

    private FileWitnessState(Path folder) {
        this.folder = folder;
        this.lock = folder.resolve("lock");
    }

    /** A state that may be new. */
    static FileWitnessState make(Path folder) throws IOException {
        FileWitnessState state = new FileWitnessState(folder);
        Files.createDirectories(folder);
        synchronized (MONITOR) {
            FileChannel.open(state.lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
        }
        DurableFile.sync(folder);
        DurableFile.sync(DurableFile.folder(folder));
        return state;
    }

    /**
     * A state that was made before.
     *
     * @throws NoSuchFileException if it was not
     */
    static FileWitnessState open(Path folder) throws IOException {
        FileWitnessState state = new FileWitnessState(folder);
        if (!Files.isRegularFile(state.lock)) {
            throw new NoSuchFileException(state.lock.toString());
        }
        return state;
    }

    @Override
    public Optional<Checkpoint> latest(String origin) throws IOException {
        Path file = file(origin);
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        return Optional.of(Checkpoint.parse(text)
                .filter(kept -> kept.text().equals(text) && kept.origin().equals(origin) && isOfATree(kept))
                .orElseThrow(() -> new IOException("What was kept of a log is damaged: " + file)));
    }

    /** Without leaves there is one root only. From another one, no proof would be asked for. */
    private static boolean isOfATree(Checkpoint kept) {
        return kept.size() > 0 || kept.root().equals(Digest.of());
    }

    @Override
    public boolean advance(String origin, Optional<Checkpoint> from, Checkpoint to) throws IOException {
        synchronized (MONITOR) {
            // It is not made here: where it has gone, what was kept has gone too.
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
                channel.lock();
                if (!latest(origin).equals(from)) {
                    return false;
                }
                DurableFile.replace(file(origin), to.text());
                return true;
            }
        }
    }

    private Path file(String origin) {
        return folder.resolve(Digest.ofUtf8(origin).hex());
    }
}
