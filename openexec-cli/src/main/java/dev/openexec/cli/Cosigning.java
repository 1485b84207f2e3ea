package dev.openexec.cli;

import dev.openexec.evidence.Checkpoint;
import dev.openexec.evidence.Policy;
import dev.openexec.evidence.Policy.Cosigner;
import dev.openexec.evidence.VerifierKey;
import dev.openexec.evidence.Witness;
import dev.openexec.json.Digest;
import dev.openexec.store.ReceiptLog.Head;
import dev.openexec.store.jdbc.LedgerView;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Carries a log's latest checkpoint to the witnesses of a policy, and their cosignatures back. */
final class Cosigning {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ATTEMPTS = 3; // others may carry a checkpoint there at the same time

    private final Console console;
    private final LedgerView view;
    private final long log;
    private final Head head;
    private final Optional<Head> before;
    private final CosignerClient witnesses = new CosignerClient(PATIENCE);
    private boolean contradicted;

    Cosigning(Console console, LedgerView view) {
        this.console = console;
        this.view = view;
        this.log = view.log(logs -> logs.current());
        this.head = view.log(logs -> logs.head(log));
        this.before = view.log(logs -> logs.cosigned(log));
    }

    /** A witness that has not cosigned, and why. */
    private static final class NotCosigned extends Exception {
        private static final long serialVersionUID = 1;

        private NotCosigned(String why) {
            super(why);
        }
    }

    /** Which log it is. */
    long log() {
        return log;
    }

    /** Whether a witness has seen another history of this log than the ledger has. */
    boolean contradicted() {
        return contradicted;
    }

    /** The checkpoint with every cosignature that could be had, those that it had before included. */
    String carry(Policy policy) throws Refusal {
        if (!policy.logs().contains(VerifierKey.parse(head.key()))) {
            throw new Refusal(
                    Tool.DATA, "log-not-in-policy", "The policy has no line with this log's key: see 'log key'");
        }
        String note = before.filter(known -> saysTheSame(known.checkpoint()))
                .orElse(head)
                .checkpoint();
        for (Cosigner witness : policy.cosigners()) {
            try {
                note = cosign(witness, note);
            } catch (NotCosigned | IOException e) {
                console.tell(Printable.of(witness.key().name() + ": " + e.getMessage()));
            }
        }
        return note;
    }

    private boolean saysTheSame(String checkpoint) {
        return Checkpoint.claimed(checkpoint).equals(Checkpoint.claimed(head.checkpoint()));
    }

    private String cosign(Cosigner witness, String note) throws NotCosigned, IOException {
        if (witness.url().isEmpty()) {
            throw new NotCosigned("the policy has no URL for it");
        }
        long old = before.map(Head::size).orElse(0L);
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Witness.Reply reply = witnesses.addCheckpoint(witness.url(), request(old));
            switch (reply.status()) {
                case 200 -> {
                    return Witness.cosigned(note, reply.body(), witness.key())
                            .orElseThrow(() -> new NotCosigned("its answer is no cosignature of its own"));
                }
                case 409 -> old = resume(old, reply.body());
                case 422 -> throw contradiction("what it has seen of this log is not what the ledger has");
                case 404 -> throw new NotCosigned("it does not know this log: give it the log's key");
                default -> throw new NotCosigned("it answers with status " + reply.status());
            }
        }
        throw new NotCosigned("others carry checkpoints there at the same time: try again");
    }

    private String request(long old) {
        List<Digest> path = view.log(logs -> logs.tree(log, head.size()).consistency(old));
        return Witness.request(old, path, head.checkpoint());
    }

    /** The size that the witness has: to go on from there. */
    private long resume(long asked, String body) throws NotCosigned {
        long size;
        try {
            size = Long.parseLong(body.strip());
        } catch (NumberFormatException e) {
            throw new NotCosigned("it answers with status 409 and no size");
        }
        if (size == asked) {
            throw contradiction("at this size it has seen another root than the ledger has");
        }
        if (size > view.log(logs -> logs.head(log)).size()) {
            throw contradiction("it has seen " + size + " receipts, more than the ledger has");
        }
        if (size < 0 || size > head.size()) {
            throw new NotCosigned("a later checkpoint was carried there meanwhile: try again");
        }
        return size;
    }

    private NotCosigned contradiction(String how) {
        contradicted = true;
        return new NotCosigned(how);
    }
}
