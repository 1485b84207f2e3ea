package dev.openexec.evidence;

import dev.openexec.approval.Ed25519Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whom somebody who verifies trusts (C2SP tlog-policy): logs, witnesses, and how many of the witnesses it takes. Immutable.
 */
public final class Policy {

    private static final int MAX_LENGTH = 1 << 20;
    private static final int MAX_NAMES = 200;

    private final List<VerifierKey> logs;
    private final List<Cosigner> cosigners;
    private final List<VerifierKey> witnesses;
    private final Quorum quorum;

    private Policy(List<VerifierKey> logs, List<Cosigner> cosigners, Quorum quorum) {
        this.logs = List.copyOf(logs);
        this.cosigners = List.copyOf(cosigners);
        this.witnesses = cosigners.stream().map(Cosigner::key).toList();
        this.quorum = quorum;
    }

    /**
     * A witness of the policy.
     *
     * @param key that verifies its cosignatures
     * @param url to which checkpoints are carried, without the last part of the path; empty if the policy has none
     */
    public record Cosigner(VerifierKey key, String url) {}

    /** A witness or a group: whether it has witnessed what these keys have cosigned. */
    @FunctionalInterface
    private interface Quorum {
        boolean isMet(Set<Ed25519Key> cosigned);
    }

    /**
     * A checkpoint that the policy accepts.
     *
     * @param checkpoint signed by one of the logs under its own name
     * @param cosigned the times of the witnesses that cosigned it, one each
     * @param witnesses how many witnesses the policy has, each key once
     */
    public record Accepted(Checkpoint checkpoint, List<Instant> cosigned, int witnesses) {
        /** Copies the times. */
        public Accepted {
            cosigned = List.copyOf(cosigned);
        }
    }

    /**
     * {@return a policy that trusts one log, and asks for no witness}
     *
     * @param log its verifier key
     * @throws IllegalArgumentException if it is the key of a witness
     */
    public static Policy of(VerifierKey log) {
        if (log.type() != VerifierKey.Type.NOTE) {
            throw new IllegalArgumentException("The key of a log is of the type 0x01");
        }
        return new Policy(List.of(log), List.of(), cosigned -> true);
    }

