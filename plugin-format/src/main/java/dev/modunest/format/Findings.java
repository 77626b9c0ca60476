package dev.modunest.format;

import java.util.ArrayList;
import java.util.List;

/** The problems found so far, at most {@link #MAX}: more add nothing for the publisher. */
final class Findings {

    static final int MAX = 100;

    private final List<ArchiveProblem> problems = new ArrayList<>();

    void add(ArchiveCode code, String where, String detail) {
        add(code.at(where, detail));
    }

    void add(ArchiveProblem problem) {
        if (problems.size() < MAX) {
            problems.add(problem);
        }
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    List<ArchiveProblem> problems() {
        return List.copyOf(problems);
    }
}
