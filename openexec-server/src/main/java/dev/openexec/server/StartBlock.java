package dev.openexec.server;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
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
        return List.of(
                "OpenExec " + Version.CURRENT,
                "  mode      "
                        + (signed
                                ? "clawshield: nothing runs without a signed approval"
                                : "demo: requests need no approval"),
                "  address   " + url + (address.getAddress().isAnyLocalAddress() ? ", on every interface" : ""),
                "  database  " + settings.ledger(),
                "  actions   " + String.join(", ", actions),
                "  try       " + (signed ? "curl " + url + "/health" : execute(url)));
    }

    /** As a client on this machine names it. */
    private static String host(InetSocketAddress address) {
        if (address.getAddress().isAnyLocalAddress()) {
            return "localhost";
        }
        String ip = address.getAddress().getHostAddress();
        return address.getAddress() instanceof Inet6Address ? "[" + ip + "]" : ip;
    }

    private static String execute(String url) {
        return "curl " + url + "/execute -H 'Content-Type: application/json'"
                + " -d '{\"action\":\"echo\",\"payload\":{\"msg\":\"hello\"},\"nonce\":\"first\"}'";
    }
}
