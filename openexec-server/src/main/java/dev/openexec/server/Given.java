package dev.openexec.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What the environment and the command line give, by variable. Collects mistakes instead of stopping at the first; a name
 * that means nothing is one, so that no typo turns the boundary off.
 */
final class Given {

    /** A value and the name it was given by. */
    private record Value(String source, String text) {}

    private final Map<Variable, Value> values = new EnumMap<>(Variable.class);
    private final List<String> mistakes = new ArrayList<>();

    Given(Map<String, String> environment, List<String> arguments) {
        new TreeMap<>(environment).forEach(this::variable);
        flags(arguments);
    }

    private void variable(String name, String text) {
        String capitals = name.toUpperCase(Locale.ROOT); // openexec_mode is a mistake, not somebody else's
        boolean ours = capitals.startsWith("OPENEXEC_") || capitals.startsWith("CLAWSHIELD_");
        // Kubernetes injects such names for a service named openexec.
        boolean serviceLink = name.startsWith("OPENEXEC_SERVICE_") || name.startsWith("OPENEXEC_PORT_");
        if (ours && !serviceLink) {
            find(known -> known.name().equals(name))
                    .ifPresentOrElse(
                            known -> put(known, new Value(name, text)),
                            () -> mistakes.add(name + ": no such variable; --help lists them"));
        }
    }

    private void flags(List<String> arguments) {
        Map<Variable, Value> flags = new EnumMap<>(Variable.class);
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            String name = argument.split("=", 2)[0];
            Variable flag = find(known -> known.flag().equals(name)).orElse(null);
            if (flag == null) {
                // Shown only if it looks like a flag: it may be the value of a misspelt one, and secret.
                String shown = name.matches("--[a-z-]+") ? name : "argument " + (i + 1);
                mistakes.add(shown + ": no such flag; --help lists them");
                continue;
            }
            String text = argument.contains("=")
                    ? argument.substring(name.length() + 1)
                    : i + 1 < arguments.size() ? arguments.get(++i) : "";
            if (flags.put(flag, new Value(name, text)) != null) {
                mistakes.add(name + ": given more than once");
            }
        }
        flags.forEach(this::put);
    }

    private static Optional<Variable> find(Predicate<Variable> condition) {
        return Arrays.stream(Variable.values()).filter(condition).findFirst();
    }

    private void put(Variable variable, Value value) {
        values.put(variable, value);
        if (value.text().isBlank()) {
            mistake(variable, "set but empty; accepted: " + variable.accepted());
        }
    }

    /** Whether it was given, rightly or not. */
    boolean has(Variable variable) {
        return values.containsKey(variable);
    }

    /**
     * The value given, or the default; empty if there is none, and after a mistake.
     *
     * @param parser throws IllegalArgumentException for what is not accepted
     */
    <T> Optional<T> read(Variable variable, Function<String, T> parser) {
        Value value = values.get(variable);
        if (value == null) {
            return variable.defaultValue().map(parser);
        }
        if (value.text().isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parser.apply(value.text()));
        } catch (IllegalArgumentException e) {
            mistake(variable, "accepted: " + variable.accepted());
            return Optional.empty();
        }
    }

    /** Notes a mistake about a variable, under the name it was given by. */
    void mistake(Variable variable, String complaint) {
        Value value = values.get(variable);
        mistakes.add((value == null ? variable.name() : value.source()) + ": " + complaint);
    }

    /** All mistakes so far, one line each. */
    List<String> mistakes() {
        return List.copyOf(mistakes);
    }
}
