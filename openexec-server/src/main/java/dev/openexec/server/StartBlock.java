package dev.openexec.server;

import dev.openexec.Executor;
import dev.openexec.json.Digest;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is printed once the server answers. */
final class StartBlock {

    private StartBlock() {}

    static List<String> lines(Settings settings, InetSocketAddress address, Executor executor) {
        boolean signed = settings.policy().signed();
        String url = "http://" + host(address) + ":" + address.getPort();
        List<String> actions = executor.actionNames().stream()
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
        actions.stream()
                .filter(settings.installedActions()::contains)
                .forEach(name -> lines.add("  plugin    " + name + code(executor.actionDigest(name))));
        lines.add("  try       " + (signed ? "curl " + url + "/health" : execute(url)));
        return lines;
    }

    /** As {@code sha256sum} prints it for the jar. */
    private static String code(Optional<Digest> digest) {
        return digest.map(sha256 -> ", SHA-256 " + sha256.hex()).orElse("");
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
