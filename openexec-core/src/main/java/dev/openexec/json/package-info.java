/**
 * The bytes that are signed and hashed: strict JSON in, Python's two canonical forms out.
 *
 * <p>An approval signs the hash of a text, so the text must be the same for whoever signs and whoever verifies. The
 * first implementation of the protocol signs what CPython's {@code json.dumps(sort_keys=True)} writes. No Java library
 * writes that form, and the standard one, RFC 8785, differs from it in the order of names, in numbers and in escapes:
 * hence the bytes are our own. Reading is our own as far as two readers could disagree about a text; every such text is
 * refused under a named rule ({@link dev.openexec.json.MalformedJsonException}), and the tokens come from Jackson, which
 * stays out of all signatures.
 *
 * @serial exclude
 */
@NullMarked
package dev.openexec.json;

import org.jspecify.annotations.NullMarked;
