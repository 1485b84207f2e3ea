package dev.openexec.approval;

import java.time.Duration;
import java.util.List;

/** Skeleton. */
public abstract class ApprovalPolicy {

    ApprovalPolicy() {}

    public static ApprovalPolicy unsignedDemo() {
        throw new UnsupportedOperationException();
    }

    /** Default lifetime limit 24 h; IllegalArgumentException on bad tenant grammar or no keys. */
    public static ApprovalPolicy signedBy(String tenant, List<ApprovalKey> keys) {
        throw new UnsupportedOperationException();
    }

    public static ApprovalPolicy signedBy(String tenant, List<ApprovalKey> keys, Duration maxLifetime) {
        throw new UnsupportedOperationException();
    }

    public abstract boolean signed();
}
