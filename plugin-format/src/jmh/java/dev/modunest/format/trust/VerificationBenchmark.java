package dev.modunest.format.trust;

import dev.modunest.format.trust.testing.TrustFixture;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/**
 * Times the decision on a release as a host has it: the verifier made once, bundles of publisher
 * and registry, a proof whose head has three signatures. CPU time of the thread. Fails when the
 * mean is 5 milliseconds or more. After {@code mvn -pl plugin-format test-compile}, with the test
 * class path: docs/operations/load-tests.md.
 */
final class VerificationBenchmark {

    /** As many that the verifier has forgotten the heads of one when it comes again. */
    private static final int CALLS = 200;

    private static final double TARGET_MILLIS = 5;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private VerificationBenchmark() {}

    public static void main(String[] arguments) {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20;
        TrustFixture fixture = new TrustFixture();
        ReleaseVerifier verifier = fixture.verifier();
        NamespaceOwner owner = fixture.owner();
        ReleaseEvidence[] releases = new ReleaseEvidence[CALLS];
        Arrays.setAll(releases, _ -> fixture.release().evidence());
        int measured = Math.max(1, rounds / 2);
        long[] nanos = new long[measured * CALLS];
        for (int round = -measured; round < measured; round++) {
            for (int i = 0; i < CALLS; i++) {
                long begin = THREADS.getCurrentThreadCpuTime();
                Verdict verdict = verifier.verify(releases[i], owner, TrustFixture.NOW);
                long took = THREADS.getCurrentThreadCpuTime() - begin;
                if (!(verdict instanceof Verdict.Trusted)) {
                    throw new IllegalStateException(verdict.toString());
                }
                if (round >= 0) {
                    nanos[round * CALLS + i] = took;
                }
            }
        }
        double mean = Arrays.stream(nanos).average().orElseThrow() / 1e6;
        Arrays.sort(nanos);
        System.out.printf(
                "verification of a release  mean %.2f  p50 %.2f  p99 %.2f  milliseconds of CPU, %d calls%n",
                mean,
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length / 100 * 99] / 1e6,
                nanos.length);
        System.exit(mean >= TARGET_MILLIS ? 1 : 0);
    }
}
