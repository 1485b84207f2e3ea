/**
 * The bytes that are signed and hashed: strict JSON in, Python's two canonical forms out.
 */
@NullMarked
package dev.openexec.json;

import org.jspecify.annotations.NullMarked;
