package dev.openexec.store.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * SQL of others, cut as SQLite's tokenizer cuts it (src/tokenize.c), to see what it speaks of before it is run. Whatever the
 * two could read differently is refused, and so is every mention of a name that is not theirs, in whatever quotes: SQLite
 * takes a string for a table where it expects one.
 */
final class SqlText {

    /** A text that is not to be run, or not to be kept in a ledger's file. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        private Refused(String message) {
            super(message);
        }
    }

    private static final Set<String> STATEMENTS = Set.of("select", "insert", "update", "delete", "with");
    private static final Set<String> DEFINED = Set.of("table", "index", "unique", "trigger", "view");
    private static final List<String> RESERVED_BEGINNINGS = List.of("oe_", "sqlite_", "pragma_", "execution_log");
    private static final Set<String> RESERVED = Set.of(
            "rollback", // it would end the transaction: as a conflict clause, or raised by a trigger
            "load_extension",
            "fts3_tokenizer",
            "readfile",
            "writefile",
            "replicate", // this and the next three, which the driver brings, write past their memory
            "padl",
            "padr",
            "padc",
            "dbstat",
            "bytecode",
            "tables_used");

    private final String sql;
    private final List<String> words = new ArrayList<>();
    private int at;
    private boolean ended;

    private SqlText(String sql) {
        this.sql = sql;
    }

    /** Passes a single statement that reads or changes tables of others. */
    static void requireStatement(String sql) throws Refused {
        List<String> words = words(sql);
        require(
                !words.isEmpty() && STATEMENTS.contains(words.get(0)),
                "a statement other than SELECT, INSERT, UPDATE, DELETE and WITH");
    }

    /** Passes a single definition of something lasting that has to do with tables of others only. */
    static void requireDefinition(String sql) throws Refused {
        List<String> words = words(sql);
        require(
                words.size() > 1 && words.get(0).equals("create") && DEFINED.contains(words.get(1)),
                "other than CREATE TABLE, INDEX, UNIQUE INDEX, TRIGGER and VIEW");
    }

    /** Whether a table, index, trigger or view of this name is the ledger's, or SQLite's own. */
    static boolean isReserved(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return RESERVED.contains(lower) || RESERVED_BEGINNINGS.stream().anyMatch(lower::startsWith);
    }

    /** Keywords, names and strings, none of them reserved. */
    private static List<String> words(String sql) throws Refused {
        SqlText text = new SqlText(sql);
        text.cut();
        require(
                text.words.stream().noneMatch(SqlText::isReserved),
                "a mention of the ledger, of SQLite itself or of a rollback; docs/plugins.md lists the words");
        return text.words.stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
    }

    private static void require(boolean harmless, String otherwise) throws Refused {
        if (!harmless) {
            throw new Refused(otherwise);
        }
    }

    private void cut() throws Refused {
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (" \t\n\r\f".indexOf(c) >= 0) {
                at++;
            } else if (sql.startsWith("--", at)) {
                skipTo("\n", false);
            } else if (sql.startsWith("/*", at)) {
                at += 2;
                skipTo("*/", true);
            } else {
                token(c);
            }
        }
    }

    private void token(char c) throws Refused {
        if (ended) {
            throw new Refused("several statements in one text");
        }
        switch (c) {
            case '\'', '"', '`' -> words.add(quoted(c));
            case '[' -> words.add(bracketed());
            case '?' -> parameter();
            case ';' -> {
                ended = !inTrigger();
                at++;
            }
            default -> {
                if (isOfWord(c)) {
                    words.add(word());
                } else if ("(),.=<>!+-*/%&|~".indexOf(c) >= 0) {
                    at++;
                } else {
                    throw new Refused("a character that is not for outside of quotes"); // $a(') would be one parameter
                }
            }
        }
    }

    /** The statements of a trigger end with semicolons, the last of them before its END. */
    private boolean inTrigger() {
        boolean trigger = words.size() > 1
                && words.get(0).equalsIgnoreCase("create")
                && words.get(1).equalsIgnoreCase("trigger");
        return trigger && !words.get(words.size() - 1).equalsIgnoreCase("end");
    }

    /** A quote inside is doubled. */
    private String quoted(char quote) throws Refused {
        StringBuilder name = new StringBuilder();
        at++;
        while (true) {
            char c = inQuotes();
            at++;
            if (c == quote) {
                if (at == sql.length() || sql.charAt(at) != quote) {
                    return name.toString();
                }
                at++;
            }
            name.append(c);
        }
    }

    private String bracketed() throws Refused {
        int start = ++at;
        while (inQuotes() != ']') {
            at++;
        }
        return sql.substring(start, at++);
    }

    private char inQuotes() throws Refused {
        if (at == sql.length()) {
            throw new Refused("a quote without its end");
        }
        char c = sql.charAt(at);
        if (c == 0 || (Character.isSurrogate(c) && !isPair())) {
            throw new Refused("a character that is not for inside of quotes");
        }
        return c;
    }

    private boolean isPair() {
        return Character.isSurrogatePair(sql.charAt(at - 1), sql.charAt(at)) // there is a quote before the first
                || (at + 1 < sql.length() && Character.isSurrogatePair(sql.charAt(at), sql.charAt(at + 1)));
    }

    /** Its digits end it, whatever follows. */
    private void parameter() {
        do {
            at++;
        } while (at < sql.length() && sql.charAt(at) >= '0' && sql.charAt(at) <= '9');
    }

    private String word() {
        int start = at;
        while (at < sql.length() && isOfWord(sql.charAt(at))) {
            at++;
        }
        return sql.substring(start, at);
    }

    private static boolean isOfWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    private void skipTo(String end, boolean needed) throws Refused {
        int found = sql.indexOf(end, at);
        int stop = found < 0 ? sql.length() : found;
        if ((found < 0 && needed) || sql.substring(at, stop).indexOf(0) >= 0) {
            throw new Refused("a comment without its end, or with a zero in it");
        }
        at = found < 0 ? stop : found + end.length();
    }
}
