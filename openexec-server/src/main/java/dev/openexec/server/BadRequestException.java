package dev.openexec.server;

/** A body that is not what the endpoint takes. */
final class BadRequestException extends Exception {

    private final transient Problem problem;

    BadRequestException(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
