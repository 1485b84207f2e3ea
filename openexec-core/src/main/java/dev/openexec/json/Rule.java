package dev.openexec.json;

/** The rules of {@link MalformedJsonException}, whose Javadoc says what each means. */
enum Rule {
    INVALID_UTF8("invalid-utf8"),
    BYTE_ORDER_MARK("byte-order-mark"),
    INVALID_SYNTAX("invalid-syntax"),
    TRAILING_CONTENT("trailing-content"),
    DUPLICATE_MEMBER("duplicate-member"),
    LONE_SURROGATE("lone-surrogate"),
    NON_FINITE_NUMBER("non-finite-number"),
    NUMBER_OVERFLOW("number-overflow"),
    NUMBER_INEXACT("number-inexact"),
    NUMBER_TOO_LONG("number-too-long"),
    STRING_TOO_LONG("string-too-long"),
    NAME_TOO_LONG("name-too-long"),
    TOO_DEEP("too-deep"),
    TOO_MANY_VALUES("too-many-values");

    private final String label;

    Rule(String label) {
        this.label = label;
    }

    MalformedJsonException broken() {
        return new MalformedJsonException(label);
    }
}
