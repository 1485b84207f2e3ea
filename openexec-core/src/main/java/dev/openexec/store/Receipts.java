package dev.openexec.store;

import dev.openexec.approval.Authority;
import dev.openexec.json.Digest;
import dev.openexec.store.StoredExecution.Resolution;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes the receipts of one ledger: each is an in-toto Statement (version 1) in the form of RFC 8785, and a leaf of the
 * ledger's log. None holds a payload, a nonce, a result or an unsalted hash of one. Immutable and thread-safe.
 */
public final class Receipts {

    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);
    private static final String UNKNOWN = "\0"; // which is in no JSON
    private static final String PREVIOUS = ",\"previous\":" + UNKNOWN;
    private static final String VERSION = Optional.ofNullable(
                    Receipts.class.getPackage().getImplementationVersion())
            .orElse("unreleased");

    private final String ledgerId;
    private final String executor;

    /**
     * A writer of receipts.
     *
     * @param ledgerId of the ledger that they are about
     */
    public Receipts(String ledgerId) {
        this.ledgerId = ledgerId;
        this.executor = new JcsObject(160)
                .text("boot", UUID.randomUUID().toString().replace("-", ""))
                .text("id", ledgerId)
                .text("version", VERSION)
                .end();
    }

    /**
     * {@return that an action may be entered}
     *
     * @param claim that allows it
     * @param attempt 1 for the first entry
     * @param at when
     */
    public Leaf intent(Claim claim, int attempt, Instant at) {
        return execution("intent", "authorized", claim, attempt, at, null, null);
    }

    /**
     * {@return how an execution ended, or that nobody knows}
     *
     * @param claim that it was about
     * @param attempt 1 for the first entry
     * @param ending how it ended
     */
    public Leaf outcome(Claim claim, int attempt, Ending ending) {
        return execution("outcome", lowerCase(ending.state()), claim, attempt, ending.at(), ending, null);
    }

    /**
     * {@return that a claim was taken back, and its action never entered}
     *
     * @param claim that is no more
     * @param at when
     */
    public Leaf withdrawal(Claim claim, Instant at) {
        return execution("outcome", "withdrawn", claim, 1, at, null, null);
    }

    /**
     * {@return how an execution ended, in the words of a person}
     *
     * @param row of which nobody knew
     * @param ending how it ended
     * @param resolution who says so, and how they know
     */
    public Leaf resolution(StoredExecution row, Ending ending, Resolution resolution) {
        if (row.claim().authority()
                == Authority.IMPORTED) { // claimed elsewhere: there is no receipt that it could follow
            String execution = row.claim().executionId().toString();
            return control(
                    "imported-resolved",
                    ending.at(),
                    Map.of("execution", execution, "status", lowerCase(ending.state())));
        }
        return execution(
                "resolution", lowerCase(ending.state()), row.claim(), row.attempt(), ending.at(), ending, resolution);
    }

    /**
     * {@return that a request was refused whose approval somebody signed}
     *
     * @param authority by what it would have been executed
     * @param tenant on whose behalf
     * @param approvalId the approval's own id
     * @param reason the name of the refusal, in lower-case letters and hyphens
     * @param rule the finer rule; empty where the reason says it all
     * @param at when
     */
    public Leaf refusal(Authority authority, String tenant, String approvalId, String reason, String rule, Instant at) {
        String predicate = new JcsObject(512)
                .json("approval", new JcsObject(64).text("id", approvalId).end())
                .text("at", time(at))
                .text("authority", lowerCase(authority))
                .json("executor", executor)
                .text("phase", "refusal")
                .text("reason", reason)
                .text("rule", rule.isEmpty() ? null : rule)
                .text("status", "refused")
                .text("tenant", tenant)
                .end();
        String text = statement(predicate, aboutLedger());
        return previous -> text;
    }

    private String aboutLedger() {
        return "[" + subject("ledger", Digest.ofUtf8(ledgerId)) + "]";
    }

    /**
     * {@return that an operator changed something}
     *
     * @param what in a word of lower-case letters and hyphens
     * @param at when
     * @param details texts about it by their names
     */
    public Leaf control(String what, Instant at, Map<String, String> details) {
        JcsObject named = new JcsObject(128);
        new TreeMap<>(details).forEach(named::text);
        String predicate = new JcsObject(512)
                .text("at", time(at))
                .json("details", details.isEmpty() ? null : named.end())
                .json("executor", executor)
                .text("phase", "control")
                .text("status", what)
                .end();
        String text = statement(predicate, aboutLedger());
        return previous -> text;
    }

    /** All but the previous position is written here: the store's thread only puts that into the text. */
    private Leaf execution(
            String phase,
            String status,
            Claim claim,
            int attempt,
            Instant at,
            @Nullable Ending ending,
            @Nullable Resolution resolution) {
        try {
            String text = text(phase, status, claim, attempt, at, ending, resolution);
            return previous -> after(previous, text);
        } catch (OutOfMemoryError e) { // what has happened is to be recorded all the same: by the store, when it can
            return previous -> after(previous, text(phase, status, claim, attempt, at, ending, resolution));
        }
    }

    private String after(@Nullable LogPosition previous, String text) {
        return text.replace(PREVIOUS, previous == null ? "" : ",\"previous\":" + position(previous));
    }

    private String text(
            String phase,
            String status,
            Claim claim,
            int attempt,
            Instant at,
            @Nullable Ending ending,
            @Nullable Resolution resolution) {
        String code = ending == null ? null : ending.code();
        return statement(
                predicate(phase, status, claim, attempt, at, code), subjects(Documents.of(claim, ending, resolution)));
    }

    private String predicate(String phase, String status, Claim claim, int attempt, Instant at, @Nullable String code) {
        SpentApproval approval = claim.approval();
        Digest code256 = claim.actionDigest();
        return new JcsObject(1024)
                .text("action", claim.action())
                .json("actionDigest", code256 == null ? null : sha256(code256))
                .json(
                        "approval",
                        approval == null
                                ? null
                                : new JcsObject(64).text("id", approval.id()).end())
                .text("at", time(at))
                .number("attempt", attempt)
                .text("authority", lowerCase(claim.authority()))
                .text("claimedAt", time(claim.claimedAt()))
                .text("code", code)
                .text("execId", claim.executionId().toString())
                .json("executor", executor)
                .text("kind", claim.kind().name())
                .text("phase", phase)
                .json("previous", UNKNOWN)
                .text("status", status)
                .text("tenant", claim.tenant())
                .end();
    }

    private String position(LogPosition position) {
        return new JcsObject(128)
                .number("index", position.index())
                .text("log", LogPosition.origin(ledgerId, position.log()))
                .end();
    }

    private static String statement(String predicate, String subjects) {
        return new JcsObject(predicate.length() + subjects.length() + 128)
                .text("_type", "https://in-toto.io/Statement/v1")
                .json("predicate", predicate)
                .text("predicateType", "https://openexec.dev/receipt/v2")
                .json("subject", subjects)
                .end();
    }

    private static String subjects(Documents documents) {
        StringBuilder subjects = new StringBuilder(512).append('[');
        documents
                .byName()
                .forEach((name, text) ->
                        subjects.append(subjects.length() == 1 ? "" : ",").append(subject(name, Digest.ofUtf8(text))));
        return subjects.append(']').toString();
    }

    private static String subject(String name, Digest digest) {
        return new JcsObject(128)
                .json("digest", sha256(digest))
                .text("name", name)
                .end();
    }

    private static String sha256(Digest digest) {
        return new JcsObject(96).text("sha256", digest.hex()).end();
    }

    private static String time(Instant time) {
        return MILLIS.format(time);
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
