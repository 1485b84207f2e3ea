/**
 * For people who write stores.
 *
 * @serial exclude
 */
@NullMarked
package dev.openexec.store;

import org.jspecify.annotations.NullMarked;
