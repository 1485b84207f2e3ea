/**
 * For people who test what they build on OpenExec: a clock to set, and the contract of a store.
 */
@NullMarked
package dev.openexec.testkit;

import org.jspecify.annotations.NullMarked;
