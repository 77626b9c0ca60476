package dev.modunest.format.resolve;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;

/**
 * Times the resolver on a synthetic index in memory. From the module's folder, after {@code mvn
 * package}: {@code java -cp target/classes:<jackson jars>
 * src/jmh/java/dev/modunest/format/resolve/ResolveBenchmark.java [plugins] [roots] [rounds]
 * [seeds]}.
 */
final class ResolveBenchmark {

    private ResolveBenchmark() {}

    public static void main(String[] arguments) {
        int plugins = argument(arguments, 0, 100_000);
        int roots = argument(arguments, 1, 500);
        int rounds = argument(arguments, 2, 50);
        int seeds = argument(arguments, 3, 3);
        for (int seed = 1; seed <= seeds; seed++) {
            SyntheticIndex index = new SyntheticIndex(seed, plugins, 10);
            ResolveRequest request = ResolveRequest.of(index.requirements(roots, seed));
            long begin = System.nanoTime();
            Resolution first = Resolver.resolve(request, index);
            long cold = System.nanoTime() - begin;
            int asked = index.asked;
            int batches = index.batches;
            long[] warm = new long[rounds];
            for (int round = 0; round < rounds; round++) {
                long start = cpuNanos();
                Resolution again = Resolver.resolve(request, index);
                warm[round] = cpuNanos() - start;
                if (!again.equals(first)) {
                    throw new IllegalStateException("two answers to one request");
                }
            }
            Arrays.sort(warm);
            System.out.printf(
                    "plugins %d roots %d seed %d: %s; read %d plugins in %d batches; first %.1f ms"
                            + " (making the index included), then CPU p50 %.2f ms p99 %.2f ms%n",
                    plugins,
                    roots,
                    seed,
                    describe(first),
                    asked,
                    batches,
                    cold / 1e6,
                    warm[rounds / 2] / 1e6,
                    warm[rounds * 99 / 100] / 1e6);
        }
    }

    /** Of this thread, which a busy machine does not lengthen. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static int argument(String[] arguments, int at, int otherwise) {
        return arguments.length > at ? Integer.parseInt(arguments[at]) : otherwise;
    }

    private static String describe(Resolution resolution) {
        return switch (resolution) {
            case Resolution.Resolved resolved -> resolved.plan().steps().size() + " steps";
            case Resolution.Conflict conflict -> describe(conflict.reasons());
            case Resolution.TooComplex given -> given.reason().detail();
        };
    }

    private static String describe(List<Resolution.Reason> reasons) {
        return "conflict " + reasons.getFirst();
    }
}
