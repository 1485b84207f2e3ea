package dev.openexec.json;

import java.util.ArrayList;
import java.util.List;

/** Collects the members of one object, in any order, into canonical order; each name at most once. */
final class Members {

    private record Member(String name, Json value) {}

    private final List<Member> members = new ArrayList<>();
    private boolean ordered = true;

    void add(String name, Json value) throws MalformedJsonException {
        Text.checkName(name);
        if (ordered && !members.isEmpty()) {
            ordered = inOrder(members.get(members.size() - 1).name(), name);
        }
        members.add(new Member(name, value));
    }

    Json toJson() throws MalformedJsonException {
        if (!ordered) {
            members.sort((left, right) -> CodePointOrder.compare(left.name(), right.name()));
            for (int i = 1; i < members.size(); i++) {
                inOrder(members.get(i - 1).name(), members.get(i).name());
            }
        }
        List<String> names = new ArrayList<>(members.size());
        List<Json> values = new ArrayList<>(members.size());
        for (Member member : members) {
            names.add(member.name());
            values.add(member.value());
        }
        return Json.object(names, values);
    }

    private static boolean inOrder(String left, String right) throws MalformedJsonException {
        int order = CodePointOrder.compare(left, right);
        if (order == 0) {
            throw Rule.DUPLICATE_MEMBER.broken();
        }
        return order < 0;
    }
}
