package dev.openexec.evidence;

import dev.openexec.evidence.Verdict.Why;
import dev.openexec.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a caller leaves with: a receipt, the proof that it stands in a log, and the documents that it speaks of. Nothing is
 * verified yet: a {@link Verifier} does that. Immutable.
 *
 * @param receipt an in-toto Statement (version 1), the leaf of the log
 * @param proof that the log has it (C2SP tlog-proof)
 * @param documents the texts whose digests the receipt has, by the names that it calls them; none once they are erased
 */
public record Evidence(String receipt, String proof, Map<String, String> documents) {

    /** The most octets of UTF-8 that a bundle has. */
    public static final int MAX_OCTETS = 16 * 1024 * 1024;

    /** Copies the documents, in the order of their names. */
    public Evidence {
        documents = Collections.unmodifiableMap(new TreeMap<>(documents));
    }

    /**
     * {@return the evidence of its text; empty if that is not its one form}
     *
     * @param json as {@link #json} gives it (RFC 8785)
     */
    public static Optional<Evidence> parse(String json) {
        if (json.length() > MAX_OCTETS || json.getBytes(StandardCharsets.UTF_8).length > MAX_OCTETS) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(ClosedObject.parse(json, Why.EVIDENCE_MALFORMED)));
        } catch (InvalidEvidence e) {
            return Optional.empty();
        }
    }

    /**
     * {@return the evidence of its text; empty if that is not its one form}
     *
     * @param utf8 as {@link #json} gives it (RFC 8785)
     */
    public static Optional<Evidence> parse(byte[] utf8) {
        if (utf8.length > MAX_OCTETS) {
            return Optional.empty();
        }
        try {
            // a new decoder reports what is malformed
            return parse(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static Evidence read(ClosedObject bundle) throws InvalidEvidence {
        ClosedObject documents = bundle.object("documents");
        Map<String, String> texts = new HashMap<>();
        for (String name : documents.left()) {
            texts.put(name, documents.text(name));
        }
        Evidence evidence = new Evidence(bundle.text("receipt"), bundle.text("proof"), texts);
        bundle.end();
        return evidence;
    }

    /**
     * {@return the one text of it (RFC 8785)}
     *
     * @throws IllegalArgumentException if a text is not well-formed Unicode or has more than 8388608 octets of UTF-8
     */
    public String json() {
        return toJson().jcs();
    }

    /**
     * {@return the same as a value}
     *
     * @throws IllegalArgumentException as {@link #json} does
     */
    public Json toJson() {
        return Json.ofDocument(Map.of("receipt", receipt, "proof", proof, "documents", documents));
    }

    /** Names nothing of it: documents hold payloads. */
    @Override
    public String toString() {
        return "Evidence";
    }
}
