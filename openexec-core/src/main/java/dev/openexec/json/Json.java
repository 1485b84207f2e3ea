package dev.openexec.json;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Skeleton: the signatures the other rooms build on. */
public final class Json {

    /** What a value is. Integers and floats are told apart as Python does: by the literal. */
    public enum Type {
        OBJECT,
        ARRAY,
        STRING,
        INTEGER,
        FLOAT,
        BOOLEAN,
        NULL
    }

    private Json() {}

    public static Json parse(byte[] utf8) throws MalformedJsonException {
        throw new UnsupportedOperationException();
    }

    public static Json parse(String text) throws MalformedJsonException {
        throw new UnsupportedOperationException();
    }

    /** Map, List, String, Boolean, Integer, Long, BigInteger, Double, Json or null values. */
    public static Json of(Map<String, ?> members) {
        throw new UnsupportedOperationException();
    }

    public static Json emptyObject() {
        throw new UnsupportedOperationException();
    }

    public Type type() {
        throw new UnsupportedOperationException();
    }

    public Set<String> names() {
        throw new UnsupportedOperationException();
    }

    public Optional<Json> get(String name) {
        throw new UnsupportedOperationException();
    }

    public List<Json> items() {
        throw new UnsupportedOperationException();
    }

    public String asString() {
        throw new UnsupportedOperationException();
    }

    public BigInteger asInteger() {
        throw new UnsupportedOperationException();
    }

    public double asDouble() {
        throw new UnsupportedOperationException();
    }

    public boolean asBoolean() {
        throw new UnsupportedOperationException();
    }

    /** Levels of nesting: 1 for a scalar or an empty container at the root. */
    public int depth() {
        throw new UnsupportedOperationException();
    }

    public String canonical() {
        throw new UnsupportedOperationException();
    }

    public String spaced() {
        throw new UnsupportedOperationException();
    }
}
