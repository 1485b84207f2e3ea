package dev.openexec.evidence;

import dev.openexec.evidence.Verdict.Why;
import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An object in the one form of RFC 8785 of which every member is known: whoever reads it takes them one by one, and none may
 * be left. Not thread-safe.
 */
final class ClosedObject {

    private static final BigInteger MAX_INTEGER = BigInteger.valueOf((1L << 53) - 1); // RFC 8785 appendix D

    private final Json json;
    private final Why why;
    private final Set<String> left;

    private ClosedObject(Json json, Why why) throws InvalidEvidence {
        this.why = why;
        require(json.type() == Json.Type.OBJECT);
        this.json = json;
        this.left = new HashSet<>(json.names());
    }

    /**
     * The object of an untrusted text.
     *
     * @param why the verdict on everything that is wrong with it
     */
    static ClosedObject parse(String text, Why why) throws InvalidEvidence {
        try {
            Json json = Json.parseDocument(text);
            ClosedObject object = new ClosedObject(json, why);
            object.require(json.jcs().equals(text));
            return object;
        } catch (MalformedJsonException | IllegalStateException e) { // the latter: an integer beyond RFC 8785
            throw new InvalidEvidence(why);
        }
    }

    String text(String name) throws InvalidEvidence {
        Json value = take(name);
        require(value.type() == Json.Type.STRING);
        return value.asString();
    }

    String text(String name, Pattern form) throws InvalidEvidence {
        String text = text(name);
        require(form.matcher(text).matches());
        return text;
    }

    Optional<String> optionalText(String name, Pattern form) throws InvalidEvidence {
        return left.contains(name) ? Optional.of(text(name, form)) : Optional.empty();
    }

    /** Takes a text that only has to be of a form. */
    void skip(String name, Pattern form) throws InvalidEvidence {
        require(form.matcher(text(name)).matches());
    }

    void skipOptional(String name, Pattern form) throws InvalidEvidence {
        if (left.contains(name)) {
            skip(name, form);
        }
    }

    void constant(String name, String expected) throws InvalidEvidence {
        require(text(name).equals(expected));
    }

    /** A whole number from 0 to 2^53 - 1. */
    long number(String name) throws InvalidEvidence {
        Json value = take(name);
        require(value.type() == Json.Type.INTEGER);
        BigInteger number = value.asInteger();
        require(number.signum() >= 0 && number.compareTo(MAX_INTEGER) <= 0);
        return number.longValue();
    }

    ClosedObject object(String name) throws InvalidEvidence {
        return new ClosedObject(take(name), why);
    }

    Optional<ClosedObject> optionalObject(String name) throws InvalidEvidence {
        return left.contains(name) ? Optional.of(object(name)) : Optional.empty();
    }

    /** The items, each an object. */
    List<ClosedObject> objects(String name) throws InvalidEvidence {
        Json value = take(name);
        require(value.type() == Json.Type.ARRAY);
        List<ClosedObject> objects = new ArrayList<>();
        for (Json item : value.items()) {
            objects.add(new ClosedObject(item, why));
        }
        return objects;
    }

    /** The names not taken yet. */
    Set<String> left() {
        return Set.copyOf(left);
    }

    void end() throws InvalidEvidence {
        require(left.isEmpty());
    }

    void require(boolean rule) throws InvalidEvidence {
        if (!rule) {
            throw new InvalidEvidence(why);
        }
    }

    private Json take(String name) throws InvalidEvidence {
        require(left.remove(name));
        return json.get(name).orElseThrow();
    }
}
