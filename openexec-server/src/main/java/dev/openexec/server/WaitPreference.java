package dev.openexec.server;

import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long a client prefers to wait: {@code Prefer: wait=10} (RFC 7240 section 4.3). What is malformed is as if it were not
 * there, and of several only the first counts (section 2).
 *
 * @param asked in seconds, zero or more
 */
record WaitPreference(BigInteger asked) {

    /** Shorter than the soft deadline of the executor, so that who waits is told that the first is still running. */
    static final int MAX_SECONDS = 20;

    private static final Pattern SECONDS = Pattern.compile("(\"?)([0-9]+)\\1");

    static Optional<WaitPreference> in(HeaderMap headers) {
        HeaderValues fields = headers.get("Prefer");
        return fields == null
                ? Optional.empty()
                : fields.stream()
                        .flatMap(field -> parts(field, ',').stream())
                        .map(preference -> parts(preference, ';').get(0)) // without its parameters
                        .map(preference -> preference.split("=", 2))
                        .filter(preference -> preference[0].strip().equalsIgnoreCase("wait"))
                        .findFirst()
                        .flatMap(wait -> of(wait.length == 2 ? wait[1].strip() : ""));
    }

    private static Optional<WaitPreference> of(String word) {
        return Optional.of(SECONDS.matcher(word))
                .filter(matcher -> matcher.matches())
                .map(matcher -> new WaitPreference(new BigInteger(matcher.group(2))));
    }

    /** At least one, cut at a separator that stands in no quoted string. */
    private static List<String> parts(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++; // whatever comes next is meant as it is
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(begin, i));
                begin = i + 1;
            }
        }
        parts.add(text.substring(begin));
        return parts;
    }

    /** More than the most counts as the most. */
    Duration budget() {
        return Duration.ofSeconds(asked.min(BigInteger.valueOf(MAX_SECONDS)).intValue());
    }

    /** What the answer says of it (section 3); null unless it was honoured to the letter. */
    @Nullable String applied() {
        return asked.equals(BigInteger.valueOf(budget().toSeconds())) ? "wait=" + asked : null;
    }
}
