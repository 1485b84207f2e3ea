package dev.openexec.evidence;

import dev.openexec.evidence.Verdict.Why;
import dev.openexec.json.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A receipt as it stands in a log: an in-toto Statement (version 1) in the form of RFC 8785 of which every member is known.
 *
 * @param phase what it is about
 * @param status what happened
 * @param ledgerId of the ledger whose executor wrote it
 * @param at when, by the executor's clock
 * @param subjects the digests of the documents that it speaks of, none if it is about no execution
 * @param step there exactly if it is about an execution
 */
record LoggedReceipt(
        Phase phase, String status, String ledgerId, Instant at, Map<String, Digest> subjects, Optional<Step> step) {

    private static final int MAX_OCTETS = 64 * 1024;
    private static final Pattern PHASE = Pattern.compile("intent|outcome|resolution|refusal|control");
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final Pattern RULE = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern DETAIL = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,63}");
    static final Pattern ANYTHING = Pattern.compile("(?s).*");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern VERSION = Pattern.compile("[\\x21-\\x7e]{1,128}");

    static LoggedReceipt parse(String text) throws InvalidEvidence {
        if (text.length() >= MAX_OCTETS || text.getBytes(StandardCharsets.UTF_8).length >= MAX_OCTETS) {
            throw new InvalidEvidence(Why.RECEIPT_MALFORMED);
        }
        ClosedObject statement = ClosedObject.parse(text, Why.RECEIPT_MALFORMED);
        statement.constant("_type", "https://in-toto.io/Statement/v1");
        statement.constant("predicateType", "https://openexec.dev/receipt/v2");
        LoggedReceipt receipt = read(statement, statement.object("predicate"));
        statement.end();
        return receipt;
    }

    private static LoggedReceipt read(ClosedObject statement, ClosedObject predicate) throws InvalidEvidence {
        Phase phase = Phase.valueOf(predicate.text("phase", PHASE).toUpperCase(Locale.ROOT));
        String status = predicate.text("status", NAME);
        predicate.require(phase.allows(status));
        String ledgerId = executor(predicate.object("executor"));
        Instant at = Times.read(predicate, "at");
        Map<String, Digest> subjects = Map.of();
        Optional<Step> step = Optional.empty();
        if (phase.isOfExecution()) {
            Step read = Step.read(predicate, phase, status, ledgerId);
            subjects = Subjects.read(
                    statement,
                    Subjects.ofExecution(phase, status, read.approval().isPresent()));
            step = Optional.of(read);
        } else {
            Subjects.requireLedger(statement, ledgerId);
            if (phase == Phase.REFUSAL) {
                skipRefusal(predicate);
            } else {
                skipControl(predicate, ledgerId);
            }
        }
        predicate.end();
        return new LoggedReceipt(phase, status, ledgerId, at, subjects, step);
    }

    private static String executor(ClosedObject executor) throws InvalidEvidence {
        String id = executor.text("id", ID);
        executor.skip("boot", ID);
        executor.skip("version", VERSION);
        executor.end();
        return id;
    }

    private static void skipRefusal(ClosedObject predicate) throws InvalidEvidence {
        predicate.skip("reason", NAME);
        predicate.skipOptional("rule", RULE);
        predicate.skip("tenant", Step.TENANT);
        boolean signed = predicate.text("authority", Step.AUTHORITY).equals("v1");
        Optional<String> approval = Step.approval(predicate); // there once its signature was valid
        predicate.require(signed || approval.isEmpty());
    }

    private static void skipControl(ClosedObject predicate, String ledgerId) throws InvalidEvidence {
        Optional<Position> unused = Step.previous(predicate, ledgerId);
        Optional<ClosedObject> details = predicate.optionalObject("details");
        if (details.isPresent()) {
            for (String name : details.get().left()) {
                details.get().require(DETAIL.matcher(name).matches());
                details.get().skip(name, ANYTHING);
            }
        }
    }
}
