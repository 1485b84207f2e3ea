package dev.openexec.server;

import java.util.List;

/** The configuration has mistakes; nothing was started. */
final class ConfigurationException extends Exception {

    private final List<String> mistakes;

    ConfigurationException(List<String> mistakes) {
        super(String.join(System.lineSeparator(), mistakes));
        this.mistakes = List.copyOf(mistakes);
    }

    /** One line each: the name, then what is accepted. */
    List<String> mistakes() {
        return mistakes;
    }
}
