package dev.modunest.standalone.synthetic;

import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.Lock;
import dev.modunest.format.resolve.LockJson;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.format.resolve.Resolution;
import dev.modunest.format.resolve.ResolveRequest;
import dev.modunest.format.resolve.Resolver;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Times the solver and the check of a lock on a synthetic registry in memory, without a server.
 * After {@code mvn package}, from the root: {@code java -cp 'standalone/target/dist/lib/*'
 * standalone/src/jmh/java/dev/modunest/standalone/synthetic/ResolveBenchmark.java [plugins]
 * [releases] [roots] [rounds]}.
 */
final class ResolveBenchmark {

    private ResolveBenchmark() {}

    public static void main(String[] arguments) {
        int plugins = argument(arguments, 0, 100_000);
        int releases = argument(arguments, 1, 1_000_000);
        int roots = argument(arguments, 2, 500);
        int rounds = argument(arguments, 3, 50);
        SyntheticRegistry registry =
                new SyntheticRegistry(
                        new Shape(plugins, releases, 1), Instant.parse("2026-11-24T10:00:00Z"));
        Map<PluginId, Integer> ranks = HashMap.newHashMap(plugins);
        for (int rank = 0; rank < plugins; rank++) {
            ranks.put(registry.id(rank), rank);
        }
        for (int seed = 1; seed <= 3; seed++) {
            run(registry, ranks, registry.requirements(roots, seed), rounds);
        }
    }

    private static void run(
            SyntheticRegistry registry,
            Map<PluginId, Integer> ranks,
            List<Requirement> requirements,
            int rounds) {
        Map<PluginId, List<IndexEntry>> read = new HashMap<>();
        ResolveRequest request = ResolveRequest.of(requirements);
        Resolution first = Resolver.resolve(request, ids -> releases(registry, ranks, ids, read));
        long[] solving = new long[rounds];
        long[] verifying = new long[rounds];
        if (!(first instanceof Resolution.Resolved resolved)) {
            throw new IllegalStateException("no plan: " + first);
        }
        Lock lock = Lock.of(request, resolved.plan());
        for (int round = 0; round < rounds; round++) {
            long begin = cpuNanos();
            Resolution again =
                    Resolver.resolve(request, ids -> releases(registry, ranks, ids, read));
            solving[round] = cpuNanos() - begin;
            if (!again.equals(first)) {
                throw new IllegalStateException("two answers to one request");
            }
            begin = cpuNanos();
            if (!lock.verify(requirements, ids -> releases(registry, ranks, ids, read)).isEmpty()) {
                throw new IllegalStateException("the lock does not hold");
            }
            verifying[round] = cpuNanos() - begin;
        }
        Arrays.sort(solving);
        Arrays.sort(verifying);
        System.out.printf(
                "%d roots, %d steps, %d plugins read with %d releases, lock of %d bytes: CPU of a"
                        + " solution p50 %.1f p99 %.1f ms, of a check p50 %.1f p99 %.1f ms%n",
                requirements.size(),
                lock.plan().steps().size(),
                read.size(),
                read.values().stream().mapToInt(List::size).sum(),
                LockJson.write(lock).length(),
                solving[rounds / 2] / 1e6,
                solving[rounds * 99 / 100] / 1e6,
                verifying[rounds / 2] / 1e6,
                verifying[rounds * 99 / 100] / 1e6);
    }

    private static Map<PluginId, List<IndexEntry>> releases(
            SyntheticRegistry registry,
            Map<PluginId, Integer> ranks,
            Set<PluginId> wanted,
            Map<PluginId, List<IndexEntry>> read) {
        Map<PluginId, List<IndexEntry>> answer = HashMap.newHashMap(wanted.size());
        for (PluginId id : wanted) {
            answer.put(id, read.computeIfAbsent(id, any -> registry.entries(ranks.get(any))));
        }
        return answer;
    }

    /** Of this thread, which a busy machine does not lengthen. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static int argument(String[] arguments, int at, int otherwise) {
        return arguments.length > at ? Integer.parseInt(arguments[at]) : otherwise;
    }
}
