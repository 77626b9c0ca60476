package dev.modunest.format.tuf;

/** Metadata or a target is not taken; the update ends, and what was trusted before stays so. */
public final class TufException extends Exception {

    private static final long serialVersionUID = 1L;

    private final TufProblem problem;
    private final String role;

    public TufException(TufProblem problem, String role, String detail) {
        super(message(problem, role, detail));
        this.problem = problem;
        this.role = role;
    }

    TufException(TufProblem problem, String role, String detail, Throwable cause) {
        super(message(problem, role, detail), cause);
        this.problem = problem;
        this.role = role;
    }

    private static String message(TufProblem problem, String role, String detail) {
        return problem.code() + ": " + role + ": " + detail;
    }

    public TufProblem problem() {
        return problem;
    }

    /** The role, or the path of the target, that is not taken. */
    public String role() {
        return role;
    }
}
