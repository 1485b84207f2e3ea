package dev.openexec.evidence;

import dev.openexec.json.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A piece of the tree's hashes (C2SP tlog-tiles): up to 256 roots of neighbouring subtrees of one size.
 *
 * @param level 0 to 5: the subtrees have 256 to the power of it leaves
 * @param index which of its level, counted from 0
 * @param width how many hashes, 1 to 256
 */
public record Tile(int level, long index, int width) {

    /** How many hashes a full one has. */
    public static final int FULL = 1 << TreeEdge.TILE_HEIGHT;

    private static final int MAX_LEVEL = 5;
    private static final int MAX_ENTRY = 0xffff;
    private static final Pattern PATH =
            Pattern.compile("([0-5])((?:/x[0-9]{3}){0,4}/[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if there is no such tile
     */
    public Tile {
        if (level < 0 || level > MAX_LEVEL || index < 0 || width < 1 || width > FULL) {
            throw new IllegalArgumentException("There is no such tile");
        }
    }

    /**
     * {@return the tile of a path; empty if it is none in its one form}
     *
     * @param path below {@code tile/}, such as {@code 0/x001/234.p/5}
     */
    public static Optional<Tile> at(String path) {
        Matcher matcher = PATH.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long index = Long.parseLong(matcher.group(2).replaceAll("[/x]", ""));
        int width = matcher.group(3) == null ? FULL : Integer.parseInt(matcher.group(3));
        if (width > FULL) {
            return Optional.empty();
        }
        Tile tile = new Tile(Integer.parseInt(matcher.group(1)), index, width);
        return tile.path().equals(path) ? Optional.of(tile) : Optional.empty();
    }

    /** {@return the path below {@code tile/}: the index in groups of three digits, all but the last with an x} */
    public String path() {
        StringBuilder groups = new StringBuilder(String.format(Locale.ROOT, "/%03d", index % 1000));
        for (long rest = index / 1000; rest > 0; rest /= 1000) {
            groups.insert(0, String.format(Locale.ROOT, "/x%03d", rest % 1000));
        }
        return level + groups.toString() + (width == FULL ? "" : ".p/" + width);
    }

    /**
     * {@return a tile as it is served and exported: 32 bytes for each hash}
     *
     * @param hashes in their order
     */
    public static byte[] ofHashes(List<Digest> hashes) {
        ByteArrayOutputStream tile = new ByteArrayOutputStream();
        hashes.forEach(hash -> tile.writeBytes(hash.bytes()));
        return tile.toByteArray();
    }

    /**
     * {@return a bundle of leaves as it is served and exported: each after its length in two bytes}
     *
     * @param entries texts of at most 65,535 bytes of UTF-8, in their order
     * @throws IllegalArgumentException if one is longer
     */
    public static byte[] ofEntries(List<String> entries) {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        for (String entry : entries) {
            byte[] bytes = entry.getBytes(StandardCharsets.UTF_8);
            if (bytes.length > MAX_ENTRY) {
                throw new IllegalArgumentException("A leaf in a bundle has at most 65,535 bytes");
            }
            bundle.write(bytes.length >> 8);
            bundle.write(bytes.length);
            bundle.writeBytes(bytes);
        }
        return bundle.toByteArray();
    }

    /**
     * {@return whether a tree of this size has all of it}
     *
     * @param size in leaves
     */
    public boolean isWithin(long size) {
        return index * FULL + width <= size >> (TreeEdge.TILE_HEIGHT * level);
    }
}
