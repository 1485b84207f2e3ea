package dev.openexec.json;

/**
 * The text is not JSON that everyone reads alike. The message names the rule and never contains the text.
 *
 * <table>
 *   <caption>The rules</caption>
 *   <tr><th>Name</th><th>Broken by</th></tr>
 *   <tr><td>{@code invalid-utf8}</td><td>bytes that are not UTF-8 (overlong forms and surrogates included)</td></tr>
 *   <tr><td>{@code byte-order-mark}</td><td>U+FEFF before the value</td></tr>
 *   <tr><td>{@code invalid-syntax}</td><td>anything outside the grammar of RFC 8259</td></tr>
 *   <tr><td>{@code trailing-content}</td><td>anything but white space after the value</td></tr>
 *   <tr><td>{@code duplicate-member}</td><td>a name that occurs twice in one object, escapes resolved</td></tr>
 *   <tr><td>{@code lone-surrogate}</td><td>half of a surrogate pair, raw or escaped, in a name or a string</td></tr>
 *   <tr><td>{@code non-finite-number}</td><td>a token for NaN or an infinity</td></tr>
 *   <tr><td>{@code number-overflow}</td><td>a number with a fraction or an exponent, beyond the doubles</td></tr>
 *   <tr><td>{@code number-inexact}</td><td>a number with a fraction or an exponent that differs from the shortest
 *       decimal of the closest double: readers of doubles and of decimals would see different numbers</td></tr>
 *   <tr><td>{@code number-too-long}</td><td>a number of more than 128 digits, its exponent included</td></tr>
 *   <tr><td>{@code string-too-long}</td><td>a string of more than 262144 octets of UTF-8, of
 *       {@link Json#parseDocument} 8388608</td></tr>
 *   <tr><td>{@code name-too-long}</td><td>a member name of more than 256 code points</td></tr>
 *   <tr><td>{@code too-deep}</td><td>a value below the 64th level, the root being the first</td></tr>
 *   <tr><td>{@code too-many-values}</td><td>more than 10000 values in a text for {@link Json#parseDocument}, those in others
 *       and the root counted; elsewhere the length of the text alone is bounded</td></tr>
 * </table>
 */
public final class MalformedJsonException extends Exception {

    private final String rule;

    MalformedJsonException(String rule) {
        super("Malformed JSON: " + rule);
        this.rule = rule;
    }

    /** {@return the stable name of the rule that was broken, for example {@code duplicate-member}} */
    public String rule() {
        return rule;
    }
}
