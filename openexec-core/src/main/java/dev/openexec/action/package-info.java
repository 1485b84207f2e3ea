/**
 * For people who write actions.
 *
 * @serial exclude
 */
@NullMarked
package dev.openexec.action;

import org.jspecify.annotations.NullMarked;
