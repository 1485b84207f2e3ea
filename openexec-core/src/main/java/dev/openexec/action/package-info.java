/**
 * For people who write actions.
 */
@NullMarked
package dev.openexec.action;

import org.jspecify.annotations.NullMarked;
