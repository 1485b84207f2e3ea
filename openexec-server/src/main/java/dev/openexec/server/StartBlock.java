package dev.openexec.server;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What is printed once the server answers. */
final class StartBlock {

    private StartBlock() {}

    /**
     * The lines.
     *
     * @param registered the names of all registered actions
     */
    static List<String> lines(Settings settings, InetSocketAddress address, Collection<String> registered) {
        boolean signed = settings.policy().signed();
        String url = "http://" + host(address) + ":" + address.getPort();
        List<String> actions = registered.stream()
                .filter(name -> settings.allowedActions()
                        .map(allowed -> allowed.contains(name))
                        .orElse(true))
                .toList();
        List<String> lines = new ArrayList<>();
        lines.add("OpenExec " + Version.CURRENT);
        lines.add("  mode      "
                + (signed ? "clawshield: nothing runs without a signed approval" : "demo: requests need no approval"));
        lines.add("  address   " + url);
        if (!address.getAddress().isLoopbackAddress()) {
            lines.add("  exposed   whoever reaches this machine can send requests: callers are not authenticated");
        }
        lines.add("  database  " + settings.ledger());
        lines.add("  actions   " + String.join(", ", actions));
        lines.add("  try       " + (signed ? "curl " + url + "/health" : execute(url)));
        return lines;
    }

    /** As a client on this machine names it. */
    private static String host(InetSocketAddress address) {
        if (address.getAddress().isAnyLocalAddress()) {
            return "127.0.0.1"; // localhost may be [::1] first
        }
        String ip = address.getAddress().getHostAddress();
        return address.getAddress() instanceof Inet6Address ? "[" + ip + "]" : ip;
    }

    private static String execute(String url) {
        return "curl " + url + "/execute -H 'Content-Type: application/json'"
                + " -d '{\"action\":\"echo\",\"payload\":{\"msg\":\"hello\"},\"nonce\":\"try-1\"}'";
    }
}
