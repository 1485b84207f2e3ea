package dev.openexec.evidence;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.regex.Pattern;

/** Times in their one form, {@code YYYY-MM-DDTHH:MM:SS.mmmZ}. */
final class Times {

    private static final Pattern FORM =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z");
    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private Times() {}

    static Instant read(ClosedObject object, String name) throws InvalidEvidence {
        String text = object.text(name, FORM);
        Instant time = Instant.MIN;
        try {
            time = Instant.parse(text);
        } catch (DateTimeException e) {
            object.require(false);
        }
        object.require(MILLIS.format(time).equals(text)); // not 24:00:00, no leap second
        return time;
    }
}
