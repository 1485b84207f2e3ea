/** What campaigns drive: witnessed actions, a process that dies where it is told to, and an approver. */
@NullMarked
package dev.openexec.campaigns;

import org.jspecify.annotations.NullMarked;
