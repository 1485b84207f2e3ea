package dev.openexec.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads text into a tree: Jackson's tokenizer under our rules. Jackson's own limits are lifted because ours are
 * stricter and carry stable names; none of them guards memory here, the whole text being in memory already.
 */
final class JsonReader {

    private static final int MAX_DOCUMENT_VALUES = 10_000;

    private static final JsonFactory TOKENIZERS = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            // only so that these tokens are refused under their own name
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final JsonParser tokens;
    private final int maxStringOctets;
    private int valuesLeft;

    private JsonReader(JsonParser tokens, int maxStringOctets, int maxValues) {
        this.tokens = tokens;
        this.maxStringOctets = maxStringOctets;
        this.valuesLeft = maxValues;
    }

    static Json read(char[] chars, int length) throws MalformedJsonException {
        return read(chars, length, Text.MAX_STRING_OCTETS, Integer.MAX_VALUE);
    }

    /** What has long texts has few values: as many as fill such a text would take a hundred times its length of memory. */
    static Json readDocument(char[] chars, int length) throws MalformedJsonException {
        return read(chars, length, Text.MAX_DOCUMENT_OCTETS, MAX_DOCUMENT_VALUES);
    }

    private static Json read(char[] chars, int length, int maxStringOctets, int maxValues)
            throws MalformedJsonException {
        InputText.check(chars, length);
        try (JsonParser tokens = TOKENIZERS.createParser(chars, 0, length)) {
            Json root = new JsonReader(tokens, maxStringOctets, maxValues).value(tokens.nextToken(), 1);
            requireEnd(tokens);
            return root;
        } catch (IOException e) {
            // no cause: Jackson's messages quote the text
            throw Rule.INVALID_SYNTAX.broken();
        }
    }

    private static void requireEnd(JsonParser tokens) throws MalformedJsonException {
        try {
            if (tokens.nextToken() == null) {
                return;
            }
        } catch (IOException e) {
            // whatever it is, it stands after the root value
        }
        throw Rule.TRAILING_CONTENT.broken();
    }

    private Json value(JsonToken token, int level) throws IOException, MalformedJsonException {
        if (token == null) {
            throw Rule.INVALID_SYNTAX.broken();
        }
        if (level > Json.MAX_DEPTH) {
            throw Rule.TOO_DEEP.broken();
        }
        if (--valuesLeft < 0) {
            throw Rule.TOO_MANY_VALUES.broken();
        }
        return switch (token) {
            case START_OBJECT -> object(level);
            case START_ARRAY -> array(level);
            case VALUE_STRING -> string(tokens.getText());
            case VALUE_NUMBER_INT -> NumberLiteral.read(tokens.getText());
            case VALUE_NUMBER_FLOAT -> number();
            case VALUE_TRUE -> Json.TRUE;
            case VALUE_FALSE -> Json.FALSE;
            case VALUE_NULL -> Json.NULL;
            default -> throw Rule.INVALID_SYNTAX.broken();
        };
    }

    private Json object(int level) throws IOException, MalformedJsonException {
        Members members = new Members();
        while (tokens.nextToken() == JsonToken.FIELD_NAME) {
            String name = tokens.currentName();
            members.add(name, value(tokens.nextToken(), level + 1));
        }
        return members.toJson();
    }

    private Json array(int level) throws IOException, MalformedJsonException {
        List<Json> items = new ArrayList<>();
        JsonToken token = tokens.nextToken();
        while (token != JsonToken.END_ARRAY) {
            items.add(value(token, level + 1));
            token = tokens.nextToken();
        }
        return Json.array(items);
    }

    private Json number() throws IOException, MalformedJsonException {
        if (tokens.isNaN()) {
            throw Rule.NON_FINITE_NUMBER.broken();
        }
        return NumberLiteral.read(tokens.getText());
    }

    private Json string(String string) throws MalformedJsonException {
        Text.checkString(string, maxStringOctets);
        return Json.leaf(Json.Type.STRING, string);
    }
}
