package dev.openexec.json;

import java.math.BigInteger;
import java.nio.CharBuffer;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value (RFC 8259) that everyone reads alike, with its canonical text: the text that CPython 3 gives for
 * {@code json.dumps(value, sort_keys=True)}, which is what approvals and receipts hash.
 *
 * <p>Every value, however made, keeps the rules of {@link MalformedJsonException}, so that
 * {@code Json.parse(json.canonical())} succeeds and equals {@code json}. Two values are equal if their canonical texts
 * are. Immutable and safe for use by several threads.
 */
public final class Json {

    /** What a value is. Integers and floats are told apart as Python does: by the literal. */
    public enum Type {
        /** Members with names, in canonical order. */
        OBJECT,
        /** Items in order. */
        ARRAY,
        /** Well-formed Unicode text. */
        STRING,
        /** A number written without fraction and exponent: exact, up to 128 digits. */
        INTEGER,
        /** A number written with a fraction or an exponent: a finite double, both zeros included. */
        FLOAT,
        /** {@code true} or {@code false}. */
        BOOLEAN,
        /** {@code null}. */
        NULL
    }

    static final int MAX_DEPTH = 64;

    static final Json NULL = leaf(Type.NULL, "null");
    static final Json TRUE = leaf(Type.BOOLEAN, "true");
    static final Json FALSE = leaf(Type.BOOLEAN, "false");

    private static final Json EMPTY_OBJECT = object(List.of(), List.of());

    private final Type type;
    private final String text;
    private final List<String> names;
    private final List<Json> children;
    private final int depth;
    private @Nullable String canonical;

    private Json(Type type, String text, List<String> names, List<Json> children) {
        this.type = type;
        this.text = text;
        this.names = names;
        this.children = children;
        int deepest = 0;
        for (Json child : children) {
            deepest = Math.max(deepest, child.depth);
        }
        this.depth = 1 + deepest;
    }

    static Json leaf(Type type, String text) {
        return new Json(type, text, List.of(), List.of());
    }

    static Json array(List<Json> items) {
        return new Json(Type.ARRAY, "", List.of(), List.copyOf(items));
    }

    static Json object(List<String> names, List<Json> values) {
        return new Json(Type.OBJECT, "", List.copyOf(names), List.copyOf(values));
    }

    /**
     * Reads untrusted bytes. Time and memory are linear in their number, which the caller bounds.
     *
     * @param utf8 one JSON value, with white space around it or none
     * @return the value
     * @throws MalformedJsonException if a rule is broken
     */
    public static Json parse(byte[] utf8) throws MalformedJsonException {
        CharBuffer chars = InputText.decode(utf8);
        return JsonReader.read(chars.array(), chars.length());
    }

    /**
     * Reads untrusted text, as if it came as UTF-8.
     *
     * @param text one JSON value, with white space around it or none
     * @return the value
     * @throws MalformedJsonException if a rule is broken
     */
    public static Json parse(String text) throws MalformedJsonException {
        return JsonReader.read(text.toCharArray(), text.length());
    }

    /**
     * Reads an untrusted document that carries whole texts as strings, such as a request or a result with all the escapes
     * that its own form has: as {@link #parse(String)}, but a string may have up to 8388608 octets, and there may be 10000
     * values. A value so read with a string that is longer than others may be is one for this method only.
     *
     * @param text one JSON value, with white space around it or none
     * @return the value
     * @throws MalformedJsonException if a rule is broken
     */
    public static Json parseDocument(String text) throws MalformedJsonException {
        return JsonReader.readDocument(text.toCharArray(), text.length());
    }

    /**
     * An object made of Java values, copied: {@code null}, {@link Boolean}, {@link String}, {@link Integer},
     * {@link Long}, {@link java.math.BigInteger}, {@link Double}, {@link Float} and {@link java.math.BigDecimal},
     * {@link List}, {@link Map} with string keys, and {@link Json}. A decimal is read as the literal that its {@code
     * toString} gives, so {@code new BigDecimal("5")} is an integer. A {@code Float} that denotes another number than
     * its own text, such as {@code 0.1f}, is refused as inexact.
     *
     * @param members the names and values, in any order
     * @return the object
     * @throws IllegalArgumentException if a value is of another kind or breaks a rule of
     *     {@link MalformedJsonException}; the message names the rule, no value
     */
    public static Json of(Map<String, ?> members) {
        return JavaValues.copy(members, Text.MAX_STRING_OCTETS);
    }

