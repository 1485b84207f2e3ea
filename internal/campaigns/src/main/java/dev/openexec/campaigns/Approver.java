package dev.openexec.campaigns;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import dev.openexec.testkit.TestApprovals;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Instant;
import java.util.Map;

/** Signs whatever it is asked to: the first line it prints holds its public key, each further one an approval. */
public final class Approver {

    private Approver() {}

    /**
     * Answers one line for each line.
     *
     * @param arguments the tenant
     * @throws IOException if it cannot read
     * @throws MalformedJsonException if a line is not what it takes
     */
    public static void main(String[] arguments) throws IOException, MalformedJsonException {
        TestApprovals approvals = TestApprovals.forTenant(arguments[0]);
        Lines.print(Json.of(Map.of("pem", approvals.publicKeyPem())).canonical());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Json wish = Json.parse(line);
            String action = wish.get("action").orElseThrow().asString();
            Json payload = wish.get("payload").orElseThrow();
            Instant issued = Instant.parse(wish.get("issued").orElseThrow().asString());
            Instant expires = Instant.parse(wish.get("expires").orElseThrow().asString());
            Lines.print(approvals
                    .draft(action, payload, issued)
                    .with("expires_at", TestApprovals.naiveUtc(expires))
                    .sign());
        }
    }
}
