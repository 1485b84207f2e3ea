package dev.openexec.evidence;

import dev.openexec.json.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * The right edge of a Merkle tree (RFC 9162 section 2.1) that grows: the roots of the perfect subtrees that it consists of,
 * which is all it takes to append and to know the root. Not thread-safe.
 */
public final class TreeEdge {

    /** The leaves of a tile (C2SP tlog-tiles), as a power of two. */
    static final int TILE_HEIGHT = 8;

    private static final int HASH_LENGTH = 32;

    /** Is told of each subtree that a tile stands for, once it is complete. */
    @FunctionalInterface
    public interface Sink<E extends Exception> {
        /**
         * Takes it.
         *
         * @param level 1 or more: it has 256 to the power of it leaves
         * @param index which of its level, counted from 0
         * @param root its root
         * @throws E if it cannot be kept
         */
        void complete(int level, long index, Digest root) throws E;
    }

    private final Deque<Digest> roots; // of subtrees, the smallest first
    private long size;

    private TreeEdge(long size, Deque<Digest> roots) {
        this.size = size;
        this.roots = roots;
    }

    /** {@return the edge of a tree without leaves} */
    public static TreeEdge empty() {
        return new TreeEdge(0, new ArrayDeque<>());
    }

    /**
     * {@return an edge that was kept}
     *
     * @param size how many leaves
     * @param bytes what {@link #bytes} gave
     * @throws IllegalArgumentException if they do not belong together
     */
    public static TreeEdge of(long size, byte[] bytes) {
        if (size < 0 || bytes.length != Long.bitCount(size) * HASH_LENGTH) {
            throw new IllegalArgumentException("These are not the hashes of an edge of this size");
        }
        Deque<Digest> roots = new ArrayDeque<>();
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        byte[] hash = new byte[HASH_LENGTH];
        while (buffer.hasRemaining()) {
            buffer.get(hash);
            roots.push(Digest.fromBytes(hash));
        }
        return new TreeEdge(size, roots);
    }

    /** {@return how many leaves there are} */
    public long size() {
        return size;
    }

    /**
     * Appends a leaf.
     *
     * @param entry the text whose UTF-8 bytes it is
     * @param sink is told of what it completes
     * @param <E> what the sink may throw
     * @throws E if the sink does; the edge is of no use then
     */
    public <E extends Exception> void append(String entry, Sink<E> sink) throws E {
        Digest root = MerkleTree.leaf(entry.getBytes(StandardCharsets.UTF_8));
        int height = 0;
        for (long before = size; (before & 1) == 1; before >>= 1) {
            root = MerkleTree.node(roots.pop(), root);
            height++;
            if (height % TILE_HEIGHT == 0) {
                sink.complete(height / TILE_HEIGHT, size >> height, root);
            }
        }
        roots.push(root);
        size++;
    }

    /** {@return the root of the tree} */
    public Digest root() {
        Iterator<Digest> smallestFirst = roots.iterator();
        if (!smallestFirst.hasNext()) {
            return MerkleTree.EMPTY_ROOT;
        }
        Digest root = smallestFirst.next();
        while (smallestFirst.hasNext()) {
            root = MerkleTree.node(smallestFirst.next(), root);
        }
        return root;
    }

    /** {@return the roots of the subtrees, 32 bytes each, the largest first} */
    public byte[] bytes() {
        ByteBuffer buffer = ByteBuffer.allocate(roots.size() * HASH_LENGTH);
        roots.descendingIterator().forEachRemaining(root -> buffer.put(root.bytes()));
        return buffer.array();
    }
}
