/**
 * Authority: who may have something executed, and how that is verified.
 *
 * <p>An {@link dev.openexec.approval.ApprovalPolicy} is either signed, with the {@link dev.openexec.approval.ApprovalKey}s
 * that count and the tenant they approve for, or unsigned, for trying things out. It verifies offline, and in one fixed
 * order: form, key, request hash, signature, tenant, times. Public keys only: nothing in this module can sign.
 *
 * @serial exclude
 */
@NullMarked
package dev.openexec.approval;

import org.jspecify.annotations.NullMarked;
