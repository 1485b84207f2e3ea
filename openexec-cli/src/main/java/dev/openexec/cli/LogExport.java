package dev.openexec.cli;

import dev.openexec.evidence.Audit;
import dev.openexec.evidence.Checkpoint;
import dev.openexec.evidence.Tile;
import dev.openexec.evidence.VerifierKey;
import dev.openexec.store.LogPosition;
import dev.openexec.store.ReceiptLog;
import dev.openexec.store.ReceiptLog.Head;
import dev.openexec.store.jdbc.LedgerView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A log in a folder, in the layout of C2SP tlog-tiles: {@code checkpoint}, {@code tile/…} and {@code tile/entries/…}. */
final class LogExport {

    private final LedgerView view;
    private final long log;
    private final Head head;
    private final Path folder;

    LogExport(LedgerView view, @Nullable Long log, Extent extent, Path folder) throws Refusal {
        long current = view.log(logs -> logs.current());
        this.view = view;
        this.log = log == null ? current : log;
        this.folder = folder;
        List<Long> logs = view.log(ReceiptLog::logs);
        if (!logs.contains(this.log)) {
            throw new Refusal(Tool.USAGE, "invalid-argument", "--log is one of " + logs);
        }
        this.head = extent.of(view, this.log);
    }

    /** Writes what the log has by now, the checkpoint last; gives how many receipts that covers. */
    long write() throws IOException, Refusal {
        requireOwn();
        for (Tile tile : tiles(0, head.size())) {
            Path file = folder.resolve("tile/entries").resolve(tile.path().substring("0/".length()));
            write(
                    file,
                    view.log(logs -> Tile.ofEntries(logs.receipts(new LogPosition(log, first(tile)), tile.width()))),
                    tile);
        }
        for (int level = 0; head.size() >> (8 * level) > 0; level++) {
            for (Tile tile : tiles(level, head.size())) {
                Path file = folder.resolve("tile").resolve(tile.path());
                write(
                        file,
                        view.log(logs -> Tile.ofHashes(logs.hashes(log, tile.level(), first(tile), tile.width()))),
                        tile);
            }
        }
        Files.writeString(folder.resolve("checkpoint"), head.checkpoint());
        return head.size();
    }

    /** Tiles of another log, which are never written again, would be taken for those of this one. */
    private void requireOwn() throws IOException, Refusal {
        if (Files.notExists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw new Refusal(Tool.DATA, "export-foreign", "There is a file of that name, and no folder");
        }
        try (Stream<Path> content = Files.list(folder)) {
            if (content.findAny().isEmpty()) {
                return;
            }
        }
        Path checkpoint = folder.resolve("checkpoint");
        VerifierKey key = VerifierKey.parse(head.key());
        if (!Files.isRegularFile(checkpoint)
                || Checkpoint.open(Trust.read(checkpoint), key).isEmpty()) {
            throw new Refusal(
                    Tool.DATA,
                    "export-foreign",
                    "The folder is not empty, and has no whole export of this log: take another, or empty it");
        }
    }

    private static long first(Tile tile) {
        return tile.index() * Tile.FULL;
    }

    private static List<Tile> tiles(int level, long size) {
        List<Tile> tiles = new ArrayList<>();
        long hashes = size >> (8 * level);
        for (long first = 0; first < hashes; first += Tile.FULL) {
            tiles.add(new Tile(level, first / Tile.FULL, (int) Math.min(Tile.FULL, hashes - first)));
        }
        return tiles;
    }

    /** A full tile never changes. */
    private static void write(Path file, byte[] bytes, Tile tile) throws IOException {
        if (tile.width() < Tile.FULL || Files.notExists(file)) {
            Files.createDirectories(file.resolveSibling("."));
            Path whole = Files.write(file.resolveSibling(file.getFileName() + ".new"), bytes);
            Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Examines what a folder has. */
    static Audit.Report read(Path folder, Audit audit) throws Refusal {
        String checkpoint = Trust.read(folder.resolve("checkpoint"));
        return audit.run(new Receipts(folder, size(checkpoint)), checkpoint);
    }

    /** As many as the checkpoint says; whether that is true is for the audit to find out. */
    private static long size(String checkpoint) {
        return Checkpoint.claimed(checkpoint).map(Checkpoint::size).orElse(0L);
    }

    /** The receipts of the bundles, one after the other, up to the first that is not there. */
    private static final class Receipts implements Iterator<String> {

        private static final String NO_RECEIPT = "";

        private final Path entries;
        private final long size;
        private long bundle;
        private ByteBuffer left = ByteBuffer.allocate(0);

        Receipts(Path folder, long size) {
            this.entries = folder.resolve("tile/entries");
            this.size = size;
        }

        @Override
        public boolean hasNext() {
            if (!left.hasRemaining() && bundle * Tile.FULL < size) {
                int width = (int) Math.min(Tile.FULL, size - bundle * Tile.FULL);
                Path file = entries.resolve(new Tile(0, bundle, width).path().substring("0/".length()));
                bundle++;
                left = read(file);
            }
            return left.hasRemaining();
        }

        private static ByteBuffer read(Path file) {
            try {
                return ByteBuffer.wrap(Files.readAllBytes(file));
            } catch (IOException e) {
                return ByteBuffer.allocate(0); // the log ends here, as far as anybody can see
            }
        }

        @Override
        public String next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            int length = left.remaining() < 2 ? Integer.MAX_VALUE : Short.toUnsignedInt(left.getShort());
            if (length > left.remaining()) {
                left.position(left.limit());
                return NO_RECEIPT;
            }
            ByteBuffer entry = left.slice(left.position(), length);
            left.position(left.position() + length);
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(entry).toString();
            } catch (CharacterCodingException e) {
                return NO_RECEIPT;
            }
        }
    }
}
