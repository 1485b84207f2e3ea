/**
 * Authority: who may have something executed, and how that is verified.
 *
 * @serial exclude
 */
@NullMarked
package dev.openexec.approval;

import org.jspecify.annotations.NullMarked;
