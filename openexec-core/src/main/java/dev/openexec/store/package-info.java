/**
 * For people who write stores.
 */
@NullMarked
package dev.openexec.store;

import org.jspecify.annotations.NullMarked;
