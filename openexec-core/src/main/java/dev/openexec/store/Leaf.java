package dev.openexec.store;

import org.jspecify.annotations.Nullable;

/** A receipt that is to be appended to the log. Thread-safe; a store may ask for its text more than once. */
@FunctionalInterface
public interface Leaf {

    /**
     * {@return the text, whose UTF-8 bytes are the leaf of the tree}
     *
     * @param previous where the last receipt of the same execution stands, as the transaction finds it that appends this
     *     one; null if there is none
     */
    String after(@Nullable LogPosition previous);
}
