package dev.openexec.evidence;

import dev.openexec.json.Digest;

/** The hashes of a Merkle tree (RFC 6962 section 2.1, RFC 9162 section 2.1.1). */
final class MerkleTree {

    /** The root of a tree without leaves: the digest of nothing. */
    static final Digest EMPTY_ROOT = Digest.of();

    private static final byte[] LEAF = {0};
    private static final byte[] NODE = {1};

    private MerkleTree() {}

    static Digest leaf(byte[] entry) {
        return Digest.of(LEAF, entry);
    }

    static Digest node(Digest left, Digest right) {
        return Digest.of(NODE, left.bytes(), right.bytes());
    }
}
