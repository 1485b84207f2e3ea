package dev.openexec.testkit;

import java.util.List;

/** Text that stores are known to change. Every one is valid Unicode. */
final class NastyStrings {

    static final List<String> ALL = List.of(
            "",
            " ",
            "trailing blank ",
            "\u0000",
            "NUL\u0000in the middle",
            "\r\n\t\b\f\u001b\u007f",
            "'; DROP TABLE oe_execution; --",
            "\"quoted\" 'quoted' `quoted` [quoted]",
            "%_?:name$1@p\\",
            "007",
            "1e5",
            "1.10",
            "-0",
            "NULL",
            "true",
            "x'00'",
            "{\"a\": \"\\u0000\\ud83d\\ude00\"}",
            "\u00e9 and e\u0301", // one letter in two forms
            "\u212b\ufb01\u1e9e", // changed by normalisation and by case folding
            "\ufeffmark",
            "\u202eright to left",
            "\ufffe\uffff",
            "\ud83d\ude00\ud834\udd1e\udbff\udfff", // beyond the basic plane
            "0123456789abcdef".repeat(1 << 16));

    private NastyStrings() {}
}
