package dev.modunest.format;

/** A problem after which the rest of an archive cannot be understood. */
final class ArchiveStop extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient ArchiveProblem problem;
    private final int depth;

    /**
     * @param depth of the archive that cannot be read on, 0 for the outermost
     */
    ArchiveStop(int depth, ArchiveProblem problem) {
        super(problem.toString(), null, false, false);
        this.problem = problem;
        this.depth = depth;
    }

    ArchiveProblem problem() {
        return problem;
    }

    int depth() {
        return depth;
    }
}
