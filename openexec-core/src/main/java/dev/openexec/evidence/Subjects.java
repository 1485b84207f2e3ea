package dev.openexec.evidence;

import dev.openexec.json.Digest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The subjects of a receipt: the digests of documents, by their names and in one order. */
final class Subjects {

    static final String REQUEST = "request";
    static final String APPROVAL = "approval";
    static final String RESULT = "result";
    static final String RESOLUTION = "resolution";

    private static final String LEDGER = "ledger";
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private Subjects() {}

    /** The digests by name; they have to be exactly these names in this order. */
    static Map<String, Digest> read(ClosedObject statement, List<String> names) throws InvalidEvidence {
        List<ClosedObject> items = statement.objects("subject");
        statement.require(items.size() == names.size());
        Map<String, Digest> digests = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            ClosedObject item = items.get(i);
            item.constant("name", names.get(i));
            digests.put(names.get(i), digest(item.object("digest")));
            item.end();
        }
        return digests;
    }

    static Digest digest(ClosedObject object) throws InvalidEvidence {
        String hex = object.text("sha256", SHA256);
        object.end();
        return Digest.fromBytes(HexFormat.of().parseHex(hex));
    }

    static List<String> ofExecution(Phase phase, String status, boolean signed) {
        List<String> names = new ArrayList<>(List.of(REQUEST));
        if (signed) {
            names.add(APPROVAL);
        }
        if (status.equals("succeeded")) {
            names.add(RESULT);
        }
        if (phase == Phase.RESOLUTION) {
            names.add(RESOLUTION);
        }
        return names;
    }

    /** Of a receipt that is about no execution: the executor's id alone. */
    static void requireLedger(ClosedObject statement, String ledgerId) throws InvalidEvidence {
        Map<String, Digest> digests = read(statement, List.of(LEDGER));
        statement.require(digests.containsValue(Digest.ofUtf8(ledgerId)));
    }
}
