/**
 * For people who write actions: an {@link dev.openexec.action.Action} is a name, a {@link dev.openexec.action.Kind}, a type
 * of input and a method that does it.
 *
 * <p>Two exceptions belong to an action. {@link dev.openexec.action.InvalidInputException}, from
 * {@link dev.openexec.action.Action#check}, refuses a payload before anything is claimed.
 * {@link dev.openexec.action.ActionFailedException}, from {@link dev.openexec.action.Action#run}, says that it definitely
 * did not happen. Any other exception leaves the outcome unknown. An action that is to be found by its name in a jar, by a
 * server for example, carries it in {@link dev.openexec.action.ActionName}.
 *
 * @serial exclude
 */
@NullMarked
package dev.openexec.action;

import org.jspecify.annotations.NullMarked;
