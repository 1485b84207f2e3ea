package dev.openexec.store.jdbc;

import dev.openexec.action.Kind;
import dev.openexec.approval.Authority;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.StoredExecution;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of the Python reference, read so strictly that what is replayed are the bytes that the reference answered with.
 * Whatever is not as the reference writes it, or not as our own requests can be, blocks its nonce and never replays.
 *
 * @param nonceKey untenanted, so that it stands in the way of every tenant; of what is too long or not text, the row's own
 * @param nonce of what is too long or not text, the first 256 bytes, as far as they can be read
 * @param askable whether a request of ours can have this nonce
 * @param id null unless it is a UUID as Python writes it
 * @param action null unless it is a name that a request of ours can have
 * @param payload null unless it is an object, in the very bytes that we would write
 * @param result the same
 * @param at null unless it is a time as SQLAlchemy writes it; UTC, as the reference means it
 */
record ReferenceRow(
        Digest nonceKey,
        String nonce,
        boolean askable,
        @Nullable UUID id,
        @Nullable String action,
        @Nullable Json payload,
        @Nullable Json result,
        boolean approved,
        @Nullable Instant at) {

    /**
     * Longer texts are not read. A result of ours is no longer either, and what is read takes many times its length of
     * memory: at the import, and a result again with every replay.
     */
    private static final int MAX_TEXT_BYTES = 1 << 20;

    private static final String TEXT_BYTES = "CASE WHEN typeof(%1$s) = 'text' AND length(CAST(%1$s AS BLOB)) <= "
            + MAX_TEXT_BYTES + " THEN CAST(%1$s AS BLOB) END";

    /** All rows in the order in which they were written; bytes, because the driver would mend what is not UTF-8. */
    static final String SELECT_ALL = "SELECT rowid, substr(CAST(nonce AS BLOB), 1, 256), typeof(nonce) = 'text', "
            + TEXT_BYTES.formatted("id") + ", "
            + TEXT_BYTES.formatted("action") + ", "
            + TEXT_BYTES.formatted("payload") + ", "
            + TEXT_BYTES.formatted("result") + ", "
            + TEXT_BYTES.formatted("timestamp") + ", "
            + "approved IS 1 FROM main." + ReferenceTable.IMPORTED + " ORDER BY rowid";

    // what a request of ours can have at most
    private static final int MAX_NONCE_BYTES = 255;
    private static final int MAX_ACTION_NAME = 256;
    private static final int MAX_PAYLOAD_DEPTH = 63;

    private static final byte[] NOTHING = {};
    private static final String NO_TENANT = "";
    private static final Digest OF_NO_REQUEST = Digest.of();
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS").withResolverStyle(ResolverStyle.STRICT);

    /** The current row of {@link #SELECT_ALL}. */
    static ReferenceRow read(ResultSet current) throws SQLException {
        Columns columns = new Columns(current);
        long number = columns.number();
        byte[] nonce = Objects.requireNonNullElse(columns.optionalBytes(), NOTHING); // an empty piece comes as null
        String nonceText = columns.number() == 1 && nonce.length <= MAX_NONCE_BYTES ? text(nonce) : null;
        UUID id = uuid(text(columns.optionalBytes()));
        String action = text(columns.optionalBytes());
        Json payload = payload(columns.optionalBytes());
        Json result = object(columns.optionalBytes());
        Instant at = time(text(columns.optionalBytes()));
        boolean approved = columns.number() == 1;
        return new ReferenceRow(
                nonceText == null ? keyOfNoNonce(number) : nonceKey(nonce),
                nonceText == null ? new String(nonce, StandardCharsets.UTF_8) : nonceText,
                nonceText != null && isAskable(nonceText),
                id,
                named(action),
                payload,
                result,
                approved,
                at);
    }

    /** The row in the words of our ledger: a success, or an unknown outcome whose code says what is wrong with the row. */
    StoredExecution imported(Instant now) {
        Instant when = at == null ? now : at;
        Claim claim = new Claim(
                id == null ? UUID.randomUUID() : id,
                nonceKey,
                nonceKey,
                Authority.IMPORTED,
                null,
                requestHash(),
                NO_TENANT,
                nonce,
                action == null ? "" : action,
                Kind.AT_MOST_ONCE,
                null,
                payload == null ? "{}" : payload.canonical(),
                Meta.randomId(),
                Meta.randomId(),
                when);
        String fault = fault();
        Ending ending = fault == null
                ? Ending.succeeded(when, Objects.requireNonNull(result).spaced())
                : Ending.indeterminate(when, fault);
        return new StoredExecution(claim, 1, ending);
    }

    /** The first thing that keeps it from being replayed, if there is one. */
    private @Nullable String fault() {
        if (!askable) {
            return "imported-nonce";
        }
        if (id == null) {
            return "imported-id";
        }
        if (action == null) {
            return "imported-action";
        }
        if (payload == null) {
            return "imported-payload";
        }
        if (result == null) {
            return "imported-result";
        }
        if (!approved) {
            return "imported-unapproved";
        }
        return at == null ? "imported-timestamp" : null;
    }

    private Digest requestHash() {
        return action == null || payload == null
                ? OF_NO_REQUEST
                : Digest.ofUtf8(
                        Json.of(Map.of("action", action, "payload", payload)).canonical());
    }

    private static Digest nonceKey(byte[] nonce) {
        return Digest.ofFields("openexec/nonce/1", NO_TENANT.getBytes(StandardCharsets.UTF_8), nonce);
    }

    /** What is too long or not text no request can ask for; it must not stand where text stands. */
    private static Digest keyOfNoNonce(long row) {
        return Digest.ofFields("openexec/imported-row/1", Long.toString(row).getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean isAskable(String nonce) {
        return !nonce.isEmpty() && nonce.chars().noneMatch(Character::isISOControl);
    }

    private static @Nullable String text(byte @Nullable [] utf8) {
        if (utf8 == null) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static @Nullable UUID uuid(@Nullable String text) {
        try {
            UUID uuid = text == null ? null : UUID.fromString(text);
            return uuid != null && uuid.toString().equals(text) ? uuid : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable String named(@Nullable String action) {
        return action == null || action.isEmpty() || action.length() > MAX_ACTION_NAME ? null : action;
    }

    private static @Nullable Json payload(byte @Nullable [] utf8) {
        Json payload = object(utf8);
        return payload == null || payload.depth() > MAX_PAYLOAD_DEPTH ? null : payload;
    }

    private static @Nullable Json object(byte @Nullable [] utf8) {
        try {
            Json json = utf8 == null ? Json.emptyObject() : Json.parse(utf8);
            boolean same = utf8 != null && json.spaced().equals(new String(utf8, StandardCharsets.UTF_8));
            return same && json.type() == Json.Type.OBJECT ? json : null;
        } catch (MalformedJsonException e) {
            return null;
        }
    }

    private static @Nullable Instant time(@Nullable String text) {
        try {
            return text == null || text.length() != 26
                    ? null
                    : LocalDateTime.parse(text, TIMESTAMP).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
