package dev.openexec.server;

import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.store.jdbc.LedgerUrl;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A configuration without mistakes.
 *
 * @param policy demo or clawshield, with keys and tenant
 * @param allowedActions the only actions that run; empty for all registered ones
 * @param installedActions registered beside the built-in ones
 * @param ledger where the ledger is
 * @param address where to listen, resolved
 * @param hosts accepted in Host besides the loopback names, lower case
 * @param origins accepted in Origin, lower case
 * @param maxBodyBytes the longest request body
 */
record Settings(
        ApprovalPolicy policy,
        Optional<List<String>> allowedActions,
        List<String> installedActions,
        LedgerUrl ledger,
        InetSocketAddress address,
        Set<String> hosts,
        Set<String> origins,
        int maxBodyBytes) {}
