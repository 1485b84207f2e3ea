package dev.openexec.cli;

/** A command that cannot be done: why, and the exit status that says so. */
final class Refusal extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;

    /**
     * A refusal.
     *
     * @param status of the process
     * @param name stable, lower case with hyphens
     * @param words for the operator; caller-chosen text in it is made printable when it is shown
     */
    Refusal(int status, String name, String words) {
        super(name + ": " + words);
        this.status = status;
    }

    int status() {
        return status;
    }
}
