package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Random;
import java.util.random.RandomGenerator;

class ZipfTest {

    private static final int DRAWS = 100_000;

    private static int[] draw(int ranks, double exponent) {
        Zipf zipf = new Zipf(ranks, exponent);
        Random random = new Random(1);
        int[] counts = new int[ranks];
        for (int i = 0; i < DRAWS; i++) {
            counts[zipf.draw(random)]++;
        }
        return counts;
    }

    @Test
    void drawsEachRankInProportionToItsWeight() {
        int[] counts = draw(10, 1);

        double harmonic = 2.9289682539682538; // the sum of 1/k for k from 1 to 10
        for (int rank = 0; rank < counts.length; rank++) {
            assertThat(counts[rank] / (double) DRAWS)
                    .isCloseTo(1 / (rank + 1.0) / harmonic, within(0.01));
        }
    }

    @Test
    void drawsAllRanksAlikeWithoutExponent() {
        for (int count : draw(4, 0)) {
            assertThat(count / (double) DRAWS).isCloseTo(0.25, within(0.01));
        }
    }

    @Test
    void staysWithinTheRanksAtTheEndsOfTheDraw() {
        Zipf zipf = new Zipf(3, 1);

        assertThat(zipf.draw(always(0))).isZero();
        assertThat(zipf.draw(always(-1L))).isEqualTo(2);
        assertThat(new Zipf(1, 1).draw(new Random(1))).isZero();
    }

    private static RandomGenerator always(long bits) {
        return () -> bits;
    }

    @Test
    void needsARank() {
        assertThatThrownBy(() -> new Zipf(0, 1)).hasMessage("at least one rank is needed, not 0");
    }
}