    /**
     * An object for {@link #parseDocument}: as {@link #of}, but a string may have up to 8388608 octets.
     *
     * @param members the names and values, in any order
     * @return the object
     * @throws IllegalArgumentException as {@link #of} does
     */
    public static Json ofDocument(Map<String, ?> members) {
        return JavaValues.copy(members, Text.MAX_DOCUMENT_OCTETS);
    }

    /** {@return the object without members} */
    public static Json emptyObject() {
        return EMPTY_OBJECT;
    }

    /** {@return what this value is, and so which view of it succeeds} */
    public Type type() {
        return type;
    }

    /**
     * {@return the member names in canonical order, unmodifiable}
     *
     * @throws IllegalStateException if this is no object
     */
    public Set<String> names() {
        require(Type.OBJECT);
        return Collections.unmodifiableSet(new LinkedHashSet<>(names));
    }

    /**
     * {@return the member of that name, or empty if there is none}
     *
     * @param name the member's name, escapes resolved
     * @throws IllegalStateException if this is no object
     */
    public Optional<Json> get(String name) {
        require(Type.OBJECT);
        int index = Collections.binarySearch(names, name, CodePointOrder::compare);
        return index < 0 ? Optional.empty() : Optional.of(children.get(index));
    }

    /**
     * {@return the items in order, unmodifiable}
     *
     * @throws IllegalStateException if this is no array
     */
    public List<Json> items() {
        require(Type.ARRAY);
        return children;
    }

    /**
     * {@return the text, escapes resolved}
     *
     * @throws IllegalStateException if this is no string
     */
    public String asString() {
        require(Type.STRING);
        return text;
    }

    /**
     * {@return the exact value}
     *
     * @throws IllegalStateException if this is no integer
     */
    public BigInteger asInteger() {
        require(Type.INTEGER);
        return new BigInteger(text);
    }

    /**
     * {@return the value, finite}
     *
     * @throws IllegalStateException if this is no float (an integer is none)
     */
    public double asDouble() {
        require(Type.FLOAT);
        return Double.parseDouble(text);
    }

    /**
     * {@return the truth value}
     *
     * @throws IllegalStateException if this is no boolean
     */
    public boolean asBoolean() {
        require(Type.BOOLEAN);
        return text.equals("true");
    }

    /** {@return the levels of nesting, 1 to 64: 1 for a scalar or an empty container, else one more than the deepest child} */
    public int depth() {
        return depth;
    }

    /**
     * {@return the canonical text: {@code json.dumps(value, sort_keys=True, separators=(",", ":"))}} Printable ASCII; what
     * request hashes cover.
     */
    public String canonical() {
        String known = canonical; // a race computes the same immutable string twice
        if (known == null) {
            known = CanonicalWriter.compact(this);
            canonical = known;
        }
        return known;
    }

    /** {@return the text {@code json.dumps(value, sort_keys=True)}} Printable ASCII; what receipt hashes cover. */
    public String spaced() {
        return CanonicalWriter.spaced(this);
    }

    /**
     * {@return the text of RFC 8785} What receipts and their documents are written in.
     *
     * @throws IllegalStateException if it has an integer that no double equals: that has no such text
     */
    public String jcs() {
        return JcsWriter.write(this);
    }

    /**
     * Writes a text as a string of RFC 8785, in its quotes.
     *
     * @param text well-formed Unicode
     * @param out is appended to
     */
    public static void jcs(String text, StringBuilder out) {
        new JcsWriter(out).string(text);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof Json json && canonical().equals(json.canonical()));
    }

    @Override
    public int hashCode() {
        return canonical().hashCode();
    }

    /** The type alone: content never reaches a log by accident. */
    @Override
    public String toString() {
        return "Json[" + type + "]";
    }

    String text() {
        return text;
    }

    List<String> nameList() {
        return names;
    }

    List<Json> children() {
        return children;
    }

    private void require(Type expected) {
        if (type != expected) {
            throw new IllegalStateException("Not " + expected + " but " + type);
        }
    }
}
