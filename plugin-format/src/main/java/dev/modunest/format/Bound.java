package dev.modunest.format;

/** One comparator of a range: versions on one side of {@code version}. */
record Bound(Operator operator, Version version) {

    enum Operator {
        LESS,
        AT_MOST,
        EQUAL,
        AT_LEAST,
        MORE
    }

    boolean admits(Version candidate) {
        int order = candidate.compareAsNpm(version);
        return switch (operator) {
            case LESS -> order < 0;
            case AT_MOST -> order <= 0;
            case EQUAL -> order == 0;
            case AT_LEAST -> order >= 0;
            case MORE -> order > 0;
        };
    }
}
