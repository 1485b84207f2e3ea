package dev.openexec.evidence;

import dev.openexec.json.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads roots and proofs (RFC 9162 section 2.1) out of a tree at rest, from a few of its tiles. Not thread-safe: it keeps what it
 * has read, hence of use for one question or a few.
 */
public final class TreeReader {

    /** Where the hashes are. */
    @FunctionalInterface
    public interface Source {
        /**
         * {@return neighbouring hashes of one level}
         *
         * @param level 0 for leaf hashes; otherwise of roots of subtrees that have 256 to the power of it leaves
         * @param first the index of the first, within its level
         * @param count how many, 1 to 256, all of them there
         */
        List<Digest> hashes(int level, long first, int count);
    }

    private final Source source;
    private final long size;
    private final Map<Tile, List<Digest>> tiles = new HashMap<>();

    /**
     * A reader of a tree.
     *
     * @param source of at least this size
     * @param size in leaves, 0 or more
     */
    public TreeReader(Source source, long size) {
        this.source = source;
        this.size = size;
    }

    /**
     * {@return the hash of a leaf (RFC 9162 section 2.1.1)}
     *
     * @param entry the leaf
     */
    public static Digest leaf(byte[] entry) {
        return MerkleTree.leaf(entry);
    }

    /** {@return the root} */
    public Digest root() {
        return size == 0 ? MerkleTree.EMPTY_ROOT : root(0, size);
    }

    /**
     * {@return the hashes of an inclusion proof (RFC 9162 section 2.1.3.1)}
     *
     * @param index of the leaf, from 0
     * @throws IndexOutOfBoundsException if the tree has no such leaf
     */
    public List<Digest> inclusion(long index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("The tree has no such leaf");
        }
        List<Digest> path = new ArrayList<>();
        long begin = 0;
        long end = size;
        while (end - begin > 1) {
            long middle = begin + half(end - begin);
            boolean left = index < middle;
            path.add(0, left ? root(middle, end) : root(begin, middle));
            begin = left ? begin : middle;
            end = left ? middle : end;
        }
        return path;
    }

    /**
     * {@return the hashes of a consistency proof (RFC 9162 section 2.1.4.1), none if either tree is empty or both are one}
     *
     * @param older the size of the older tree
     * @throws IndexOutOfBoundsException if that is not a size from 0 to this one's
     */
    public List<Digest> consistency(long older) {
        if (older < 0 || older > size) {
            throw new IndexOutOfBoundsException("The tree was never of that size");
        }
        List<Digest> path = new ArrayList<>();
        if (older == 0 || older == size) {
            return path;
        }
        long begin = 0;
        long end = size;
        while (older != end) {
            long middle = begin + half(end - begin);
            boolean left = older <= middle;
            path.add(0, left ? root(middle, end) : root(begin, middle));
            begin = left ? begin : middle;
            end = left ? middle : end;
        }
        if (begin > 0) {
            path.add(0, root(begin, end));
        }
        return path;
    }

    /** The largest power of two below it. */
    private static long half(long leaves) {
        return Long.highestOneBit(leaves - 1);
    }

    private Digest root(long begin, long end) {
        long leaves = end - begin;
        if (Long.bitCount(leaves) == 1) {
            return node(Long.numberOfTrailingZeros(leaves), begin);
        }
        long middle = begin + half(leaves);
        return MerkleTree.node(root(begin, middle), root(middle, end));
    }

    /** The root of a perfect subtree, out of the tile that it is in. */
    private Digest node(int height, long begin) {
        int level = height / TreeEdge.TILE_HEIGHT;
        int hashes = 1 << (height % TreeEdge.TILE_HEIGHT);
        long first = begin >> (TreeEdge.TILE_HEIGHT * level);
        List<Digest> tile = tile(level, first / Tile.FULL);
        int offset = (int) (first % Tile.FULL);
        return fold(tile.subList(offset, offset + hashes));
    }

    private List<Digest> tile(int level, long index) {
        long there = size >> (TreeEdge.TILE_HEIGHT * level);
        int width = (int) Math.min(Tile.FULL, there - index * Tile.FULL);
        return tiles.computeIfAbsent(
                new Tile(level, index, width), tile -> source.hashes(level, index * Tile.FULL, width));
    }

    private static Digest fold(List<Digest> hashes) {
        if (hashes.size() == 1) {
            return hashes.get(0);
        }
        int middle = hashes.size() / 2;
        return MerkleTree.node(fold(hashes.subList(0, middle)), fold(hashes.subList(middle, hashes.size())));
    }
}
