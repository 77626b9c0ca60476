package dev.modunest.format.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** Every target over its seeds and over changes of them, the same at each run. */
class FuzzTargetTest {

    private static final int CHANGES = Integer.getInteger("modunest.fuzz.changes", 500);

    static List<FuzzTarget> targets() {
        return FuzzTarget.ALL;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("targets")
    void holdsOfSeedsAndOfChangesOfThem(FuzzTarget target) throws Exception {
        List<byte[]> seeds = target.seeds().get();
        assertThat(seeds).isNotEmpty();
        for (byte[] seed : seeds) {
            check(target, seed);
        }
        Random random = new Random(target.name().hashCode());
        for (int i = 0; i < CHANGES; i++) {
            check(target, Mutations.of(seeds.get(i % seeds.size()), random));
        }
    }

    private static void check(FuzzTarget target, byte[] data) {
        try {
            target.check().run(data);
        } catch (Exception | AssertionError defect) {
            throw new AssertionError(target + " " + HexFormat.of().formatHex(data), defect);
        }
    }
}
