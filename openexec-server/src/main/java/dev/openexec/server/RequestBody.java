package dev.openexec.server;

import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A JSON object of known members. Its complaints say what is expected and repeat nothing of what came. */
final class RequestBody {

    private final Json object;

    private RequestBody(Json object) {
        this.object = object;
    }

    /**
     * Reads a body.
     *
     * @param members all that may occur
     */
    static RequestBody read(byte[] bytes, List<String> members) throws BadRequestException {
        return readAny(bytes, List.of(members));
    }

    /**
     * Reads a body that has one of several forms.
     *
     * @param forms all members that may occur together, or other ones
     */
    static RequestBody readAny(byte[] bytes, List<List<String>> forms) throws BadRequestException {
        Json body = parse(bytes);
        if (body.type() != Json.Type.OBJECT) {
            throw mismatch("The body must be an object");
        }
        if (forms.stream().noneMatch(members -> members.containsAll(body.names()))) {
            throw mismatch("The body may have these members only: "
                    + forms.stream().map(form -> String.join(", ", form)).collect(Collectors.joining("; or: ")));
        }
        return new RequestBody(body);
    }

    private static Json parse(byte[] bytes) throws BadRequestException {
        try {
            return Json.parse(bytes);
        } catch (MalformedJsonException e) {
            throw new BadRequestException(Problem.of(400, "malformed-json", "Malformed JSON: " + e.rule()));
        }
    }

    /** Whether there is such a member. */
    boolean has(String member) {
        return object.get(member).isPresent();
    }

    /** A member that must be there and be a string. */
    String string(String member) throws BadRequestException {
        return string(object, member);
    }

    /** A member of an object that must be there and be a string. */
    static String string(Json object, String member) throws BadRequestException {
        Json value = object.get(member).orElseThrow(() -> mismatch(member + " is missing"));
        if (value.type() != Json.Type.STRING) {
            throw mismatch(member + " must be a string");
        }
        return value.asString();
    }

    /** A member that must be an object if it is there and not null. */
    Optional<Json> object(String member) throws BadRequestException {
        Optional<Json> value = object.get(member).filter(json -> json.type() != Json.Type.NULL);
        if (value.isPresent() && value.get().type() != Json.Type.OBJECT) {
            throw mismatch(member + " must be an object or null");
        }
        return value;
    }

    private static BadRequestException mismatch(String detail) {
        return new BadRequestException(Problem.of(422, "invalid-request", detail));
    }
}
