package dev.openexec.approval;

import java.util.List;

/** Skeleton. */
public final class ApprovalKey {

    private ApprovalKey() {}

    /** One or more PEM blocks; IllegalArgumentException names the rule, never the text. */
    public static List<ApprovalKey> fromPem(String pem) {
        throw new UnsupportedOperationException();
    }

    /** A raw key. */
    public static ApprovalKey fromBytes(byte[] raw32) {
        throw new UnsupportedOperationException();
    }

    /** Lower-case hex SHA-256 of the DER SubjectPublicKeyInfo. */
    public String id() {
        throw new UnsupportedOperationException();
    }
}
