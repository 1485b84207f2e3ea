package dev.openexec.evidence;

import dev.openexec.json.Digest;
import java.util.List;

/** Verifies proofs about a tree. */
public final class TreeProof {

    private TreeProof() {}

    /**
     * {@return whether a tree has this leaf (RFC 9162 section 2.1.3.2)}
     *
     * @param leaf its hash
     * @param index where it stands
     * @param size of the tree, in leaves
     * @param path the proof
     * @param root of the tree
     */
    public static boolean includes(Digest leaf, long index, long size, List<Digest> path, Digest root) {
        if (index < 0 || index >= size) {
            return false;
        }
        long fn = index;
        long sn = size - 1;
        Digest r = leaf;
        for (Digest p : path) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                r = MerkleTree.node(p, r);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                r = MerkleTree.node(r, p);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && r.equals(root);
    }

    /**
     * {@return whether one tree is what another began with (RFC 9162 section 2.1.4.2)} That a tree began with the
     * empty one, nothing proves.
     *
     * @param older its size, in leaves
     * @param olderRoot its root
     * @param size of the other
     * @param root of the other
     * @param path the proof; empty if the sizes are equal
     */
    public static boolean extendsTo(long older, Digest olderRoot, long size, Digest root, List<Digest> path) {
        if (older < 0 || older > size) {
            return false;
        }
        if (older == size) {
            return path.isEmpty() && olderRoot.equals(root) && (size > 0 || root.equals(MerkleTree.EMPTY_ROOT));
        }
        if (older == 0) {
            return false; // there is nothing to prove
        }
        boolean whole = Long.bitCount(older) == 1; // then the older root is the first hash of the proof
        if (path.isEmpty() && !whole) {
            return false;
        }
        long fn = older - 1;
        long sn = size - 1;
        while ((fn & 1) == 1) {
            fn >>= 1;
            sn >>= 1;
        }
        int next = whole ? 0 : 1;
        Digest fr = whole ? olderRoot : path.get(0);
        Digest sr = fr;
        for (Digest c : path.subList(next, path.size())) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                fr = MerkleTree.node(c, fr);
                sr = MerkleTree.node(c, sr);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                sr = MerkleTree.node(sr, c);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && fr.equals(olderRoot) && sr.equals(root);
    }
}
