package dev.openexec.approval;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/**
 * Times as Python's {@code datetime.utcnow().isoformat()} writes them: no zone, UTC meant, either no fraction or exactly
 * six digits that are not all zero (Python never writes {@code .000000}).
 */
final class NaiveUtc {

    static final Pattern FORM =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.(?!000000)[0-9]{6})?");

    private NaiveUtc() {}

    /** The instant of a text that matches {@link #FORM}. */
    static Instant parse(String text) throws InvalidApprovalException {
        try {
            LocalDateTime time = LocalDateTime.of(
                    number(text, 0, 4),
                    number(text, 5, 7),
                    number(text, 8, 10),
                    number(text, 11, 13),
                    number(text, 14, 16),
                    number(text, 17, 19),
                    text.length() > 19 ? number(text, 20, 26) * 1000 : 0);
            if (time.getYear() == 0) { // Python's calendar begins with year 1
                throw ArtifactV1.malformed("timestamp-calendar");
            }
            return time.toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw ArtifactV1.malformed("timestamp-calendar");
        }
    }

    private static int number(String text, int begin, int end) {
        return Integer.parseInt(text, begin, end, 10);
    }
}