    /**
     * {@return the policy of a file}
     *
     * @param text its text
     * @throws IllegalArgumentException if it is not one; the message says in which line
     */
    public static Policy parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("A policy has at most " + MAX_LENGTH + " characters");
        }
        return new Reader().read(text);
    }

    /** {@return its logs, in the order of its lines} */
    public List<VerifierKey> logs() {
        return logs;
    }

    /** {@return its witnesses, in the order of its lines} */
    public List<Cosigner> cosigners() {
        return cosigners;
    }

    /**
     * {@return what a checkpoint says, if this policy accepts it} Empty unless one of the logs signed it under its own name and
     * the quorum has cosigned it, at the earliest time that each says. A key counts once, by the first name that it has. A bad
     * line of a log or a witness of this policy spoils the whole note (C2SP signed-note, Signatures).
     *
     * @param note C2SP signed-note
     */
    public Optional<Accepted> accept(String note) {
        Optional<SignedNote> signed = SignedNote.parse(note);
        Optional<Checkpoint> checkpoint = signed.flatMap(parsed -> Checkpoint.parse(parsed.text()));
        if (checkpoint.isEmpty() || !isLogged(signed.get(), checkpoint.get().origin())) {
            return Optional.empty();
        }
        Map<String, Instant> times = new TreeMap<>();
        Set<Ed25519Key> cosigned = new HashSet<>();
        for (VerifierKey witness : witnesses) {
            List<Optional<Instant>> lines = Cosignature.times(signed.get(), witness);
            if (lines.contains(Optional.<Instant>empty())) {
                return Optional.empty();
            }
            Optional<Instant> earliest =
                    lines.stream().flatMap(Optional::stream).min(Comparator.naturalOrder());
            if (earliest.isPresent() && cosigned.add(witness.key())) {
                times.put(witness.toString(), earliest.get());
            }
        }
        return quorum.isMet(cosigned)
                ? Optional.of(new Accepted(checkpoint.get(), List.copyOf(times.values()), distinctWitnesses()))
                : Optional.empty();
    }

    /** Whether the log of this origin signed it, and each other log that is said to have did. */
    private boolean isLogged(SignedNote note, String origin) {
        List<VerifierKey> claimed =
                logs.stream().filter(log -> !note.linesOf(log).isEmpty()).toList();
        return claimed.stream().anyMatch(log -> log.name().equals(origin))
                && claimed.stream().allMatch(note::isSignedBy);
    }

    private int distinctWitnesses() {
        return (int) witnesses.stream().map(VerifierKey::key).distinct().count();
    }

    /** Reads a file, line by line. */
    private static final class Reader {

        private static final Set<String> KEYWORDS = Set.of("none", "all", "any");

        private final List<VerifierKey> logs = new ArrayList<>();
        private final List<Cosigner> cosigners = new ArrayList<>();
        private final Map<String, Quorum> named = new TreeMap<>();
        private final Set<String> members = new HashSet<>();
        private Optional<Quorum> quorum = Optional.empty();

        Policy read(String text) {
            String[] lines = text.split("\n", -1);
            for (int i = 0; i < lines.length; i++) {
                try {
                    line(lines[i]);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("Line " + (i + 1) + ": " + e.getMessage(), e);
                }
            }
            return new Policy(
                    logs,
                    cosigners,
                    quorum.orElseThrow(() -> new IllegalArgumentException("A policy has a quorum line")));
        }

        private void line(String line) {
            require(line.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f)), "no control character but tab");
            List<String> words = new ArrayList<>();
            for (String word : line.split("[ \t]+", -1)) {
                if (word.startsWith("#")) {
                    break;
                }
                if (!word.isEmpty()) {
                    words.add(word);
                }
            }
            if (words.isEmpty()) {
                return;
            }
            switch (words.get(0)) {
                case "log" -> log(words);
                case "witness" -> witness(words);
                case "group" -> group(words);
                case "quorum" -> quorum(words);
                default -> throw new IllegalArgumentException("log, witness, group or quorum");
            }
        }

        private void log(List<String> words) {
            require(words.size() == 2 || words.size() == 3, "log, a verifier key, and at most a URL");
            VerifierKey key = VerifierKey.parse(words.get(1));
            require(key.type() == VerifierKey.Type.NOTE, "the key of a log is of the type 0x01");
            require(logs.stream().noneMatch(known -> known.key().equals(key.key())), "each log once");
            logs.add(key);
        }

        /** A key of the type 0x01 is taken for one that cosigns: it is the same key, under another id. */
        private void witness(List<String> words) {
            require(words.size() == 3 || words.size() == 4, "witness, a name, a verifier key, and at most a URL");
            VerifierKey given = VerifierKey.parse(words.get(2));
            VerifierKey key = new VerifierKey(given.name(), VerifierKey.Type.COSIGNATURE, given.key());
            boolean known =
                    cosigners.stream().anyMatch(other -> other.key().key().equals(key.key()));
            define(words.get(1), known ? cosigned -> false : cosigned -> cosigned.contains(key.key()));
            cosigners.add(new Cosigner(key, words.size() == 4 ? words.get(3) : ""));
        }

        private void group(List<String> words) {
            require(words.size() >= 4, "group, a name, how many, and their names");
            List<String> names = words.subList(3, words.size());
            int threshold = threshold(words.get(2), names.size());
            List<Quorum> parts = new ArrayList<>();
            for (String name : names) {
                require(named.containsKey(name), "each member is defined before");
                require(members.add(name), "each is a member once");
                parts.add(named.get(name));
            }
            define(
                    words.get(1),
                    cosigned ->
                            parts.stream().filter(part -> part.isMet(cosigned)).count() >= threshold);
        }

        private static int threshold(String word, int size) {
            if (word.equals("all")) {
                return size;
            }
            long number = word.equals("any") ? 1 : Checkpoint.number(word).orElse(0L);
            require(number >= 1 && number <= size, "any, all, or how many of them");
            return (int) number;
        }

        private void quorum(List<String> words) {
            require(words.size() == 2 && quorum.isEmpty(), "quorum and one name, once");
            String name = words.get(1);
            require(name.equals("none") || named.containsKey(name), "none, or a name that is defined before");
            quorum = Optional.of(named.getOrDefault(name, cosigned -> true));
        }

        private void define(String name, Quorum part) {
            require(!KEYWORDS.contains(name), "another name than none, all and any");
            require(named.put(name, part) == null, "each name once");
            require(named.size() <= MAX_NAMES, "at most " + MAX_NAMES + " witnesses and groups"); // which may be nested
        }

        private static void require(boolean condition, String rule) {
            if (!condition) {
                throw new IllegalArgumentException(rule);
            }
        }
    }
}
